// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/archive.h"

namespace bansoko::archive {

/// Collects members and counts them against the limits.
class Collector {
 public:
  /// Both are loans for the life of this.
  Collector(const Limits& limits, Wanted wanted) noexcept : limits_(limits), wanted_(wanted) {}

  /// Hears of each member first. `size` is what is said of it.
  Result<> meet(std::string_view path, std::uint64_t size);
  bool wants(std::string_view path) const { return wanted_(path); }
  void ignore(std::string_view path, std::string_view why);
  void keep(Member member) { contents_.members.push_back(std::move(member)); }
  /// Of one wanted member as it grows: it, and all together.
  Result<> check_size(std::string_view path, std::size_t size) const;

  Contents finish() &&;

 private:
  const Limits& limits_;
  Wanted wanted_;
  Contents contents_;
  std::uint64_t bytes_ = 0;
  std::size_t members_ = 0;
};

}  // namespace bansoko::archive
