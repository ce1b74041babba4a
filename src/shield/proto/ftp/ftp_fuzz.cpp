// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/ftp/ftp_parser.h"
#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"

namespace bansoko::proto::ftp {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 4> kSmall{128, 128, 3, 1 << 20};
constexpr std::array<std::uint64_t, 4> kLittle{128, 128, 3, 600};
}  // namespace
}  // namespace bansoko::proto::ftp

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(ftp::describe(), ftp::kSmall);
  fuzz::compare_pieces_in_any_order(ftp::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<ftp::FtpMemory>(ftp::describe(), ftp::kLittle, dialogue);
  ftp::read_port(bansoko::as_text(dialogue));
  ftp::read_extended_port(bansoko::as_text(dialogue));
  ftp::read_extended_passive(bansoko::as_text(dialogue));
  ftp::describe().probe({.window = dialogue}, {});
  return 0;
}
