// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/checksum.h"

#include <bit>
#include <cstring>

namespace bansoko::packet {
namespace {

// One's complement sums do not mind the order of bytes (RFC 1071 section 2), so words are summed as
// the machine loads them and only the result is turned round.
std::uint64_t load(const std::uint8_t* at, std::size_t size = sizeof(std::uint64_t)) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, size);
  return (word & 0xffffffff) + (word >> 32);
}

constexpr std::uint16_t swap_if_little(std::uint16_t value) noexcept {
  if constexpr (std::endian::native == std::endian::big) return value;
  return static_cast<std::uint16_t>(value << 8 | value >> 8);
}

}  // namespace

void Checksum::add(Bytes bytes) noexcept {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  for (; bytes.size() >= 4 * kWord; bytes = bytes.subspan(4 * kWord)) {
    const std::uint8_t* at = bytes.data();
    a += load(at) + load(at + kWord);
    b += load(at + 2 * kWord) + load(at + 3 * kWord);
  }
  for (; bytes.size() >= kWord; bytes = bytes.subspan(kWord)) a += load(bytes.data());
  if (!bytes.empty()) b += load(bytes.data(), bytes.size());
  sum_ += a + b;
}

void Checksum::add(std::uint32_t number) noexcept {
  sum_ += std::uint64_t{swap_if_little(static_cast<std::uint16_t>(number >> 16))} +
          swap_if_little(static_cast<std::uint16_t>(number));
}

std::uint16_t Checksum::value() const noexcept {
  std::uint64_t folded = (sum_ & 0xffffffff) + (sum_ >> 32);
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >> 16);
  return swap_if_little(static_cast<std::uint16_t>(~folded));
}

}  // namespace bansoko::packet
