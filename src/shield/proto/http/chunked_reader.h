// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::http {

/// Undoes the chunked transfer coding (RFC 9112 section 7.1), as leniently as what receives it.
class ChunkedReader {
 public:
  enum class Got : std::uint8_t {
    nothing,  // all input was taken
    data,     // `data` is part of the body
    end,      // the body is over; its trailers follow
    invalid,  // no size where one must be: `data` is what was taken of it
  };
  struct Piece {
    Got got = Got::nothing;
    Bytes data = {};
  };

  void reset() noexcept { *this = {}; }
  Piece read(ByteReader& in) noexcept;
  /// Counts lost bytes as data; returns how many of them cannot be.
  std::uint64_t skip(std::uint64_t lost) noexcept;

 private:
  enum class At : std::uint8_t { size, digits, extension, data, data_end };
  static constexpr std::uint64_t kMostSize = 0x7fffffff;

  Got read_byte(std::uint8_t byte) noexcept;
  Got read_size(std::uint8_t byte) noexcept;

  At at_ = At::size;
  std::uint64_t rest_ = 0;               // of the chunk, or its size as far as read
  std::array<std::uint8_t, 16> seen_{};  // where a size should be
  std::uint8_t seen_size_ = 0;
};

}  // namespace bansoko::proto::http
