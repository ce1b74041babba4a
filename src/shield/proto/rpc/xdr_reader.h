// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::rpc {

/// Reads XDR (RFC 4506). Failure is sticky, as with ByteReader.
class XdrReader {
 public:
  explicit XdrReader(Bytes bytes) noexcept : in_(bytes) {}

  std::uint32_t number() noexcept { return in_.u32(); }
  void skip(std::size_t size) noexcept { in_.skip(size); }
  /// Bytes of a fixed size that is a multiple of four, or as many of them as are there.
  Bytes fixed(std::size_t size) noexcept {
    const Bytes there = in_.rest().first(std::min(size, in_.rest().size()));
    in_.skip(size);
    return there;
  }
  /// Bytes behind their length: what is there of them. `stated` is their length.
  Bytes opaque(std::uint32_t& stated) noexcept {
    stated = in_.u32();
    const Bytes there = fixed(stated);
    // A sender may leave out what fills up the last four.
    if (in_.ok()) in_.skip(std::min<std::size_t>((4 - stated % 4) % 4, in_.rest().size()));
    return there;
  }
  Bytes opaque() noexcept {
    std::uint32_t stated = 0;
    return opaque(stated);
  }
  Bytes rest() const noexcept { return in_.rest(); }
  bool ok() const noexcept { return in_.ok(); }

 private:
  ByteReader in_;
};

}  // namespace bansoko::proto::rpc
