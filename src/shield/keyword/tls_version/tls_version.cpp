// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::tls_version {
namespace {

constexpr std::string_view kField = "tls.version";

struct Named {
  std::string_view name;
  Range versions;
};

// The drafts of TLS 1.3 are 0x7f00 and a number; between them and it there is nothing.
constexpr std::array kNamed{
    Named{"ssl2", {.low = 0x0002, .high = 0x0002}}, Named{"ssl3", {.low = 0x0300, .high = 0x0300}},
    Named{"1.0", {.low = 0x0301, .high = 0x0301}},  Named{"1.1", {.low = 0x0302, .high = 0x0302}},
    Named{"1.2", {.low = 0x0303, .high = 0x0303}},  Named{"1.3", {.low = 0x0304, .high = 0x7fff}}};

std::string_view without_quotes(std::string_view text) noexcept {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  std::string_view text = trim(option.value);
  const bool negated = text.starts_with('!');
  if (negated) text = trim(text.substr(1));
  text = without_quotes(text);
  const auto* const named = std::ranges::find(kNamed, text, &Named::name);
  Range versions;
  if (named != kNamed.end()) {
    versions = named->versions;
  } else {
    BANSOKO_TRY(versions, parse_range(text));
  }
  if (negated) versions.negated = !versions.negated;
  return rule.add_field(kField, versions);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = kField,
                                           .help = "the version of TLS that a hello asks for or chooses",
                                           .valid = "1.0, 1.1, 1.2, 1.3, ssl2, ssl3, 0x7f12, !1.3",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tls_version
