// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::tcp_mss {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (!at.packet.is_tcp() || !at.packet.tcp.has_mss) return std::nullopt;
  return at.packet.tcp.mss;
}

constexpr std::uint64_t kMost = 0xffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tcp.mss",
      .help = "the maximum segment size that a TCP packet names, if it does",
      .valid = "10, <10, >10, 10<>20 or !10",
      .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::tcp_mss
