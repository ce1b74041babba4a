// SPDX-License-Identifier: Apache-2.0
#include "base/lazy_array.h"

#include <cstdint>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace bansoko {
namespace {

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(LazyArray, IsZeroAndBecomesResidentWhereItIsTouched) {
  constexpr std::size_t kSize = 64U << 20U;
  const std::size_t before = resident_bytes();
  LazyArray<std::uint8_t> bytes(kSize);
  EXPECT_EQ(bytes.size(), kSize);
  EXPECT_EQ(bytes[0] + bytes[kSize - 1], 0);
  bytes[kSize / 2] = 7;
  EXPECT_EQ(bytes.part(kSize / 2, 2)[0], 7);
  EXPECT_LT(resident_bytes(), before + kSize / 8);
}

TEST(LazyArray, MayBeEmpty) {
  const LazyArray<std::uint64_t> none(0);
  EXPECT_EQ(none.size(), 0U);
}

}  // namespace
}  // namespace bansoko
