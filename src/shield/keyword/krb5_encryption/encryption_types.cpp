// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/krb5_encryption/encryption_types.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword {
namespace {

constexpr std::uint64_t kMost = 0xffffffff;  // types are of 32 bits, negative ones the upper half

struct NamedType {
  std::string_view name;
  std::uint64_t number;
};

// IANA's registry "Kerberos Encryption Type Numbers".
constexpr std::array kTypes{
    NamedType{"des-cbc-crc", 1},
    NamedType{"des-cbc-md4", 2},
    NamedType{"des-cbc-md5", 3},
    NamedType{"des3-cbc-md5", 5},
    NamedType{"des3-cbc-sha1", 7},
    NamedType{"des3-cbc-sha1-kd", 16},
    NamedType{"aes128-cts-hmac-sha1-96", 17},
    NamedType{"aes256-cts-hmac-sha1-96", 18},
    NamedType{"aes128-cts-hmac-sha256-128", 19},
    NamedType{"aes256-cts-hmac-sha384-192", 20},
    NamedType{"rc4-hmac", 23},
    NamedType{"rc4-hmac-exp", 24},
    NamedType{"camellia128-cts-cmac", 25},
    NamedType{"camellia256-cts-cmac", 26},
    NamedType{"subkey-keymaterial", 65},
};

Result<std::uint64_t> read_type(std::string_view text) {
  for (const NamedType& named : kTypes)
    if (same_text(named.name, text)) return named.number;
  const bool is_negative = text.starts_with('-');
  const auto number = number_within(text.substr(is_negative ? 1 : 0), 0, kMost / 2);
  if (!number) return fail(Errc::invalid, "'{}' is not an encryption type", text);
  return is_negative ? (kMost - *number + 1) & kMost : *number;
}

/// All types that none of the ranges has, which are in order.
std::vector<Range> others(const std::vector<Range>& ranges) {
  std::vector<Range> left;
  std::uint64_t next = 0;
  for (const Range& range : ranges) {
    if (range.low > next) left.push_back({.low = next, .high = range.low - 1});
    next = std::max(next, range.high + 1);
  }
  if (next <= kMost) left.push_back({.low = next, .high = kMost});
  return left;
}

}  // namespace

Result<> ask_for_encryption(std::string_view field, std::string_view argument, detect::RuleBuilder& rule) {
  std::string_view rest = trim(argument);
  bool is_negated = rest.starts_with('!');
  rest = trim(rest.substr(is_negated ? 1 : 0));
  std::vector<Range> ranges;
  if (same_text(rest, "weak")) {
    ranges = {{.low = 17, .high = 20}, {.low = 25, .high = 26}};
    is_negated = !is_negated;
  } else {
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(", "), rest.size());
      BANSOKO_TRY(const std::uint64_t type, read_type(rest.substr(0, end)));
      ranges.push_back({.low = type, .high = type});
      rest.remove_prefix(std::min(rest.find_first_not_of(", ", end), rest.size()));
    }
    if (ranges.empty()) return fail(Errc::invalid, "'{}' names no encryption type", argument);
    std::ranges::sort(ranges, {}, &Range::low);
  }
  return rule.add_field(field, is_negated ? others(ranges) : ranges);
}

}  // namespace bansoko::keyword
