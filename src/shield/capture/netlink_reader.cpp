// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/netlink_reader.h"

namespace bansoko::capture {

std::chrono::nanoseconds read_time(Bytes value) noexcept {
  constexpr std::uint64_t kNanosecondsInSecond = 1'000'000'000;
  constexpr std::uint64_t kMaxSeconds = 0x7fffffffffffffff / kNanosecondsInSecond - 1;
  ByteReader reader(value);
  const std::uint64_t seconds = reader.u64();
  const std::uint64_t microseconds = reader.u64();
  if (!reader.ok() || seconds > kMaxSeconds || microseconds >= 1'000'000) return {};
  return std::chrono::nanoseconds(seconds * kNanosecondsInSecond + microseconds * 1000);
}

}  // namespace bansoko::capture
