// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::http {

/// Where receivers of a chunked body differ.
struct ChunkFlaws {
  bool size_ambiguous = false;  // blanks or an empty line before it, or after it what is no extension
  bool size_overflow = false;   // does not fit into 31 bits
  bool line_end = false;        // a lone LF ends a line of the coding, or a lone CR is in one
  bool end_invalid = false;     // bytes between a chunk's data and its line end
};

/// Undoes the chunked transfer coding (RFC 9112 section 7.1), as leniently as what receives it.
class ChunkedReader {
 public:
  enum class Got : std::uint8_t {
    nothing,  // all input was taken
    data,     // `data` is part of the body
    end,      // the body and its trailers are over
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
  /// Of all that was read.
  const ChunkFlaws& flaws() const noexcept { return flaws_; }

 private:
  enum class At : std::uint8_t { size, digits, after_size, extension, data, data_end, trailer };
  static constexpr std::uint64_t kLargeSize = 0x7fffffff;         // what 32 bits hold everywhere
  static constexpr std::uint64_t kMostSize = 0x7fffffffffffffff;  // what any server follows

  Got read_byte(std::uint8_t byte) noexcept;
  Got read_size(std::uint8_t byte) noexcept;
  void read_extension(std::uint8_t byte) noexcept;
  void read_data_end(std::uint8_t byte) noexcept;

  At at_ = At::size;
  std::uint64_t rest_ = 0;               // of the chunk, or its size as far as read
  std::array<std::uint8_t, 16> seen_{};  // where a size should be
  std::uint8_t seen_size_ = 0;
  bool line_is_empty_ = true;  // of the trailers
  bool after_return_ = false;  // in a line of the coding
  ChunkFlaws flaws_;
};

}  // namespace bansoko::proto::http
