// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shield/proto/memory_budget.h"

namespace bansoko::proto::http2 {

/// Of one header block.
struct FieldLimits {
  std::size_t text = 0;   // bytes kept of all fields
  std::size_t part = 0;   // of one name or value
  std::size_t count = 0;  // fields
};

/// The fields of one header block, as decoded. Fields are appended piece by piece: name, then value.
class FieldList {
 public:
  /// What it may hold without asking.
  static constexpr std::size_t kFixed = 2048;

  /// Where a field stands in the text.
  struct Entry {
    std::uint32_t at = 0;
    std::uint32_t name_size = 0;
    std::uint32_t value_size = 0;
  };
  /// What was left out, and why.
  struct Losses {
    bool part_limit = false;  // the rest of a name or value
    bool text_limit = false;  // fields, as any below
    bool count_limit = false;
    bool memory_limit = false;
    bool unknown = false;  // what a reference stood for is not known

    bool operator==(const Losses&) const = default;
  };

  /// `budget` outlives it.
  explicit FieldList(MemoryBudget& budget) noexcept : budget_(budget) {}
  ~FieldList() { budget_.give_back(charged_); }
  FieldList(const FieldList&) = delete;
  FieldList& operator=(const FieldList&) = delete;

  void begin_field() noexcept;
  void append(std::string_view piece, const FieldLimits& limits);
  void end_name();
  /// The field is complete and stays, unless a limit forbids it.
  void end_field(const FieldLimits& limits);
  /// What the field under way refers to is not known.
  void drop_unknown() noexcept;
  /// A part of it is not known.
  void note_unknown() noexcept { losses_.unknown = true; }

  // Of the field under way.
  std::string_view name() const noexcept { return view(part_at_, name_size_); }
  std::string_view value() const noexcept { return view(value_at_, text_.size() - value_at_); }
  /// Uncut.
  std::size_t whole_name() const noexcept { return whole_name_; }
  std::size_t whole_value() const noexcept { return whole_value_; }

  std::span<const Entry> all() const noexcept { return entries_; }
  std::string_view name(const Entry& entry) const noexcept { return view(entry.at, entry.name_size); }
  std::string_view value(const Entry& entry) const noexcept {
    return view(entry.at + entry.name_size + 2, entry.value_size);
  }
  /// "name: value"
  std::string_view line(const Entry& entry) const noexcept {
    return view(entry.at, entry.name_size + 2 + entry.value_size);
  }
  /// All of them, each with a line end.
  std::string_view text() const noexcept { return text_; }
  const Losses& losses() const noexcept { return losses_; }
  /// Of all fields, as RFC 9113 section 6.5.2 counts them, those left out included.
  std::uint64_t size() const noexcept { return size_; }
  std::uint32_t count() const noexcept { return count_; }

  void append(const FieldList& other);
  void swap(FieldList& other) noexcept;
  void clear() noexcept;
  /// Gives memory back where there is much of it.
  void shrink() noexcept;
  void shrink_if_tight() noexcept;
  void count_memory() noexcept;

 private:
  std::string_view view(std::size_t at, std::size_t size) const noexcept {
    return std::string_view(text_).substr(at, size);
  }

  MemoryBudget& budget_;
  std::string text_;
  std::vector<Entry> entries_;
  std::size_t part_at_ = 0;   // of the field under way
  std::size_t value_at_ = 0;  // likewise, once the name is complete
  std::size_t name_size_ = 0;
  std::size_t whole_name_ = 0, whole_value_ = 0;
  bool in_value_ = false;
  Losses losses_;
  std::uint64_t size_ = 0;
  std::uint32_t count_ = 0;
  std::size_t charged_ = 0;
};

}  // namespace bansoko::proto::http2
