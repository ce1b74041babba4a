// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assess/feed/feed.h"

namespace bansoko::feed {

/// Hands records on, counts them, and refuses more than the limit. The sink and the limits are loans for its
/// life.
class Tally {
 public:
  Tally(Sink& sink, const Limits& limits) noexcept : sink_(sink), limits_(limits) {}

  template <class Record>
  Result<> put(const Record& record) {
    if (stamp.records == limits_.max_records)
      return fail(Errc::limit, "more than {} records", limits_.max_records);
    ++stamp.records;
    return sink_.put(record);
  }

  void leave_out(std::string_view why, std::uint64_t count = 1) {
    if (count == 0) return;
    const auto found = stamp.left_out.find(why);
    if (found == stamp.left_out.end())
      stamp.left_out.emplace(why, count);
    else
      found->second += count;
  }

  Stamp stamp = {};

 private:
  Sink& sink_;
  const Limits& limits_;
};

}  // namespace bansoko::feed
