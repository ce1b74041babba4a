// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shield/rule/rule_text.h"

/// What several transforms ask of single bytes, and of their argument.
namespace bansoko::keyword {

/// As isspace() in the C locale.
constexpr bool is_blank(std::uint8_t byte) noexcept { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/// The value of a hexadecimal digit; -1: it is none.
constexpr int digit_of(std::uint8_t byte) noexcept {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// An argument that stands between quotes.
inline Result<std::string> unquoted(std::string_view value) {
  BANSOKO_TRY(const auto quoted, rule::unquote(value));
  if (quoted.negated) return fail(Errc::invalid, "there is nothing to negate");
  return std::string(quoted.text);
}

}  // namespace bansoko::keyword
