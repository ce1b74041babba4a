// SPDX-License-Identifier: Apache-2.0
#include "base/settings_units.h"

#include <charconv>
#include <limits>
#include <span>

#include "base/text.h"

namespace bansoko::settings {

namespace {

struct Scale {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array<Scale, 5> kSizes{{{"TiB", std::uint64_t{1} << 40U},
                                       {"GiB", std::uint64_t{1} << 30U},
                                       {"MiB", std::uint64_t{1} << 20U},
                                       {"KiB", std::uint64_t{1} << 10U},
                                       {"B", 1}}};
constexpr std::array<Scale, 7> kTimes{{{"d", 86400 * kSecond},
                                       {"h", 3600 * kSecond},
                                       {"min", 60 * kSecond},
                                       {"s", kSecond},
                                       {"ms", 1'000'000},
                                       {"us", 1'000},
                                       {"ns", 1}}};
constexpr std::array<Scale, 1> kPlain{{{"", 1}}};

std::span<const Scale> scales_of(Unit unit) noexcept {
  if (unit == Unit::bytes) return kSizes;
  if (unit == Unit::nanoseconds) return kTimes;
  return kPlain;
}

std::string_view form_of(Unit unit) noexcept {
  if (unit == Unit::bytes) return "a size such as 512 KiB or 64 MiB";
  if (unit == Unit::nanoseconds) return "a time such as 30 s or 5 min";
  return "a whole number";
}

Result<std::uint64_t> factor_of(std::string_view name, Unit unit) {
  if (name.empty() && unit != Unit::nanoseconds) return 1;
  for (const Scale& scale : scales_of(unit))
    if (same_text(name, scale.name)) return scale.factor;
  return fail(Errc::invalid, "unknown unit '{}'", name);
}

}  // namespace

Result<std::uint64_t> parse_amount(std::string_view text, Unit unit) {
  const std::string_view whole = trim(text);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (error == std::errc::result_out_of_range) return fail(Errc::invalid, "'{}' is too large", whole);
  if (error != std::errc{}) return fail(Errc::invalid, "'{}' is not {}", whole, form_of(unit));
  const std::string_view name = trim(whole.substr(static_cast<std::size_t>(end - whole.data())));
  if (count == 0 && name.empty()) return 0;
  const auto factor = factor_of(name, unit);
  if (!factor) return fail(Errc::invalid, "'{}' is not {}", whole, form_of(unit));
  if (count > std::numeric_limits<std::uint64_t>::max() / *factor)
    return fail(Errc::invalid, "'{}' is too large", whole);
  return count * *factor;
}

std::string format_amount(std::uint64_t amount, Unit unit) {
  if (amount != 0)
    for (const Scale& scale : scales_of(unit))
      if (amount % scale.factor == 0 && !scale.name.empty())
        return fmt::format("{} {}", amount / scale.factor, scale.name);
  return std::to_string(amount);
}

std::string describe(const Allowed& allowed) {
  const std::string_view kind = allowed.unit == Unit::bytes         ? "a size"
                                : allowed.unit == Unit::nanoseconds ? "a time"
                                                                    : "a number";
  return fmt::format("{} from {} to {}", kind, format_amount(allowed.least, allowed.unit),
                     format_amount(allowed.most, allowed.unit));
}

}  // namespace bansoko::settings
