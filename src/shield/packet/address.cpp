// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/address.h"

#include <algorithm>

#include <arpa/inet.h>

namespace bansoko::packet {
namespace {

constexpr std::size_t kMappedPrefix = 12;  // bytes of ::ffff:0:0/96

}  // namespace

Address Address::from_v6(Bytes sixteen) noexcept {
  Address address;
  std::copy_n(sixteen.begin(), address.bytes.size(), address.bytes.begin());
  return address;
}

bool Address::is_v4() const noexcept {
  constexpr Address kMapped = v4(0, 0, 0, 0);
  return std::equal(bytes.begin(), bytes.begin() + kMappedPrefix, kMapped.bytes.begin());
}

std::string to_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = address.is_v4();
  const Bytes bytes = Bytes(address.bytes).subspan(four ? kMappedPrefix : 0);
  inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

Result<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  std::array<std::uint8_t, 16> bytes{};
  // inet_pton stops at a NUL, so one inside the text would hide what follows it.
  if (text.find('\0') == std::string_view::npos) {
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1)
      return Address::from_v4(Bytes(bytes).first(4));
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return Address::from_v6(bytes);
  }
  return fail(Errc::invalid, "'{}' is not an IP address", text);
}

}  // namespace bansoko::packet
