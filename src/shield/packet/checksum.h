// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace bansoko::packet {

/// The Internet checksum (RFC 1071). Over data that holds its own checksum, value() is zero if that is right.
class Checksum {
 public:
  /// Every part but the last must have an even size.
  void add(Bytes bytes) noexcept;
  void add(std::uint32_t number) noexcept;

  /// The complement of the sum, as a number to be written in network order.
  std::uint16_t value() const noexcept;

 private:
  std::uint64_t sum_ = 0;  // of 32-bit words in the machine's order: room for 2^32 of them
};

}  // namespace bansoko::packet
