// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "shield/proto/memory_budget.h"

namespace bansoko::proto::http2 {

/// The dynamic table of HPACK (RFC 7541 sections 2.3.2 and 4): fields, newest first, up to a size that counts
/// 32 bytes for each beside its text. Of a table larger than may be held the newest fields are.
class DynamicTable {
 public:
  static constexpr std::size_t kOverhead = 32;
  /// What it may hold without asking: the size that each connection begins with.
  static constexpr std::size_t kFixed = 4096;

  /// One part of a field: it may lie around the end of the ring.
  struct Text {
    std::string_view first = {};
    std::string_view second = {};
  };

  /// At most `most` bytes are held, and kFixed. `budget` outlives it.
  DynamicTable(MemoryBudget& budget, std::size_t most) noexcept : budget_(budget), most_(most) {}
  ~DynamicTable() { budget_.give_back(charged_); }
  DynamicTable(const DynamicTable&) = delete;
  DynamicTable& operator=(const DynamicTable&) = delete;

  /// Empty, and of that size.
  void reset(std::size_t size) noexcept;
  /// Oldest fields give way where it shrinks.
  void resize(std::uint32_t size) noexcept;
  /// `size` is what it counts for without the overhead: more than the texts, where these were cut.
  void add(std::string_view name, std::string_view value, std::size_t size);
  /// All that is in it becomes unknown; what is added from now on is not.
  void lose() noexcept;
  /// Fields that a peer's table holds may be unknown.
  bool is_partial() const noexcept { return is_partial_; }

  std::size_t count() const noexcept { return count_; }
  std::size_t size() const noexcept { return used_; }
  /// `back` fields before the newest one; false: unknown.
  bool has(std::size_t back) const noexcept { return back < count_ && !entry(back).is_hole; }
  Text name(std::size_t back) const noexcept;
  Text value(std::size_t back) const noexcept;

 private:
  struct Entry {
    std::uint32_t at = 0;  // in bytes_: name, then value
    std::uint32_t name_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t cost = 0;
    bool is_hole = false;  // there was no room for its text
  };

  void clear() noexcept;
  void make_room();
  void evict() noexcept;
  void put(std::string_view text) noexcept;
  Text text_at(std::size_t at, std::size_t size) const noexcept;
  const Entry& entry(std::size_t back) const noexcept;

  MemoryBudget& budget_;
  std::size_t most_;
  std::vector<char> bytes_;     // a ring
  std::vector<Entry> entries_;  // a ring
  std::size_t size_ = 0;        // that it may have
  std::size_t used_ = 0;        // of it
  std::size_t texts_ = 0;       // bytes of the ring in use
  std::size_t write_ = 0;       // in bytes_
  std::size_t next_ = 0;        // in entries_
  std::size_t count_ = 0;
  std::size_t charged_ = 0;
  bool is_partial_ = false;
};

}  // namespace bansoko::proto::http2
