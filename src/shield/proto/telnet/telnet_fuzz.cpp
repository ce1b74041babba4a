// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/telnet/telnet_parser.h"

namespace bansoko::proto::telnet {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 4> kSmall{64, 3, 64, 1 << 20};
constexpr std::array<std::uint64_t, 4> kLittle{4096, 3, 4096, 600};
}  // namespace
}  // namespace bansoko::proto::telnet

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(telnet::describe(), telnet::kSmall);
  fuzz::compare_pieces_in_any_order(telnet::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<telnet::TelnetMemory>(telnet::describe(), telnet::kLittle, dialogue);
  for (const Side side : {Side::client, Side::server})
    telnet::describe().probe({.from = side, .window = dialogue}, {.server_port = 23});
  return 0;
}
