// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "shield/detect/data_set.h"
#include "shield/detect/reputation.h"

namespace bansoko::detect {

/// What rules look up in files while they are compiled. Each data set is read once for a rule set and shared
/// by the rules that name it.
class RuleFiles {
 public:
  /// Gives the text of a file that a rule of `rule_file` names.
  using Read = std::function<Result<std::string>(std::string_view name, std::string_view rule_file)>;
  explicit RuleFiles(Read read) : read_(std::move(read)) {}

  struct Wanted {
    std::string_view name;       // of the set
    std::string_view type;       // empty: as an earlier rule said
    std::string_view file;       // the same
    std::string_view rule_file;  // who asks
    bool numbered = false;
  };
  Result<std::shared_ptr<const DataSet>> data_set(const Wanted& wanted);

  Reputation& reputation() noexcept { return reputation_; }

 private:
  struct Known {
    std::string file;
    bool numbered = false;
    std::shared_ptr<const DataSet> set;
  };
  Read read_;
  std::map<std::string, Known, std::less<>> sets_;
  Reputation reputation_;
};

}  // namespace bansoko::detect
