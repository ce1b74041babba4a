// SPDX-License-Identifier: Apache-2.0
// The input is a dialogue (fuzz_dialogue.h). It is fed once as given, once byte by byte, and once with little
// memory: what a rule could see must be the same, and what was taken must be given back.
#include <array>
#include <cstdint>

#include "shield/proto/fuzz_dialogue.h"
#include "shield/proto/lone_parser.h"
#include "shield/proto/tls/handshake.h"
#include "shield/proto/tls/probe.h"

namespace bansoko::proto::tls {
const Protocol& describe();

namespace {
constexpr std::array<std::uint64_t, 3> kSmall{2048, 4, 1 << 20};
constexpr std::array<std::uint64_t, 3> kLittle{2048, 4, 1500};
}  // namespace
}  // namespace bansoko::proto::tls

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::proto;
  const bansoko::Bytes dialogue(data, size);
  static const LoneParser parser(tls::describe(), tls::kSmall);
  fuzz::compare_pieces(tls::describe(), *parser, dialogue);
  fuzz::run_with_little_memory<tls::TlsMemory>(tls::describe(), tls::kLittle, dialogue);
  for (const Side side : {Side::client, Side::server}) tls::probe({.from = side, .window = dialogue}, {});
  return 0;
}
