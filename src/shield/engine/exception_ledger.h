// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shield/detect/hit_policy.h"

namespace bansoko::engine {

/// An exception in the settings, and what it has done in this run.
struct ExceptionStatus {
  std::string name = {};
  std::string about = {};
  std::string until = {};  // UTC: "2027-03-31T15:00:00Z", or "never"
  std::uint64_t hits = 0;
  bool has_ended = false;
};

/// What exceptions have done, and which have ended. All times are the wall clock's. From any thread.
class ExceptionLedger {
 public:
  /// These are in force from now on; hits are kept by name.
  void know(std::vector<detect::Exception> exceptions);
  void count(std::string_view name);
  /// Those that have ended and were not told before.
  std::vector<std::string> take_ended(std::chrono::nanoseconds now);
  std::vector<ExceptionStatus> list(std::chrono::nanoseconds now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<detect::Exception> exceptions_;
  std::map<std::string, std::uint64_t, std::less<>> hits_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace bansoko::engine
