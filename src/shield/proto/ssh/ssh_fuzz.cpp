// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/ssh/conversation.h"

namespace bansoko::proto::ssh {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 4> kSmall{64, 128, 2048, 1 << 20};
constexpr std::array<std::uint64_t, 4> kLittle{64, 128, 2048, 600};
}  // namespace
}  // namespace bansoko::proto::ssh

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(ssh::describe(), ssh::kSmall);
  fuzz::compare_pieces(ssh::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<ssh::SshMemory>(ssh::describe(), ssh::kLittle, dialogue);
  ssh::describe().probe({.window = dialogue}, {});
  return 0;
}
