// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/range_index.h"

#include "base/bytes.h"

namespace bansoko::detect {

AddressOrder::Number AddressOrder::of(const packet::Address& address) noexcept {
  ByteReader bytes(address.bytes);
  const std::uint64_t high = bytes.u64();
  return {high, bytes.u64()};
}

std::optional<AddressOrder::Number> AddressOrder::behind(const packet::Address& address) noexcept {
  Number number = of(address);
  if (++number[1] == 0 && ++number[0] == 0) return std::nullopt;
  return number;
}

}  // namespace bansoko::detect
