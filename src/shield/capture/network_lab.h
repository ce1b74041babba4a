// SPDX-License-Identifier: Apache-2.0
// For tests only: network namespaces to send real packets through.
#pragma once

#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::capture {

inline bool run(const std::string& command) {
  return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) == 0;
}

/// This thread's network is that of a namespace while this lives. Sockets opened then stay there.
class Inside {
 public:
  explicit Inside(const std::string& name)
      : before_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)),
        there_(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC)) {
    if (::setns(there_.get(), CLONE_NEWNET) != 0) std::abort();
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    if (::setns(before_.get(), CLONE_NEWNET) != 0) std::abort();
  }

 private:
  UniqueFd before_;
  UniqueFd there_;
};

/// A client and a server with a router, or a bridge, between them.
class NetworkLab {
 public:
  enum class Middle { router, bridge };

  explicit NetworkLab(Middle middle) {
    works_ = run(add(client) + add(gateway) + add(server) + "true") &&
             run(link(client, "c0", "g0") + link(server, "s0", "g1") + "true") &&
             (middle == Middle::bridge ? make_bridge() : make_router());
  }
  NetworkLab(const NetworkLab&) = delete;
  NetworkLab& operator=(const NetworkLab&) = delete;
  ~NetworkLab() {
    for (const auto& name : {client, gateway, server}) run("ip netns del " + name);
  }

  /// False where namespaces cannot be made.
  bool works() const { return works_; }

  const std::string client = name("client");
  const std::string gateway = name("gateway");
  const std::string server = name("server");
  static constexpr const char* kServer4 = "10.98.2.2";
  static constexpr const char* kServer6 = "fd98:2::2";

 private:
  static std::string name(const std::string& part) {
    return "capture-" + std::to_string(::getpid()) + "-" + part;
  }
  static std::string add(const std::string& name) {
    return "ip netns add " + name + " && ip -n " + name + " link set lo up && ";
  }
  std::string link(const std::string& host, const std::string& end, const std::string& port) const {
    return "ip link add " + end + " netns " + host + " type veth peer name " + port + " netns " + gateway +
           " && ip -n " + host + " link set " + end + " up && ip -n " + gateway + " link set " + port +
           " up && ";
  }
  static std::string address(const std::string& host, const std::string& end, const std::string& value) {
    return "ip -n " + host + " addr add " + value + " dev " + end + " nodad && ";
  }

  bool make_router() const {
    return run(
        address(client, "c0", "10.98.1.2/24") + address(client, "c0", "fd98:1::2/64") +
        address(gateway, "g0", "10.98.1.1/24") + address(gateway, "g0", "fd98:1::1/64") +
        address(gateway, "g1", "10.98.2.1/24") + address(gateway, "g1", "fd98:2::1/64") +
        address(server, "s0", "10.98.2.2/24") + address(server, "s0", "fd98:2::2/64") + "ip -n " + client +
        " route add default via 10.98.1.1 && ip -n " + client + " route add default via fd98:1::1 && ip -n " +
        server + " route add default via 10.98.2.1 && ip -n " + server +
        " route add default via fd98:2::1 && ip netns exec " + gateway +
        " sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'");
  }
  bool make_bridge() const {
    return run("ip -n " + gateway + " link add br0 type bridge && ip -n " + gateway +
               " link set g0 master br0 && ip -n " + gateway + " link set g1 master br0 && ip -n " + gateway +
               " link set br0 up && " + address(client, "c0", "10.98.2.1/24") +
               address(client, "c0", "fd98:2::1/64") + address(server, "s0", "10.98.2.2/24") +
               address(server, "s0", "fd98:2::2/64") + "true");
  }

  bool works_ = false;
};

}  // namespace bansoko::capture
