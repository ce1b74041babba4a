// SPDX-License-Identifier: Apache-2.0
// The input is what follows when both sides have begun: records of one byte of side and gap, two of length,
// then bytes. It is fed once whole and once byte by byte: what a rule could see must be the same. Limits are
// small enough for small inputs; with little memory, what is taken must be given back.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "shield/proto/http/shared.h"
#include "shield/proto/http2/test_frames.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::array<std::uint64_t, 16> kSmall{256, 256,     1024, 256,     8,    3, 2,  64,
                                               2,   1 << 20, 4,    1 << 20, 4096, 2, 10, 2};
constexpr std::array<std::uint64_t, 16> kLittle{4096, 4096, 4096, 1024,    64,    8,  4,    0,
                                                1,    8192, 32,   1 << 20, 65536, 16, 1000, 100};

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<Said> read_dialogue(Bytes input) {
  auto dialogue = opened("");
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

Witness run(Parser& parser, const std::vector<Said>& dialogue, std::size_t piece) {
  parser.reset({.wanted = ~0ULL});
  Witness seen(describe());
  follow(parser, dialogue, piece, seen);
  require(seen.faults.empty());
  // They stand in the order in which they were noticed, which of one piece means nothing.
  std::erase_if(seen.values,
                [](const auto& row) { return row.first.find("http.anomaly") != std::string::npos; });
  return seen;
}

/// Of a compressed body that turns out to be broken, more or less is had by how much was fed at once.
bool has_broken_body(const Witness& seen) { return seen.anomalies.contains("http.compressed_body_invalid"); }

/// Two flows that quarrel over little memory and one inflater.
void run_with_little_memory(const std::vector<Said>& dialogue) {
  const auto shared = describe().make_shared(kLittle);
  const auto& memory = static_cast<const http::HttpMemory&>(*shared);
  {
    const auto first = describe().make_parser(kLittle, shared.get());
    const auto second = describe().make_parser(kLittle, shared.get());
    run(*first, dialogue, 500);
    run(*second, dialogue, 100);
    require(memory.decoders.in_use() == 0);
    first->reset({.wanted = ~0ULL});
    second->reset({.wanted = ~0ULL});
    require(!memory.budget.is_tight());
  }
  require(memory.budget.used() == 0);
}

void run_once(const std::vector<Said>& dialogue, std::span<const std::uint64_t> limits) {
  const LoneParser parser(describe(), limits);
  const Witness whole = run(*parser, dialogue, SIZE_MAX);
  const Witness bytewise = run(*parser, dialogue, 1);
  require(whole.ended == bytewise.ended);
  if (has_broken_body(whole) || has_broken_body(bytewise)) return;
  require(whole.values == bytewise.values);
  require(whole.anomalies == bytewise.anomalies);
}

}  // namespace
}  // namespace bansoko::proto::http2

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const auto dialogue = http2::read_dialogue({data, size});
  http2::run_once(dialogue, {});
  http2::run_once(dialogue, http2::kSmall);
  http2::run_with_little_memory(dialogue);
  http2::describe().probe({.window = {data, size}}, {});
  return 0;
}
