// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "shield/rule/diagnostic.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

/// Reads rule files in a thread of its own, ahead of one that compiles the rules: that one takes them in the
/// order in which they stand, each behind what was found wrong up to it. A bounded number waits.
class RuleReader {
 public:
  using ReadFile = std::function<Result<std::string>(const std::string& file)>;

  /// All are loans for the life of this. `then` is called in the thread once everything is read.
  RuleReader(std::span<const std::string> files, const rule::Variables& variables, ReadFile read_file,
             std::function<void()> then);
  RuleReader(const RuleReader&) = delete;
  RuleReader& operator=(const RuleReader&) = delete;
  /// Ends the thread, whatever it has not read.
  ~RuleReader();

  /// The next rule, a loan up to the next call; null: everything is read. Fails where a file cannot be. What
  /// was found wrong since the rule before goes to `diagnostics`.
  Result<const rule::RuleText*> next(rule::Diagnostics& diagnostics);

 private:
  /// A rule and what was told before it; behind the last rule, none.
  struct Item {
    rule::Diagnostics told;
    std::optional<rule::RuleText> rule;
  };
  using Batch = std::vector<Item>;
  static constexpr std::size_t kBatch = 64, kMostBatches = 8;

  void run();
  Result<> read_all();
  void put(rule::RuleText rule);
  void send();
  Result<bool> take_batch();

  std::span<const std::string> files_;
  const rule::Variables& variables_;
  ReadFile read_file_;
  std::function<void()> then_;

  // Of the thread alone.
  rule::Diagnostics told_;
  Batch filling_;

  // Of the taker alone.
  Batch taken_;
  std::size_t next_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  std::vector<Batch> used_;  // for the thread to free: two that free and allocate each other's memory wait
  std::optional<Error> failure_;
  bool ended_ = false;     // the thread has read what it will
  bool unwanted_ = false;  // nobody takes any more

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace bansoko::engine
