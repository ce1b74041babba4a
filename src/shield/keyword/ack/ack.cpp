// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::ack {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (!at.packet.is_tcp()) return std::nullopt;
  return at.packet.tcp.acknowledgement;
}

constexpr std::uint64_t kMost = 0xffffffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "ack",
                                           .help = "the acknowledgement number of a TCP packet",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::ack
