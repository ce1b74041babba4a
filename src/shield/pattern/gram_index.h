// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "shield/pattern/literal.h"

namespace bansoko::pattern {

/// How an index looks at a text: at the grams of `gram` bytes that begin at the multiples of `step`.
struct GramForm {
  std::size_t gram = 0;
  std::size_t step = 0;
  /// The bytes of a literal that it takes to find it.
  constexpr std::size_t window() const noexcept { return gram + step - 1; }
};
inline constexpr GramForm kLongGrams{6, 4}, kShortGrams{4, 2};

/// Many literals, found in one pass that looks at few places only.
///
/// Of each literal one window is chosen. Wherever that stands in a text, one of the grams in it begins at a
/// multiple of the step. A table of bits says of most grams of the text that they are in no window; for the
/// others the literals that have the gram are compared. Only the last comparison tells letters' case apart.
class GramIndex {
 public:
  GramIndex() = default;
  /// `form` is one of those above. No literal may be shorter than its window.
  GramIndex(std::span<const Literal> literals, GramForm form);

  /// Calls `on_hit` for each place where a literal stands.
  void scan(Bytes bytes, OnHit on_hit, void* context) const noexcept;
  /// The same, one place after the other: what other machines run, and what the fast way is tested against.
  void scan_slowly(Bytes bytes, OnHit on_hit, void* context) const noexcept;

  std::size_t memory() const noexcept;

 private:
  struct Kept {
    std::uint32_t first = 0;  // its bytes, in text_
    std::uint32_t id = 0;     // the caller's
    std::uint32_t size = 0;
    std::uint32_t window = 0;  // where its window begins
    bool nocase = false;
  };
  struct Entry {
    std::uint64_t window = 0;     // its first bytes in order of memory, folded; zeros behind them
    std::uint32_t literal = 0;    // into kept_
    std::uint32_t in_window = 0;  // where the gram begins in it
  };

  void keep(const Literal& literal, std::size_t window);
  std::uint32_t bits_of(std::uint32_t full) const noexcept;
  template <std::size_t kGram, std::size_t kStep>
  void scan_from(std::size_t at, Bytes bytes, OnHit on_hit, void* context) const noexcept;
  template <std::size_t kGram, std::size_t kStep>
  std::size_t scan_by_eight(Bytes bytes, OnHit on_hit, void* context) const noexcept;
  void confirm(Bytes bytes, std::size_t at, std::uint32_t hash, OnHit on_hit, void* context) const noexcept;
  bool stands_at(Bytes bytes, std::size_t window, const Kept& literal) const noexcept;

  GramForm form_;
  bool by_eight_ = false;  // the processor can
  unsigned shift_ = 0;     // of a hash, for its bit in filter_
  std::uint64_t window_mask_ = 0;
  std::vector<std::uint32_t> filter_;  // two bits per gram, in the word that its hash names
  std::vector<std::uint32_t> first_;   // by hash, coarser: into entries_; one more at the end
  std::vector<Entry> entries_;
  std::vector<Kept> kept_;
  std::string text_;  // in lower case if nocase
};

}  // namespace bansoko::pattern
