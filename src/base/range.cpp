// SPDX-License-Identifier: Apache-2.0
#include "base/range.h"

#include <charconv>

#include "base/text.h"

namespace bansoko {

Result<std::uint64_t> parse_number(std::string_view text) {
  const std::string_view whole = trim(text);
  std::string_view digits = whole;
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    base = 16;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return fail(Errc::invalid, "'{}' is not a number", whole);
  return value;
}

namespace {

Result<Range> between(std::string_view low_text, std::string_view high_text, std::string_view whole) {
  BANSOKO_TRY(const auto low, parse_number(low_text));
  BANSOKO_TRY(const auto high, parse_number(high_text));
  if (high < low || high - low < 2) return fail(Errc::invalid, "'{}' holds no number", whole);
  return Range{.low = low + 1, .high = high - 1};
}

Result<Range> below(std::string_view bound_text, bool inclusive, std::string_view whole) {
  BANSOKO_TRY(const auto bound, parse_number(bound_text));
  if (inclusive) return Range{.high = bound};
  if (bound == 0) return fail(Errc::invalid, "'{}' holds no number", whole);
  return Range{.high = bound - 1};
}

Result<Range> above(std::string_view bound_text, bool inclusive, std::string_view whole) {
  BANSOKO_TRY(const auto bound, parse_number(bound_text));
  if (inclusive) return Range{.low = bound};
  if (bound == std::numeric_limits<std::uint64_t>::max())
    return fail(Errc::invalid, "'{}' holds no number", whole);
  return Range{.low = bound + 1};
}

}  // namespace

Result<Range> parse_range(std::string_view text) {
  const std::string_view whole = trim(text);
  if (whole.starts_with('!')) {
    BANSOKO_TRY(Range inverse, parse_range(whole.substr(1)));
    inverse.negated = !inverse.negated;
    return inverse;
  }
  if (const auto split = whole.find("<>"); split != std::string_view::npos)
    return between(whole.substr(0, split), whole.substr(split + 2), whole);
  if (const auto split = whole.find('-', 1); split != std::string_view::npos)
    return between(whole.substr(0, split), whole.substr(split + 1), whole);
  if (whole.starts_with("<=")) return below(whole.substr(2), true, whole);
  if (whole.starts_with('<')) return below(whole.substr(1), false, whole);
  if (whole.starts_with(">=")) return above(whole.substr(2), true, whole);
  if (whole.starts_with('>')) return above(whole.substr(1), false, whole);
  BANSOKO_TRY(const auto exact, parse_number(whole));
  return Range{.low = exact, .high = exact};
}

}  // namespace bansoko
