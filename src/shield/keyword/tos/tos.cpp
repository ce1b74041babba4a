// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::tos {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (at.packet.ip_version != 4) return std::nullopt;
  ByteReader header(at.packet.ip);
  header.skip(1);
  return header.u8();
}

constexpr std::uint64_t kMost = 0xff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "tos",
                                           .help = "the type of service in the IPv4 header",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::tos
