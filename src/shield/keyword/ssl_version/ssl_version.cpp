// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::ssl_version {
namespace {

constexpr std::string_view kField = "tls.version";

struct Named {
  std::string_view name;
  std::uint64_t version;
};
constexpr std::array kNamed{Named{"sslv2", 0x0002},  Named{"sslv3", 0x0300},  Named{"tls1.0", 0x0301},
                            Named{"tls1.1", 0x0302}, Named{"tls1.2", 0x0303}, Named{"tls1.3", 0x0304}};

// Conditions are all to hold, so a choice is said by what lies around and between the chosen.
Result<> add_choice(std::vector<std::uint64_t> chosen, detect::RuleBuilder& rule) {
  std::ranges::sort(chosen);
  BANSOKO_CHECK(rule.add_field(kField, {.low = chosen.front(), .high = chosen.back()}));
  for (std::size_t i = 1; i < chosen.size(); ++i) {
    if (chosen[i] - chosen[i - 1] < 2) continue;
    const Range between{.low = chosen[i - 1] + 1, .high = chosen[i] - 1, .negated = true};
    if (auto added = rule.add_field(kField, between); !added) return added;
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  std::string_view text = trim(option.value);
  const bool negated = text.starts_with('!');
  if (negated) text.remove_prefix(1);
  std::vector<std::uint64_t> chosen;
  for (const std::string_view name : split(text)) {
    const auto* const named = std::ranges::find(kNamed, name, &Named::name);
    if (named == kNamed.end()) return fail(Errc::invalid, "'{}' is not a version", name);
    chosen.push_back(named->version);
  }
  if (!negated) return add_choice(std::move(chosen), rule);
  for (const std::uint64_t version : chosen)
    if (auto added = rule.add_field(kField, {.low = version, .high = version, .negated = true}); !added)
      return added;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "ssl_version",
                                           .help = "the version of a hello is one of these, or none of them",
                                           .valid =
                                               "sslv2, sslv3, tls1.0, tls1.1, tls1.2, tls1.3; "
                                               "several with commas; ! before all",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ssl_version
