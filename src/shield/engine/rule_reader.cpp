// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/rule_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bansoko::engine {

RuleReader::RuleReader(std::span<const std::string> files, const rule::Variables& variables,
                       ReadFile read_file, std::function<void()> then)
    : files_(files),
      variables_(variables),
      read_file_(std::move(read_file)),
      then_(std::move(then)),
      thread_([this] { run(); }) {}

RuleReader::~RuleReader() {
  {
    const std::lock_guard lock(mutex_);
    unwanted_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void RuleReader::run() {
  auto read = read_all();
  filling_.push_back({.told = std::exchange(told_, {}), .rule = {}});
  send();
  {
    const std::lock_guard lock(mutex_);
    if (!read) failure_ = std::move(read.error());
    ended_ = true;
  }
  changed_.notify_all();
  then_();
}

Result<> RuleReader::read_all() {
  for (const std::string& file : files_) {
    BANSOKO_TRY(const std::string text, read_file_(file));
    rule::read_rules(text, file, variables_, told_, [this](rule::RuleText rule) { put(std::move(rule)); });
  }
  return {};
}

void RuleReader::put(rule::RuleText rule) {
  filling_.push_back({.told = std::exchange(told_, {}), .rule = std::move(rule)});
  if (filling_.size() == kBatch) send();
}

void RuleReader::send() {
  std::vector<Batch> used;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return unwanted_ || ready_.size() < kMostBatches; });
    if (!unwanted_) ready_.push_back(std::move(filling_));
    used.swap(used_);
  }
  changed_.notify_all();
  filling_.clear();
  filling_.reserve(kBatch);
}

/// False: there is none, and will be none.
Result<bool> RuleReader::take_batch() {
  next_ = 0;
  std::unique_lock lock(mutex_);
  used_.push_back(std::exchange(taken_, {}));
  changed_.wait(lock, [this] { return ended_ || !ready_.empty(); });
  if (ready_.empty()) {
    if (failure_) return tl::unexpected<Error>(*failure_);
    return false;
  }
  taken_ = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return true;
}

Result<const rule::RuleText*> RuleReader::next(rule::Diagnostics& diagnostics) {
  for (;;) {
    if (next_ == taken_.size()) {
      BANSOKO_TRY(const bool has_more, take_batch());
      if (!has_more) return nullptr;
    }
    Item& item = taken_[next_++];
    std::move(item.told.begin(), item.told.end(), std::back_inserter(diagnostics));
    if (item.rule) return &*item.rule;
  }
}

}  // namespace bansoko::engine
