// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace bansoko::proto::http2 {

/// Undoes the Huffman code of HPACK (RFC 7541 section 5.2 and appendix B), in pieces of any size.
class HuffmanReader {
 public:
  /// At most this many bytes come of one.
  static constexpr std::size_t kMostPerByte = 2;

  void reset() noexcept { *this = {}; }
  /// Decodes `in` to the front of `out`, which has kMostPerByte bytes for each of `in` and one more; returns
  /// how many were made.
  std::size_t read(Bytes in, std::span<char> out) noexcept;
  /// Whether the string may end here: what is left is padding as it must be, and no sign was in it that must
  /// not be.
  bool ends_well() const noexcept;

 private:
  std::uint64_t bits_ = 0;  // read and not used yet, from the highest
  unsigned count_ = 0;
  bool has_end_sign_ = false;
};

}  // namespace bansoko::proto::http2
