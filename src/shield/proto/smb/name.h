// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::smb {

/// A name out of a message, without the zero bytes that UTF-16 puts between letters; cut where it is full.
class Name {
 public:
  void clear() noexcept { size_ = 0; }
  void append(Bytes bytes) noexcept;
  Bytes bytes() const noexcept { return Bytes(letters_).first(size_); }

 private:
  std::array<std::uint8_t, 512> letters_{};
  std::size_t size_ = 0;
};

}  // namespace bansoko::proto::smb
