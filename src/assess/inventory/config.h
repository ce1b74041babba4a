// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "assess/inventory/inventory.h"

namespace bansoko::inventory {

/// Where a setting stands.
struct Place {
  const Document& document;
  std::uint32_t line = 0;
  std::string_view text = {};
};

/// Takes the settings of one program into a host, as "sshd:permitrootlogin": names in lower case, values as
/// they stand. Programs differ in what holds when one is said twice; each call says which.
class Config {
 public:
  /// All are loans for the life of this. Without `includes` a file that is included is told as a gap.
  Config(std::string_view group, Includes* includes, const Limits& limits, assess::Host& host) noexcept
      : group_(group), includes_(includes), limits_(limits), host_(host) {}

  void first(std::string_view name, std::string_view value, const Place& place);
  void last(std::string_view name, std::string_view value, const Place& place);
  /// All different values, in their order, with ", " between.
  void each(std::string_view name, std::string_view value, const Place& place);
  /// "yes" as soon as one says so, and until then "no".
  void any(std::string_view name, bool yes, const Place& place);

  using Read = std::function<void(const Document& document)>;
  /// Reads the files that a pattern names. A file that is not there is told, unless it need not be.
  void follow(const std::string& pattern, const Place& place, bool optional, const Read& read);

  void unreadable(std::string what, const Place& place);
  std::size_t max_text() const noexcept { return limits_.max_text; }

 private:
  /// Null: there are too many.
  assess::Setting* setting(std::string_view name);
  void set(assess::Setting& setting, std::string_view value, const Place& place) const;

  std::string_view group_;
  Includes* includes_;
  const Limits& limits_;
  assess::Host& host_;
  std::size_t depth_ = 0;
  std::size_t files_ = 0;
};

/// How the files of one program are read.
struct ConfigFormat {
  std::string_view group;
  void (*read)(const Document& document, Config& config);
};

Result<std::vector<assess::Host>> read_config(const ConfigFormat& format, const Document& document,
                                              Includes* includes, const Limits& limits);

/// The two functions of a Source.
template <const ConfigFormat& format>
Result<std::vector<assess::Host>> read_alone(const Document& document, const Limits& limits) {
  return read_config(format, document, nullptr, limits);
}
template <const ConfigFormat& format>
Result<std::vector<assess::Host>> read_within(const Document& document, Includes& includes,
                                              const Limits& limits) {
  return read_config(format, document, &includes, limits);
}

struct NamedValue {
  std::string_view name = {}, value = {};
};

/// "name = value", blanks cut off; nothing without "=".
std::optional<NamedValue> split_at_equals(std::string_view line) noexcept;

/// The text up to one of these characters that is not within quotation marks.
std::string_view before_comment(std::string_view line, std::string_view marks) noexcept;

/// "global" of "[global]"; nothing for other lines.
std::optional<std::string_view> section_of(std::string_view line) noexcept;

/// A pattern as the tree knows it: one that is not absolute is below `folder`.
std::string in_folder(std::string_view folder, std::string_view pattern);

/// Whether a program takes the value for true: "yes", "on", "true", "1".
bool is_yes(std::string_view value) noexcept;

/// Calls `take(line, number)` for each line, those that end in a backslash joined with what follows.
void each_joined_line(std::string_view text,
                      const std::function<void(std::string_view line, std::uint32_t number)>& take);

}  // namespace bansoko::inventory
