// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bansoko {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Reads fields from a span and never past its end; u16() is network order, u16le() little-endian.
///
/// Failure is sticky: after one short read every later read yields zero or an
/// empty span. A parser therefore reads a whole header and asks ok() once.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) noexcept : rest_(bytes) {}

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(big_endian(1)); }
  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(big_endian(2)); }
  std::uint32_t u24() noexcept { return static_cast<std::uint32_t>(big_endian(3)); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(big_endian(4)); }
  std::uint64_t u64() noexcept { return big_endian(8); }
  std::uint16_t u16le() noexcept { return static_cast<std::uint16_t>(little_endian(2)); }
  std::uint32_t u32le() noexcept { return static_cast<std::uint32_t>(little_endian(4)); }
  std::uint64_t u64le() noexcept { return little_endian(8); }

  Bytes take(std::size_t size) noexcept {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  void skip(std::size_t size) noexcept { take(size); }
  Bytes rest() const noexcept { return rest_; }
  bool ok() const noexcept { return ok_; }

 private:
  std::uint64_t big_endian(std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(size)) value = value << 8 | byte;
    return value;
  }
  std::uint64_t little_endian(std::size_t size) noexcept {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(size)) {
      value |= std::uint64_t{byte} << shift;
      shift += 8;
    }
    return value;
  }

  Bytes rest_;
  bool ok_ = true;
};

}  // namespace bansoko
