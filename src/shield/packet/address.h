// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::packet {

/// An IPv6 address, or an IPv4 one in its mapped form ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).
/// Network byte order, so that comparing bytes compares addresses.
struct Address {
  std::array<std::uint8_t, 16> bytes{};

  static constexpr Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}};
  }
  /// `four` must hold 4 bytes.
  static Address from_v4(Bytes four) noexcept { return v4(four[0], four[1], four[2], four[3]); }
  /// `sixteen` must hold 16 bytes.
  static Address from_v6(Bytes sixteen) noexcept;

  bool is_v4() const noexcept;
  friend auto operator<=>(const Address&, const Address&) = default;  // NOLINT(modernize-use-nullptr)
};

/// "192.0.2.1" or "2001:db8::1".
std::string to_text(const Address& address);

/// Reads either form; fails on anything else.
Result<Address> parse_address(std::string_view text);

}  // namespace bansoko::packet
