// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/selection/selection.h"

namespace bansoko::selection {
namespace {

constexpr std::array<std::string_view, 4> kChanges{"set", "setx", "unset", "toggle"};
constexpr std::array<std::string_view, 2> kQuestions{"isset", "isnotset"};

/// Calls back with each bit that the rule names behind one of `words`.
template <class Words, class OnBit>
void for_each_bit(const SourceRule& rule, const Words& words, OnBit on_bit) {
  for (const std::string_view flowbits : rule.flowbits) {
    const auto comma = flowbits.find(',');
    if (comma == std::string_view::npos) continue;
    if (std::ranges::find(words, trim(flowbits.substr(0, comma))) == words.end()) continue;
    for (auto rest = flowbits.substr(comma + 1); !rest.empty();) {
      const auto bit = rest.substr(0, rest.find('|'));
      rest.remove_prefix(std::min(rest.size(), bit.size() + 1));
      on_bit(std::string(trim(bit)));
    }
  }
}

using Setters = std::unordered_map<std::string, std::vector<std::size_t>>;

/// The rules that are off, by the bits that they change.
Setters setters_of(const std::vector<SourceRule>& rules) {
  Setters setters;
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (!rules[i].enabled && !rules[i].superseded)
      for_each_bit(rules[i], kChanges, [&](const std::string& bit) { setters[bit].push_back(i); });
  return setters;
}

void switch_on(SourceRule& rule, const std::string& bit, const SourceRule& asker) {
  rule.enabled = true;
  rule.reason = fmt::format("flowbit {}, which rule {}:{} asks for", bit, asker.gid, asker.sid);
  make_silent(rule);
}

}  // namespace

std::size_t resolve_flowbits(std::vector<SourceRule>& rules) {
  Setters setters = setters_of(rules);
  std::deque<std::size_t> askers;
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].enabled) askers.push_back(i);
  std::size_t count = 0;
  for (; !askers.empty(); askers.pop_front()) {
    const std::size_t asker = askers.front();
    for_each_bit(rules[asker], kQuestions, [&](const std::string& bit) {
      const auto found = setters.extract(bit);
      if (found.empty()) return;
      for (const std::size_t setter : found.mapped()) {
        if (rules[setter].enabled) continue;
        switch_on(rules[setter], bit, rules[asker]);
        askers.push_back(setter);
        ++count;
      }
    });
  }
  return count;
}

}  // namespace bansoko::selection
