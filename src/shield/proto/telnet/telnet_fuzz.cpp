// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue: records of one byte of side and gap, two of length, then bytes. It is fed once as
// given and once byte by byte: what a rule could see must be the same.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "shield/proto/telnet/telnet_parser.h"
#include "shield/proto/test_dialogue.h"

namespace bansoko::proto::telnet {
const Protocol& describe();

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::array<std::uint64_t, 4> kSmall{64, 3, 64, 1 << 20};

std::vector<Said> read_dialogue(Bytes input) {
  std::vector<Said> dialogue;
  ByteReader in(input);
  while (!in.rest().empty()) {
    const std::uint8_t head = in.u8();
    const std::size_t size = std::min<std::size_t>(in.u16(), in.rest().size());
    const Bytes bytes = in.take(size);
    if (bytes.empty()) continue;
    dialogue.push_back({.from = (head & 1U) != 0 ? Side::server : Side::client,
                        .bytes = std::string(as_text(bytes)),
                        .gap = (head & 2U) != 0 ? head >> 2U : 0U});
  }
  return dialogue;
}

/// What is taken of little memory is given back.
void run_with_little_memory(const std::vector<Said>& dialogue) {
  constexpr std::array<std::uint64_t, 4> kLittle{4096, 3, 4096, 600};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const TelnetMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    parser->reset({.wanted = ~0ULL});
    Witness seen(describe());
    follow(*parser, dialogue, 100, seen);
    parser->reset({.wanted = ~0ULL});
    require(!budget.is_tight());
  }
  require(budget.used() == 0);
}

}  // namespace
}  // namespace bansoko::proto::telnet

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  using namespace bansoko::proto::telnet;
  const std::vector<Said> dialogue = read_dialogue({data, size});
  static const LoneParser parser(telnet::describe(), kSmall);
  parser->reset({.wanted = ~0ULL});
  Witness whole(telnet::describe());
  const Parsed result = follow(*parser, dialogue, SIZE_MAX, whole);
  parser->reset({.wanted = ~0ULL});
  Witness bytewise(telnet::describe());
  require(follow(*parser, dialogue, 1, bytewise) == result);
  require(whole.faults.empty() && bytewise.faults.empty());
  require(whole.values == bytewise.values && whole.ended == bytewise.ended);
  require(whole.anomalies == bytewise.anomalies);
  run_with_little_memory(dialogue);
  for (const Side side : {Side::client, Side::server})
    telnet::describe().probe({.from = side, .window = {data, size}}, {.server_port = 23});
  return 0;
}
