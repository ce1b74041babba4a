// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/host.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace bansoko::packet {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kMappedBits = 96;  // before the bits of an IPv4 address

/// The first `prefix` bits, the rest 0.
Address masked(const Address& address, unsigned prefix) noexcept {
  Address network;
  for (unsigned i = 0; i < network.bytes.size() && 8 * i < prefix; ++i) {
    const unsigned kept = std::min(8U, prefix - 8 * i);
    network.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xff00U >> kept));
  }
  return network;
}

/// The network and how many bits of an Address it has.
Result<std::pair<Address, unsigned>> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  BANSOKO_TRY(const Address network, parse_address(text.substr(0, slash)));
  const unsigned before = network.is_v4() ? kMappedBits : 0;
  unsigned prefix = kBits - before;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > kBits - before)
      return fail(Errc::invalid, "'{}' has no prefix length from 0 to {}", text, kBits - before);
  }
  if (masked(network, before + prefix) != network)
    return fail(Errc::invalid, "'{}' has bits set behind its prefix, the network is {}/{}", text,
                to_text(masked(network, before + prefix)), prefix);
  return std::pair(network, before + prefix);
}

}  // namespace

Result<> HostTable::Property::set(std::string_view network, std::uint8_t value) {
  BANSOKO_TRY(const auto parsed, parse_network(network));
  const auto& [address, prefix] = parsed;
  std::vector<Entry>& entries = by_prefix_[prefix];
  const auto place = std::ranges::lower_bound(entries, address, {}, &Entry::network);
  if (place != entries.end() && place->network == address)
    place->value = value;
  else
    entries.insert(place, {address, value});
  return {};
}

std::uint8_t HostTable::Property::of(const Address& address, std::uint8_t otherwise) const noexcept {
  for (const auto& [prefix, entries] : by_prefix_) {
    const Address network = masked(address, prefix);
    const auto place = std::ranges::lower_bound(entries, network, {}, &Entry::network);
    if (place != entries.end() && place->network == network) return place->value;
  }
  return otherwise;
}

Result<> HostTable::set_system(std::string_view network, System system) {
  return systems_.set(network, static_cast<std::uint8_t>(system));
}
Result<> HostTable::set_web_server(std::string_view network, WebServer server) {
  return web_servers_.set(network, static_cast<std::uint8_t>(server));
}
Result<> HostTable::set_hops(std::string_view network, std::uint8_t hops) { return hops_.set(network, hops); }

HostView HostTable::of(const Address& address) const noexcept {
  constexpr HostView kDefault;
  return {.system = static_cast<System>(systems_.of(address, static_cast<std::uint8_t>(kDefault.system))),
          .web_server = static_cast<WebServer>(
              web_servers_.of(address, static_cast<std::uint8_t>(kDefault.web_server))),
          .hops = hops_.of(address, kDefault.hops)};
}

}  // namespace bansoko::packet
