// SPDX-License-Identifier: Apache-2.0
#include "lockdown/policy/rules.h"

#include <algorithm>

namespace bansoko::policy {
namespace {

/// '*' stands for any characters, '/' among them, '?' for one. Work is at most the product of both sizes.
bool agrees(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool speaks(const Rule& rule, const RuleFacts& facts) noexcept {
  if (!rule.path.empty() && !agrees(rule.path, facts.path)) return false;
  if (rule.digest && (facts.digest == nullptr || *facts.digest != *rule.digest)) return false;
  if (!rule.package.empty() && !agrees(rule.package, facts.package)) return false;
  if (rule.user && *rule.user != facts.user) return false;
  return rule.parent.empty() || agrees(rule.parent, facts.parent);
}

}  // namespace

const Rule* first_that_speaks(std::span<const Rule> rules, const RuleFacts& facts) noexcept {
  const auto found = std::ranges::find_if(rules, [&](const Rule& rule) { return speaks(rule, facts); });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace bansoko::policy
