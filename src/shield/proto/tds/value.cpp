// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tds/value.h"

#include <algorithm>
#include <array>
#include <optional>

namespace bansoko::proto::tds {
namespace {

/// How a type says how long its values are.
enum class Length : std::uint8_t { fixed, byte, word, long_word };

struct Shape {
  std::uint8_t type;
  Length length;
  std::uint8_t size;  // fixed: of the value; else of what describes the type beyond the largest length
  bool has_largest = true;
  bool is_text = false;
  bool is_wide = false;
};

using enum Length;
constexpr std::array kShapes{
    Shape{0x1F, fixed, 0},
    Shape{0x30, fixed, 1},
    Shape{0x32, fixed, 1},
    Shape{0x34, fixed, 2},
    Shape{0x38, fixed, 4},
    Shape{0x3A, fixed, 4},
    Shape{0x3B, fixed, 4},
    Shape{0x3C, fixed, 8},
    Shape{0x3D, fixed, 8},
    Shape{0x3E, fixed, 8},
    Shape{0x7A, fixed, 4},
    Shape{0x7F, fixed, 8},
    Shape{0x24, byte, 0},
    Shape{0x26, byte, 0},
    Shape{0x68, byte, 0},
    Shape{0x6D, byte, 0},
    Shape{0x6E, byte, 0},
    Shape{0x6F, byte, 0},
    Shape{0x25, byte, 0},
    Shape{0x2D, byte, 0},
    Shape{0x27, byte, 0, true, true},
    Shape{0x2F, byte, 0, true, true},
    Shape{0x28, byte, 0, false},
    Shape{0x29, byte, 1, false},
    Shape{0x2A, byte, 1, false},
    Shape{0x2B, byte, 1, false},
    Shape{0x37, byte, 2},
    Shape{0x3F, byte, 2},
    Shape{0x6A, byte, 2},
    Shape{0x6C, byte, 2},
    Shape{0xA5, word, 0},
    Shape{0xAD, word, 0},
    Shape{0xA7, word, 5, true, true},
    Shape{0xAF, word, 5, true, true},
    Shape{0xE7, word, 5, true, true, true},
    Shape{0xEF, word, 5, true, true, true},
    Shape{0x22, long_word, 0},
    Shape{0x62, long_word, 0},
    Shape{0x23, long_word, 5, true, true},
    Shape{0x63, long_word, 5, true, true, true},
};

constexpr std::uint16_t kNoLength = 0xFFFF;  // no value; as the largest length: values come in chunks
constexpr std::uint64_t kNoChunks = ~std::uint64_t{0};
constexpr std::uint32_t kNull = 0xFFFFFFFF;

std::uint32_t read_length(ByteReader& in, Length length) noexcept {
  if (length == byte) return in.u8();
  if (length == long_word) return in.u32le();
  const std::uint16_t size = in.u16le();
  return size == kNoLength ? kNull : size;
}

/// Of a value that ends too early, what there is.
void read_bytes(ByteReader& in, std::size_t size, Value& value) noexcept {
  const std::size_t there = std::min(size, in.rest().size());
  value.bytes = value.first_chunk = in.take(there);
  value.is_known = there == size;
}

void read_chunks(ByteReader& in, BudgetedBytes& joined, Value& value) noexcept {
  if (in.u64le() == kNoChunks) return;
  joined.clear();
  const std::size_t most = in.rest().size();
  bool is_first = true;
  for (std::uint32_t size = in.u32le(); in.ok() && size != 0 && value.is_known; size = in.u32le()) {
    Value chunk;
    read_bytes(in, size, chunk);
    value.is_known = chunk.is_known;
    if (is_first) {
      value.bytes = value.first_chunk = chunk.bytes;
    } else {
      if (joined.size() == 0) value.is_cut |= !joined.append(value.first_chunk, most);
      value.is_cut |= value.is_cut || !joined.append(chunk.bytes, most);
      value.bytes = joined.bytes();
    }
    is_first = false;
  }
}

}  // namespace

Value read_value(ByteReader& in, bool has_collations, BudgetedBytes& joined) noexcept {
  Value value;
  const std::uint8_t type = in.u8();
  const auto shape = std::ranges::find(kShapes, type, &Shape::type);
  if (shape == kShapes.end() || !in.ok()) {
    value.is_known = false;
    return value;
  }
  if (shape->length == fixed) {
    in.skip(shape->size);
    value.is_known = in.ok();
    return value;
  }
  value.is_text = shape->is_text;
  value.is_wide = shape->is_wide;
  const bool has_collation = shape->size == 5;
  const std::uint32_t largest = shape->has_largest ? read_length(in, shape->length) : 0;
  in.skip(has_collation && !has_collations ? 0 : shape->size);
  const bool is_in_chunks = shape->length == word && largest == kNull;
  if (is_in_chunks)
    read_chunks(in, joined, value);
  else if (const std::uint32_t size = read_length(in, shape->length); size != kNull)
    read_bytes(in, size, value);
  value.is_known = value.is_known && in.ok();
  return value;
}

}  // namespace bansoko::proto::tds
