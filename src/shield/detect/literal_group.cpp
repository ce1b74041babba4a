// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/literal_group.h"

#include <algorithm>
#include <tuple>

namespace bansoko::detect {

Result<LiteralGroup> LiteralGroup::compile(std::span<const Entry> entries,
                                           pattern::LiteralDatabases& databases) {
  LiteralGroup group;
  if (entries.empty()) return group;
  std::vector<Entry> sorted(entries.begin(), entries.end());
  std::ranges::stable_sort(sorted, {},
                           [](const Entry& entry) { return std::tie(entry.bytes, entry.nocase); });
  std::vector<pattern::Literal> literals;
  group.rules_.reserve(sorted.size());
  for (const Entry& entry : sorted) {
    if (literals.empty() || literals.back().bytes != entry.bytes || literals.back().nocase != entry.nocase) {
      literals.push_back({entry.bytes, entry.nocase, static_cast<std::uint32_t>(literals.size())});
      group.first_.push_back(static_cast<std::uint32_t>(group.rules_.size()));
    }
    group.rules_.push_back(entry.rule);
  }
  group.first_.push_back(static_cast<std::uint32_t>(group.rules_.size()));
  group.first_.shrink_to_fit();
  BANSOKO_TRY(group.database_, databases.of(literals));
  return group;
}

}  // namespace bansoko::detect
