// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::id {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (at.packet.ip_version != 4) return std::nullopt;
  return at.packet.fragment_id;
}

constexpr std::uint64_t kMost = 0xffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "id",
                                           .help = "the identification in the IPv4 header",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::id
