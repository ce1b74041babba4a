// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::window {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (!at.packet.is_tcp()) return std::nullopt;
  return at.packet.tcp.window;
}

constexpr std::uint64_t kMost = 0xffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "window",
                                           .help = "the window of a TCP packet, as it stands in the header",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::window
