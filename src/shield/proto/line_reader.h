// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto {

/// A line without its end, or a piece of one that is too long.
struct Line {
  std::string_view text = {};
  bool starts = true;               // it is the beginning of its line
  bool ends = true;                 // and the end
  bool has_cr = false;              // it ended with CR LF, not with LF alone
  bool is_short_of_memory = false;  // it is cut where the budget was used up, not for its length
};

/// Cuts one side's stream into lines of text. Where lines are cut does not depend on how the stream was.
class LineReader {
 public:
  /// Lines longer than `most` bytes come in pieces of that size, or smaller ones when `budget`, which
  /// outlives the reader, is used up.
  LineReader(MemoryBudget& budget, std::size_t most) : most_(most), kept_(budget, kFixed) {}

  /// The next line or piece, valid until the next call. Nothing: `in` is used up, and what it had of a line
  /// is kept.
  std::optional<Line> next(ByteReader& in);
  /// Bytes were lost: what is left of the line under way is no line.
  void lose() noexcept;
  void reset() noexcept;
  void release() { kept_.release(); }
  /// A line has begun and not ended.
  bool is_within() const noexcept { return !starts_ || (kept_.size() > 0 && !is_used_); }

 private:
  static constexpr std::size_t kFixed = 256;

  Line take(Bytes bytes, bool ends) noexcept;
  Line cut(Bytes bytes) noexcept;

  std::size_t most_;
  BudgetedBytes kept_;
  bool is_used_ = false;  // what is kept was given out
  bool starts_ = true;
  bool is_lost_ = false;
};

}  // namespace bansoko::proto
