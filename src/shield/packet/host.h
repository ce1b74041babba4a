// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shield/packet/address.h"

namespace bansoko::packet {

/// Which copy of a byte a receiver believes when fragments or segments overlap, by the system that decides
/// so (Shankar and Paxson 2003; Novak and Sturges 2007). `first` and `last` are the plain rules.
enum class System : std::uint8_t { first, last, linux, windows, windows_2003, bsd, solaris };

/// How a web server reads a request target and its headers.
enum class WebServer : std::uint8_t { generic, apache, iis6, iis };

/// What is known of a host that is protected.
struct HostView {
  System system = System::first;
  WebServer web_server = WebServer::generic;
  std::uint8_t hops = 0;  // routers between us and it: a packet whose TTL is used up before never arrives
};

/// What operators say of their hosts, by network ("192.0.2.0/24", "2001:db8::1"). For each property the
/// longest prefix wins, and a host that no network holds has the defaults. Immutable, so threads may share
/// it.
class HostTable {
 public:
  HostTable() = default;

  /// Fails when `network` is no network, or has bits set behind its prefix.
  Result<> set_system(std::string_view network, System system);
  Result<> set_web_server(std::string_view network, WebServer server);
  Result<> set_hops(std::string_view network, std::uint8_t hops);

  HostView of(const Address& address) const noexcept;

  /// Cheap while nobody has set any.
  std::uint8_t hops_of(const Address& address) const noexcept { return hops_.of(address, HostView{}.hops); }

 private:
  struct Entry {
    Address network;
    std::uint8_t value = 0;
  };
  class Property {
   public:
    Result<> set(std::string_view network, std::uint8_t value);
    std::uint8_t of(const Address& address, std::uint8_t otherwise) const noexcept;

   private:
    std::map<unsigned, std::vector<Entry>, std::greater<>> by_prefix_;  // the longest first; each sorted
  };

  Property systems_, web_servers_, hops_;
};

}  // namespace bansoko::packet
