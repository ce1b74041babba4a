// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "base/range.h"
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::http2_settings {
namespace {

struct Setting {
  std::string_view name;
  std::uint64_t number;
};

// RFC 9113 section 6.5.2, RFC 8441, RFC 9218.
constexpr std::array kSettings{
    Setting{"SETTINGS_HEADER_TABLE_SIZE", 1},       Setting{"SETTINGS_ENABLE_PUSH", 2},
    Setting{"SETTINGS_MAX_CONCURRENT_STREAMS", 3},  Setting{"SETTINGS_INITIAL_WINDOW_SIZE", 4},
    Setting{"SETTINGS_MAX_FRAME_SIZE", 5},          Setting{"SETTINGS_MAX_HEADER_LIST_SIZE", 6},
    Setting{"SETTINGS_ENABLE_CONNECT_PROTOCOL", 8}, Setting{"SETTINGS_NO_RFC7540_PRIORITIES", 9}};

constexpr std::uint64_t kMostValue = std::numeric_limits<std::uint32_t>::max();

/// The values of one setting, as the field has them: its number stands above 32 bits of value.
std::vector<Range> as_fields(std::uint64_t setting, const Range& values) {
  const std::uint64_t base = setting << 32U;
  const std::uint64_t high = std::min(values.high, kMostValue);
  if (!values.negated) return {{.low = base + values.low, .high = base + high}};
  std::vector<Range> ranges;
  if (values.low > 0) ranges.push_back({.low = base, .high = base + values.low - 1});
  if (high < kMostValue) ranges.push_back({.low = base + high + 1, .high = base + kMostValue});
  return ranges;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const std::string_view text = trim(option.value);
  const std::string_view name = text.substr(0, text.find_first_of(" \t<>=!"));
  std::string_view value = trim(text.substr(name.size()));
  const auto* const setting =
      std::ranges::find_if(kSettings, [name](const Setting& known) { return same_text(known.name, name); });
  if (setting == kSettings.end()) return fail(Errc::invalid, "'{}' is not a setting of HTTP/2", name);
  if (value.starts_with('=')) value.remove_prefix(1);
  Range values{.low = 0, .high = kMostValue};
  if (!value.empty()) {
    BANSOKO_TRY(values, parse_range(value));
  }
  const auto ranges = as_fields(setting->number, values);
  if (values.low > kMostValue || ranges.empty())
    return fail(Errc::invalid, "'{}' holds for no value of 32 bits", value);
  return rule.add_field("http2.settings", ranges);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "http2.settings",
      .help = "a SETTINGS frame has such a setting, perhaps with such a value",
      .valid = "SETTINGS_ENABLE_PUSH and the like, then perhaps 10, <10, >10, 10<>20 or !10",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::http2_settings
