// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/redis/redis_parser.h"

namespace bansoko::proto::redis {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 6> kSmall{256, 4, 64, 3, 2000, 1 << 20};
constexpr std::array<std::uint64_t, 6> kLittle{8192, 16, 8192, 3, 1 << 20, 600};
}  // namespace
}  // namespace bansoko::proto::redis

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(redis::describe(), redis::kSmall);
  fuzz::compare_pieces(redis::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<redis::RedisMemory>(redis::describe(), redis::kLittle, dialogue);
  redis::describe().probe({.window = dialogue}, {.server_port = 6379});
  redis::describe().probe({.from = Side::server, .window = dialogue}, {});
  return 0;
}
