// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "shield/pattern/literal_database.h"

namespace bansoko::pattern {

/// Databases for one rule set: of equal literals there is one, whoever asks.
class LiteralDatabases {
 public:
  /// `cache` may be null.
  explicit LiteralDatabases(DatabaseCache* cache = nullptr) : cache_(cache) {}

  /// The literals are numbered by their places.
  Result<std::shared_ptr<const LiteralDatabase>> of(std::span<const Literal> literals);

 private:
  DatabaseCache* cache_;
  std::unordered_map<std::string, std::shared_ptr<const LiteralDatabase>> known_;  // by all its literals
};

}  // namespace bansoko::pattern
