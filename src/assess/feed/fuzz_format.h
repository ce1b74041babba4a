// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "assess/feed/test_feed.h"

namespace bansoko::feed {

/// Fuzzes a format: the first byte says in pieces of which size the rest comes; whole and in pieces must give
/// the same records, or both none.
inline void fuzz_format(const FeedFormat& format, const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Limits limits{.max_bytes = 1U << 20U, .max_records = 5000, .max_text = 5000, .max_depth = 24};
  format.recognises("fuzz.json", text.substr(0, 4096));
  KeptRecords whole, pieces;
  const auto one = read_text(format, "fuzz.xml", text, whole, limits);
  const auto other = read_text(format, "fuzz.xml", text, pieces, limits, std::size_t{data[0]} + 1);
  if (one.has_value() != other.has_value()) std::abort();
  if (one && (one->records != whole.count() || whole.count() != pieces.count())) std::abort();
}

}  // namespace bansoko::feed
