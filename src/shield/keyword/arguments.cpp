// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/arguments.h"

#include "base/text.h"

namespace bansoko::keyword {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Setting split_setting(std::string_view text) {
  std::size_t blank = 0;
  while (blank < text.size() && text[blank] != ' ' && text[blank] != '\t') ++blank;
  return {text.substr(0, blank), trim(text.substr(blank))};
}

Result<std::uint64_t> number_within(std::string_view text, std::uint64_t least, std::uint64_t most) {
  BANSOKO_TRY(const auto value, parse_number(text));
  if (value < least || value > most)
    return fail(Errc::invalid, "{} is not within {} to {}", value, least, most);
  return value;
}

detect::CheckNumbers as_numbers(const Range& range) noexcept {
  return {range.low, range.high, static_cast<std::uint64_t>(range.negated)};
}

Result<bool> apply_number_setting(const Setting& setting, detect::NumberForm& number) {
  using Base = detect::NumberForm::Base;
  const std::string_view name = setting.name;
  if (name == "relative") {
    number.relative = true;
  } else if (name == "little" || name == "big") {
    number.little_endian = name == "little";
  } else if (name == "endian" && (setting.value == "little" || setting.value == "big")) {
    number.little_endian = setting.value == "little";
  } else if (name == "string") {
    if (number.base == Base::binary) number.base = Base::decimal;
    if (!setting.value.empty()) return apply_number_setting({setting.value, {}}, number);
  } else if (name == "hex") {
    number.base = Base::hexadecimal;
  } else if (name == "dec") {
    number.base = Base::decimal;
  } else if (name == "oct") {
    number.base = Base::octal;
  } else if (name == "bitmask") {
    BANSOKO_TRY(number.mask, number_within(setting.value, 1, 0xffffffff));
  } else if (name == "dce") {
    number.stated_order = true;
  } else {
    return false;
  }
  return true;
}

Result<> check_number(const detect::NumberForm& number) {
  constexpr std::int64_t kMostBinary = 8;
  constexpr std::int64_t kMostText = 23;
  if (number.size.variable != detect::Amount::kConstant) return {};
  const std::int64_t most = number.base == detect::NumberForm::Base::binary ? kMostBinary : kMostText;
  if (number.size.value > most)
    return fail(Errc::invalid, "a number of {} bytes is too long: {} at most", number.size.value, most);
  return {};
}

Result<detect::Amount> size_of_number(std::string_view text, const detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto size, rule.amount(text));
  if (size.value < 0) return fail(Errc::invalid, "a number cannot have {} bytes", size.value);
  return size;
}

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// What stands between two bars: pairs of hexadecimal digits, blanks between pairs.
Result<> append_hex(std::string_view text, std::string& bytes) {
  int high = -1;
  for (const char c : text) {
    if (c == ' ' && high < 0) continue;
    const int digit = hex_digit(c);
    if (digit < 0) return fail(Errc::invalid, "'{}' between bars is not a hexadecimal digit", c);
    if (high < 0) {
      high = digit;
    } else {
      bytes += static_cast<char>(high * 16 + digit);
      high = -1;
    }
  }
  if (high >= 0) return fail(Errc::invalid, "a hexadecimal byte between bars has one digit only");
  return {};
}

}  // namespace

Result<std::string> content_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (++i == text.size()) return fail(Errc::invalid, "a backslash at the end escapes nothing");
      if (std::string_view("\\\";:|").find(text[i]) == std::string_view::npos)
        return fail(Errc::invalid, "'\\{}' is not an escape", text[i]);
      bytes += text[i];
    } else if (text[i] == '|') {
      const auto end = text.find('|', i + 1);
      if (end == std::string_view::npos) return fail(Errc::invalid, "a bar has no second one");
      BANSOKO_CHECK(append_hex(text.substr(i + 1, end - i - 1), bytes));
      i = end;
    } else {
      bytes += text[i];
    }
  }
  if (bytes.empty()) return fail(Errc::invalid, "there are no bytes to look for");
  return bytes;
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size() &&
                        std::string_view("\\\";:").find(text[i + 1]) != std::string_view::npos;
    if (escape) ++i;
    plain += text[i];
  }
  return plain;
}

}  // namespace bansoko::keyword
