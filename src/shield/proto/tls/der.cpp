// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/der.h"

#include <algorithm>
#include <chrono>

namespace bansoko::proto::tls {

namespace {

/// Numbers of two decimal digits, one after the other.
class DigitReader {
 public:
  explicit DigitReader(Bytes text) noexcept : in_(text) {}

  unsigned two() noexcept {
    const unsigned tens = one();
    return tens * 10 + one();
  }
  bool ok() const noexcept { return ok_ && in_.ok(); }
  bool is_next_digit() const noexcept { return !in_.rest().empty() && is_digit(in_.rest().front()); }

 private:
  static bool is_digit(std::uint8_t byte) noexcept { return byte >= '0' && byte <= '9'; }
  unsigned one() noexcept {
    const std::uint8_t digit = in_.u8();
    if (!is_digit(digit)) ok_ = false;
    return digit - unsigned{'0'};
  }

  ByteReader in_;
  bool ok_ = true;
};

}  // namespace

std::optional<std::uint64_t> der_time(const BerElement& element) noexcept {
  namespace chrono = std::chrono;
  if (element.tag != der_utc_time && element.tag != der_generalized_time) return std::nullopt;
  DigitReader digits(element.content);
  unsigned year = digits.two();
  if (element.tag == der_generalized_time) {
    year = year * 100 + digits.two();
  } else {
    year += year < 50 ? 2000 : 1900;  // RFC 5280 section 4.1.2.5.1
  }
  const unsigned month = digits.two();
  const unsigned day = digits.two();
  const unsigned hour = digits.two();
  const unsigned minute = digits.two();
  const unsigned second = digits.is_next_digit() ? digits.two() : 0;
  if (!digits.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const chrono::year_month_day date{chrono::year(static_cast<int>(year)), chrono::month(month),
                                    chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const auto time = chrono::sys_days(date).time_since_epoch() + chrono::hours(hour) +
                    chrono::minutes(minute) + chrono::seconds(second);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time / chrono::seconds(1), 0));
}

}  // namespace bansoko::proto::tls
