// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/own_addresses.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include <ifaddrs.h>
#include <netinet/in.h>

namespace bansoko::engine {
namespace {

using packet::Address;

std::optional<Address> address_of(const sockaddr* socket_address) {
  if (socket_address == nullptr) return std::nullopt;
  if (socket_address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, socket_address, sizeof v4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return Address::from_v4(bytes);
  }
  if (socket_address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, socket_address, sizeof v6);
  Address address;
  std::memcpy(address.bytes.data(), &v6.sin6_addr, address.bytes.size());
  return address;
}

}  // namespace

std::vector<Address> own_addresses() {
  std::vector<Address> all;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return all;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next)
    if (const auto address = address_of(one->ifa_addr)) all.push_back(*address);
  return all;
}

bool is_own_address(const Address& address) {
  const std::vector<Address> own = own_addresses();
  return own.empty() || std::ranges::find(own, address) != own.end();
}

}  // namespace bansoko::engine
