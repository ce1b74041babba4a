// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/checksum.h"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace bansoko::packet {
namespace {

/// RFC 1071 to the letter, the reference for the fast one.
std::uint16_t reference(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? bytes[i] << 8U : bytes[i];
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(~sum);
}

std::uint16_t fast(Bytes bytes) {
  Checksum checksum;
  checksum.add(bytes);
  return checksum.value();
}

TEST(Checksum, ExampleOfRfc1071) {
  const std::array<std::uint8_t, 8> bytes{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(fast(bytes), 0x220d);
}

TEST(Checksum, EqualsTheReferenceAtEverySizeAndStart) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> bytes(300);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (std::size_t start = 0; start < 9; ++start)
    for (std::size_t size = 0; size + start <= bytes.size(); ++size)
      ASSERT_EQ(fast(Bytes(bytes).subspan(start, size)), reference(Bytes(bytes).subspan(start, size)))
          << start << " " << size;
}

TEST(Checksum, CarriesNeverGetLost) {
  const std::vector<std::uint8_t> ones(65535, 0xff);
  EXPECT_EQ(fast(ones), reference(ones));
}

TEST(Checksum, PartsAndNumbersSumAsOne) {
  const std::array<std::uint8_t, 10> bytes{1, 2, 3, 4, 0xfe, 0xdc, 0xba, 0x98, 7, 9};
  Checksum checksum;
  checksum.add(Bytes(bytes).first(4));
  checksum.add(0xfedcba98U);
  checksum.add(Bytes(bytes).last(2));
  EXPECT_EQ(checksum.value(), reference(bytes));
}

}  // namespace
}  // namespace bansoko::packet
