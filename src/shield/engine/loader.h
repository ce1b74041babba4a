// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_memory.h"
#include "shield/detect/rule_set.h"
#include "shield/engine/settings.h"
#include "shield/pattern/database_cache.h"
#include "shield/proto/protocol.h"
#include "shield/rule/diagnostic.h"

namespace bansoko::engine {

/// How many patches are in which mode, whatever shield.mode is.
struct PatchCounts {
  std::size_t enforced = 0, observed = 0, off = 0;
};

/// Rules from files, compiled, and every fault that was found on the way.
struct LoadedRules {
  std::shared_ptr<const detect::RuleSet> set;
  rule::Diagnostics diagnostics;
  std::vector<std::string> files;
  std::vector<std::string> cache_faults;  // what the cache of databases could not do, for people
  std::size_t rules = 0;                  // the operator's, in force; our own are not counted
  PatchCounts patches;                    // by mode
  bool may_be_empty = false;              // the settings name no rule files
};

/// Turns the rule files that settings name into rule sets. Flowbits keep their numbers from one to the next.
class Loader {
 public:
  /// Keywords and protocols must outlive the loader and its sets.
  Loader(std::span<const detect::Keyword* const> keywords, std::span<const proto::Protocol* const> protocols,
         std::uint32_t max_flowbits);

  /// Databases are taken from a folder and kept there from now on. Fails where that cannot be done; then they
  /// are compiled each time.
  Result<> use_cache(const pattern::DatabaseCache::Settings& settings);

  /// Reads and compiles; the set has the number of the generation after the one in force, at first 1, and
  /// holds the canary rule and those about kill-switch domains. A rule that has their numbers is a fault.
  /// Fails when a file cannot be read or the set cannot be compiled at all; a rule with a fault is left out
  /// and reported.
  Result<LoadedRules> load(const ShieldSettings& settings);
  /// The next set is of a generation after that of `loaded`.
  void put_in_force(const LoadedRules& loaded) { generation_ = loaded.set->generation(); }

 private:
  std::span<const detect::Keyword* const> keywords_;
  std::span<const proto::Protocol* const> protocols_;
  detect::NameTable flowbits_;
  // Of the settings that are loaded first: a worker has room for those.
  std::optional<detect::NameTable> flow_numbers_, marks_;
  detect::NameTable transaction_marks_{detect::kMaxTransactionMarks};
  std::optional<pattern::DatabaseCache> cache_;
  std::uint64_t generation_ = 0;
};

}  // namespace bansoko::engine
