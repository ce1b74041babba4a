// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "shield/pattern/literal_databases.h"

namespace bansoko::detect {

/// The rules that may match somewhere in one kind of buffer, by the literal each must have there.
class LiteralGroup {
 public:
  struct Entry {
    std::string_view bytes;  // lower case if nocase
    bool nocase = false;
    std::uint32_t rule = 0;
  };

  /// No entries: an empty group, which finds nothing.
  static Result<LiteralGroup> compile(std::span<const Entry> entries, pattern::LiteralDatabases& databases);

  bool empty() const noexcept { return database_ == nullptr; }
  std::size_t longest() const noexcept { return !empty() ? database_->longest() : 0; }
  /// How many bytes before those that are new may belong to a literal that ends in them.
  std::size_t overlap() const noexcept { return longest() == 0 ? 0 : longest() - 1; }
  std::size_t literals() const noexcept { return first_.empty() ? 0 : first_.size() - 1; }
  const pattern::LiteralDatabase* database() const noexcept { return database_.get(); }

  /// The rules that one literal speaks for.
  std::span<const std::uint32_t> rules_of(std::uint32_t literal) const noexcept {
    return std::span(rules_).subspan(first_[literal], first_[literal + 1] - first_[literal]);
  }

 private:
  std::shared_ptr<const pattern::LiteralDatabase> database_;  // null: empty
  std::vector<std::uint32_t> first_;                          // by literal, into rules_; one more at the end
  std::vector<std::uint32_t> rules_;
};

}  // namespace bansoko::detect
