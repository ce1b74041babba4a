// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http2/huffman.h"

#include <array>
#include <cstddef>

namespace bansoko::proto::http2 {
namespace {

constexpr std::size_t kSigns = 257;  // bytes, and the end of the string
constexpr std::size_t kEndSign = 256;
constexpr unsigned kLongest = 30;

/// RFC 7541 appendix B, the lengths. The code is canonical: codes count up by length, then by sign.
constexpr std::array<std::uint8_t, kSigns> kLengths{
    // 0x00
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,  //
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,  //
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,          //
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,               //
    // 0x40
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,      //
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,   //
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,      //
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,  //
    // 0x80
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,  //
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,  //
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,  //
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,  //
    // 0xc0
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,  //
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,  //
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,  //
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,  //
    kLongest};

/// The codes of one length.
struct Row {
  std::uint32_t end = 0;    // the first code beyond them, its bits at the top of 32
  std::uint16_t first = 0;  // their first sign, in the order of codes
  std::uint8_t length = 0;
};

struct Code {
  std::array<Row, kLongest + 1> rows{};  // those that exist, shortest first
  std::size_t row_count = 0;
  std::array<std::uint16_t, kSigns> signs{};        // in the order of their codes
  std::array<std::uint32_t, kLongest + 1> begin{};  // by row: its first code, its bits at the top of 32
  bool is_complete = false;
};

constexpr Code make_code() {
  Code code;
  std::uint64_t next = 0;  // in units of 2^-32 of all codes
  std::size_t sign = 0;
  for (unsigned length = 1; length <= kLongest; ++length) {
    const std::size_t first = sign;
    const std::uint64_t begin = next;
    for (std::size_t s = 0; s < kSigns; ++s) {
      if (kLengths[s] != length) continue;
      code.signs[sign++] = static_cast<std::uint16_t>(s);
      next += std::uint64_t{1} << (32 - length);
    }
    if (sign == first) continue;
    code.begin[code.row_count] = static_cast<std::uint32_t>(begin);
    code.rows[code.row_count++] = {.end = static_cast<std::uint32_t>(next == 1ULL << 32U ? 0xffffffff : next),
                                   .first = static_cast<std::uint16_t>(first),
                                   .length = static_cast<std::uint8_t>(length)};
  }
  code.is_complete = next == 1ULL << 32U;
  return code;
}

constexpr Code kCode = make_code();
static_assert(kCode.is_complete, "every sequence of bits is a code, or the beginning of one");
static_assert(kCode.signs[kSigns - 1] == kEndSign, "the end sign is all ones");

}  // namespace

std::size_t HuffmanReader::read(Bytes in, std::span<char> out) noexcept {
  std::size_t made = 0;
  for (const std::uint8_t byte : in) {
    bits_ |= std::uint64_t{byte} << (56 - count_);
    count_ += 8;
    while (count_ >= 5) {
      const auto top = static_cast<std::uint32_t>(bits_ >> 32U);
      std::size_t r = 0;
      while (r + 1 < kCode.row_count && top >= kCode.rows[r].end) ++r;
      const Row& row = kCode.rows[r];
      if (row.length > count_) break;
      const std::uint32_t sign = kCode.signs[row.first + ((top - kCode.begin[r]) >> (32U - row.length))];
      bits_ <<= row.length;
      count_ -= row.length;
      // RFC 7541 section 5.2: the end sign is an error where it stands. What follows it is read on.
      if (sign == kEndSign) {
        has_end_sign_ = true;
      } else {
        out[made++] = static_cast<char>(sign);
      }
    }
  }
  return made;
}

bool HuffmanReader::ends_well() const noexcept {
  const std::uint64_t ones = count_ == 0 ? 0 : ~std::uint64_t{0} << (64 - count_);
  return !has_end_sign_ && count_ < 8 && bits_ == ones;
}

}  // namespace bansoko::proto::http2
