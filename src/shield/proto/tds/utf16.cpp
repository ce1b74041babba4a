// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tds/utf16.h"

#include <array>
#include <cstdint>

namespace bansoko::proto::tds {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool is_high(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

std::uint32_t take_character(ByteReader& in) noexcept {
  const std::uint32_t unit = in.u16le();
  if (is_low(unit)) return kReplacement;
  if (!is_high(unit)) return unit;
  ByteReader ahead = in;
  const std::uint32_t low = ahead.u16le();
  if (!is_low(low)) return kReplacement;
  in = ahead;
  return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

class Block {
 public:
  static constexpr std::size_t kLongest = 4;

  bool has_room() const noexcept { return size_ + kLongest <= bytes_.size(); }
  Bytes bytes() const noexcept { return Bytes(bytes_).first(size_); }
  void clear() noexcept { size_ = 0; }
  void add(std::uint32_t character) noexcept {
    if (character < 0x80) return put(character);
    if (character < 0x800) {
      put(0xC0 | character >> 6);
    } else {
      if (character < 0x10000) {
        put(0xE0 | character >> 12);
      } else {
        put(0xF0 | character >> 18);
        put(0x80 | (character >> 12 & 0x3F));
      }
      put(0x80 | (character >> 6 & 0x3F));
    }
    put(0x80 | (character & 0x3F));
  }

 private:
  void put(std::uint32_t byte) noexcept { bytes_[size_++] = static_cast<std::uint8_t>(byte); }

  std::array<std::uint8_t, 512> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace

bool append_as_utf8(Bytes utf16, BudgetedBytes& to, std::size_t most) noexcept {
  Block block;
  ByteReader in(utf16);
  while (in.rest().size() >= 2) {
    block.add(take_character(in));
    if (block.has_room()) continue;
    if (!to.append(block.bytes(), most)) return false;
    block.clear();
  }
  return to.append(block.bytes(), most);
}

}  // namespace bansoko::proto::tds
