// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory, and as datagrams: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/sip/sip_parser.h"

namespace bansoko::proto::sip {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 4> kSmall{512, 8, 8, 1 << 20};
constexpr std::array<std::uint64_t, 4> kLittle{4096, 8, 8, 600};
}  // namespace
}  // namespace bansoko::proto::sip

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(sip::describe(), sip::kSmall);
  fuzz::compare_pieces(sip::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<sip::SipMemory>(sip::describe(), sip::kLittle, dialogue);
  const LoneParser datagrams(sip::describe(), sip::kSmall);
  fuzz::run(sip::describe(), *datagrams, dialogue, SIZE_MAX, kOverUdp);
  sip::describe().probe({.window = dialogue}, {});
  sip::describe().probe({.window = dialogue}, {.transport = kOverUdp, .server_port = 5060});
  return 0;
}
