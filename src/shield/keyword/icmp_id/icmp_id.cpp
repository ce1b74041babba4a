// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/icmp_query.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::icmp_id {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  const auto query = icmp_query(at.packet);
  return query ? std::optional<std::uint64_t>(query->id) : std::nullopt;
}

constexpr std::uint64_t kMost = 0xffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "icmp_id",
      .help = "the id of an ICMP echo, timestamp, information or mask message",
      .valid = "10, <10, >10, 10<>20 or !10",
      .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::icmp_id
