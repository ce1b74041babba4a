// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/literal_group.h"

#include <map>
#include <utility>

#include "base/text.h"

namespace bansoko::detect {

Result<LiteralGroup> LiteralGroup::compile(std::span<const Entry> entries) {
  LiteralGroup group;
  if (entries.empty()) return group;
  std::map<std::pair<std::string, bool>, std::vector<std::uint32_t>> by_literal;
  for (const Entry& entry : entries) {
    std::string bytes = entry.bytes;
    if (entry.nocase)
      for (char& c : bytes) c = to_lower(c);
    by_literal[{std::move(bytes), entry.nocase}].push_back(entry.rule);
  }
  std::vector<pattern::Literal> literals;
  for (const auto& [literal, rules] : by_literal) {
    literals.push_back({literal.first, literal.second, static_cast<std::uint32_t>(literals.size())});
    group.first_.push_back(static_cast<std::uint32_t>(group.rules_.size()));
    group.rules_.insert(group.rules_.end(), rules.begin(), rules.end());
  }
  group.first_.push_back(static_cast<std::uint32_t>(group.rules_.size()));
  BANSOKO_TRY(group.database_, pattern::LiteralDatabase::compile(literals));
  return group;
}

}  // namespace bansoko::detect
