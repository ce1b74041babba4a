// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/smtp/smtp_parser.h"

namespace bansoko::proto::smtp {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 8> kSmall{512, 256, 1024, 8, 4, 1024, 3, 1 << 20};
constexpr std::array<std::uint64_t, 8> kLittle{512, 256, 1024, 8, 4, 1024, 3, 600};
}  // namespace
}  // namespace bansoko::proto::smtp

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(smtp::describe(), smtp::kSmall);
  fuzz::compare_pieces_in_any_order(smtp::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<smtp::SmtpMemory>(smtp::describe(), smtp::kLittle, dialogue);
  smtp::describe().probe({.window = dialogue}, {});
  return 0;
}
