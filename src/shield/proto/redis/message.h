// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"
#include "shield/proto/redis/limits.h"

namespace bansoko::proto::redis {

/// A command or a reply: its texts as far as limits let, and the lengths that were stated.
class Message final : public Transaction {
 public:
  /// Whether a text was kept, or why not all of it.
  enum class Kept : std::uint8_t { all, beyond_size, beyond_count, no_memory };

  /// At most `most_texts` of `most_size` bytes together; `budget` outlives it.
  Message(MemoryBudget& budget, std::size_t most_size, std::size_t most_texts);

  void reset() noexcept;
  void release();

  /// A text of `length` bytes begins; what is appended next belongs to it.
  Kept begin_text(std::uint64_t length, bool is_error);
  Kept append(Bytes bytes);
  /// What is still to come of the text is left out.
  void end_text() noexcept { is_kept_ = false; }
  /// Of a text whose length only its end tells.
  void set_length(std::uint64_t length) noexcept;
  bool has_texts() const noexcept { return count_ > 0; }
  std::size_t capacity() const noexcept { return texts_.size(); }

  std::optional<Bytes> text(std::size_t place) const noexcept;
  /// The one numbered `instance` of the errors, or of all else.
  std::optional<Bytes> reply_text(unsigned instance, bool is_error) const noexcept;
  std::optional<std::uint64_t> length(std::size_t place) const noexcept;
  /// A short text in capitals, since case means nothing in names of commands.
  Bytes capitals(std::size_t place) noexcept;

  std::uint64_t element_count = 0;  // arguments, or the most elements that an array of a reply states
  bool is_inline = false;
  char type = 0;  // of a reply

 private:
  struct Text {
    std::uint32_t at = 0, size = 0;
    std::uint64_t length : 63 = 0;
    std::uint64_t is_error : 1 = 0;
  };
  static constexpr std::size_t kLongestName = 32;

  std::size_t most_size_;
  BudgetedBytes bytes_;
  std::vector<Text> texts_;
  std::size_t count_ = 0;
  bool is_kept_ = false;  // the text under way
  std::array<std::array<std::uint8_t, kLongestName>, 2> capitals_{};
};

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::redis
