// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::fragoffset {
namespace {

// In units of 8 bytes, as it stands in the header.
std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  if (at.packet.ip_version == 6 && !at.packet.is_fragment) return std::nullopt;
  return at.packet.rebuilt ? 0 : at.packet.fragment_offset / 8;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  constexpr std::uint64_t kMost = 0x1fff;
  rule.rule().fragments_too = true;
  return compare_packet<number_of, kMost>(option, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "fragoffset",
      .help = "where a fragment's bytes belong in its datagram, in units of 8 bytes",
      .valid = "10, <10, >10, 10<>20 or !10",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::fragoffset
