// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/range.h"
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::requires_option {
namespace {

using Version = std::array<std::uint64_t, 3>;

/// Of Suricata, whose rule language is read.
constexpr Version kOurs{9, 0, 0};

Result<Version> parse_version(std::string_view text) {
  Version version{};
  const auto parts = split(text, '.');
  if (parts.size() > version.size()) return fail(Errc::invalid, "'{}' is not a version", text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // "8.0.0-beta1" counts as the version that it comes before.
    BANSOKO_TRY(version[i], parse_number(parts[i].substr(0, parts[i].find('-'))));
  }
  return version;
}

/// ">= 7.0.3 < 8": all of them hold.
Result<bool> all_hold(std::string_view text) {
  bool holds = true;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const auto sign_end = std::min(text.find_first_not_of("<>="), text.size());
    const std::string_view sign = text.substr(0, sign_end);
    text = trim(text.substr(sign_end));
    const auto end = std::min(text.find_first_of(" \t<>="), text.size());
    BANSOKO_TRY(const Version version, parse_version(text.substr(0, end)));
    text.remove_prefix(end);
    if (sign == ">=") {
      holds = holds && kOurs >= version;
    } else if (sign == ">") {
      holds = holds && kOurs > version;
    } else if (sign == "<=") {
      holds = holds && kOurs <= version;
    } else if (sign == "<") {
      holds = holds && kOurs < version;
    } else {
      return fail(Errc::invalid, "'{}' does not compare versions", sign);
    }
  }
  return holds;
}

Result<bool> version_fits(std::string_view text) {
  bool fits = false;
  for (const std::string_view choice : split(text, '|')) {
    BANSOKO_TRY(const bool holds, all_hold(choice));
    fits = fits || holds;
  }
  return fits;
}

bool is_known(std::string_view name, const detect::RuleBuilder& rule) {
  const auto& settings = rule.settings();
  const auto same = [name](const detect::Keyword* keyword) { return keyword->name == name; };
  return std::ranges::any_of(settings.keywords, same) || rule.is_buffer(name) || rule.is_field(name) ||
         std::ranges::find(settings.aliases, name, &detect::Alias::name) != settings.aliases.end();
}

// What nobody knows here is not met: a feature, or a kind of requirement of later days.
Result<bool> is_met(std::string_view requirement, const detect::RuleBuilder& rule) {
  const Setting setting = split_setting(requirement);
  if (setting.name == "version") return version_fits(setting.value);
  return setting.name == "keyword" && is_known(setting.value, rule);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  for (const std::string_view requirement : split(option.value)) {
    BANSOKO_TRY(const bool met, is_met(requirement, rule));
    if (!met) rule.leave_out();
  }
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "requires",
      .help = "the rule is left out, without a fault, where this is not met",
      .valid = "version >= 7.0.3 < 8 | >= 9, keyword NAME, feature NAME; several with commas",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::requires_option
