// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/codes.h"

#include <algorithm>

#include <fmt/format.h>

namespace bansoko::knowledge {
namespace {

constexpr std::size_t kYearDigits = 4, kFewestDigits = 4, kMostDigits = 12, kMostKbDigits = 9;
constexpr std::int64_t kNumbersOfAYear = 1'000'000'000'000;

/// Less than 0: not digits alone.
std::int64_t number_of(std::string_view digits) noexcept {
  std::int64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::optional<std::int64_t> code_of_cve(std::string_view name) noexcept {
  if (!name.starts_with("CVE-")) return {};
  name.remove_prefix(4);
  if (name.size() < kYearDigits + 1 + kFewestDigits || name.size() > kYearDigits + 1 + kMostDigits) return {};
  const std::string_view digits = name.substr(kYearDigits + 1);
  const std::int64_t year = number_of(name.substr(0, kYearDigits)), number = number_of(digits);
  // One name has one code: zeros stand before only to make four digits.
  if (year < 1 || number < 0 || name[kYearDigits] != '-' ||
      (digits.size() > kFewestDigits && digits[0] == '0'))
    return {};
  return year * kNumbersOfAYear + number;
}

std::string name_of_cve(std::int64_t code) {
  return fmt::format("CVE-{:04}-{:04}", code / kNumbersOfAYear, code % kNumbersOfAYear);
}

std::int64_t code_of_kb(std::string_view digits) noexcept {
  return digits.size() > kMostKbDigits ? 0 : std::max<std::int64_t>(number_of(digits), 0);
}

std::string name_of_kb(std::int64_t code) { return code == 0 ? std::string() : std::to_string(code); }

}  // namespace bansoko::knowledge
