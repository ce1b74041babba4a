// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/qfe/install_dates.h"

#include <array>
#include <charconv>

#include "assess/inventory/text.h"

namespace bansoko::inventory::qfe {
namespace {

using assess::Date;

struct Numbers {
  std::array<std::uint32_t, 3> values{};
  std::size_t count = 0;
};

Numbers numbers_of(std::string_view text) {
  Numbers found;
  text = text.substr(0, text.find(' '));
  while (!text.empty() && found.count < 3) {
    const std::size_t end = text.find_first_of("/.-");
    const auto value = number(text.substr(0, end));
    if (!value) return {};
    found.values[found.count++] = *value;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return found;
}

std::optional<Date> day_of(std::uint32_t year, std::uint32_t month, std::uint32_t day) {
  if (year < 1980 || year > 2200) return {};
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                         std::chrono::day(day));
  if (!date.ok()) return {};
  return Date(date);
}

/// 100 nanoseconds since 1601-01-01 ([MS-DTYP] 2.3.3).
std::optional<Date> from_filetime(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  constexpr std::uint64_t kDay = std::uint64_t{864'000} * 1'000'000;
  const std::uint64_t days = value / kDay;
  if (days > 240'000) return {};
  return Date(std::chrono::year(1601) / 1 / 1) + std::chrono::days(static_cast<int>(days));
}

}  // namespace

DateOrder order_of(const std::vector<std::string_view>& dates) {
  for (const std::string_view text : dates) {
    const Numbers parts = numbers_of(text);
    if (parts.count != 3 || parts.values[0] > 31) continue;
    if (parts.values[0] > 12) return DateOrder::day_first;
    if (parts.values[1] > 12) return DateOrder::month_first;
  }
  return DateOrder::unknown;
}

std::optional<Date> install_date(std::string_view text, DateOrder order) {
  if (text.size() == 16) return from_filetime(text);
  if (text.size() == 8 && number(text)) {
    const auto date = assess::parse_date(text);
    return date ? std::optional(*date) : std::nullopt;
  }
  const auto [parts, count] = numbers_of(text);
  if (count != 3) return {};
  if (parts[0] > 31) return day_of(parts[0], parts[1], parts[2]);
  if (parts[0] == parts[1] || order == DateOrder::month_first) return day_of(parts[2], parts[0], parts[1]);
  return order == DateOrder::day_first ? day_of(parts[2], parts[1], parts[0]) : std::nullopt;
}

}  // namespace bansoko::inventory::qfe
