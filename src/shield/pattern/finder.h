// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace bansoko::pattern {

/// Looks for one byte string, with or without regard to ASCII case. For confirming what a prefilter suspects.
class Finder {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  Finder() = default;
  /// `needle` must not be empty.
  Finder(std::string needle, bool nocase);

  /// Where it first begins at `from` or after it, wholly inside `bytes`; kNone if nowhere.
  std::size_t find(Bytes bytes, std::size_t from = 0) const noexcept;

  /// Whether it stands exactly at `at`.
  bool stands_at(Bytes bytes, std::size_t at) const noexcept;

  std::size_t size() const noexcept { return needle_.size(); }
  Bytes needle() const noexcept { return as_bytes(needle_); }
  bool nocase() const noexcept { return nocase_; }

 private:
  bool same_at(const std::uint8_t* place) const noexcept;

  std::string needle_;  // lower case if nocase
  bool nocase_ = false;
};

}  // namespace bansoko::pattern
