// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::ipopts {
namespace {

struct Option {
  std::string_view name;
  std::uint8_t kind;
};
// RFC 791 section 3.1, RFC 1108.
constexpr std::array kOptions{Option{"rr", 7},     Option{"lsrr", 131}, Option{"eol", 0},
                              Option{"nop", 1},    Option{"ts", 68},    Option{"sec", 130},
                              Option{"esec", 133}, Option{"ssrr", 137}, Option{"satid", 136}};
constexpr std::uint64_t kAny = 256;

bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  constexpr std::size_t kFixed = 20;
  constexpr std::uint8_t kEnd = 0, kNoOperation = 1;
  const Bytes ip = at.packet.ip;
  if (at.packet.ip_version != 4 || ip.size() < kFixed) return false;
  const std::size_t header = std::min<std::size_t>(std::size_t{4} * (ip[0] & 0x0fU), ip.size());
  if (header <= kFixed) return false;
  if (numbers[0] == kAny) return true;
  ByteReader reader(ip.subspan(kFixed, header - kFixed));
  while (!reader.rest().empty()) {
    const std::uint8_t kind = reader.u8();
    if (kind == numbers[0]) return true;
    if (kind == kEnd) break;
    if (kind == kNoOperation) continue;
    const std::uint8_t size = reader.u8();
    if (size < 2) break;
    reader.skip(size - 2U);
  }
  return false;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto same = [&](const Option& row) { return same_text(row.name, option.value); };
  const auto found = std::ranges::find_if(kOptions, same);
  const bool any = same_text(option.value, "any");
  if (found == kOptions.end() && !any)
    return fail(Errc::invalid, "'{}' is not an option of IPv4", option.value);
  rule.add_check({.holds = holds, .numbers = {any ? kAny : found->kind}});
  rule.need_packet();
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "ipopts",
                                           .help = "an option in the IPv4 header",
                                           .valid = "rr, lsrr, ssrr, eol, nop, ts, sec, esec, satid or any",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ipopts
