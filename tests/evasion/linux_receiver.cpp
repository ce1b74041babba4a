// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "tests/evasion/receiver.h"

namespace bansoko::evasion {
namespace {

Error io_error(std::string_view what) { return {Errc::io, std::string(what) + ": " + std::strerror(errno)}; }

Result<UniqueFd> listen_on(std::uint16_t port) {
  UniqueFd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int off = 0;
  ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  any.sin6_port = htons(port);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
    return tl::unexpected(io_error("bind"));
  if (::listen(socket.get(), 16) != 0) return tl::unexpected(io_error("listen"));
  return socket;
}

class LinuxReceiver final : public Receiver {
 public:
  LinuxReceiver(UniqueFd tun, std::map<std::uint16_t, UniqueFd> listeners)
      : tun_(std::move(tun)), listeners_(std::move(listeners)) {}

  void deliver(Bytes packet) override {
    if (::write(tun_.get(), packet.data(), packet.size()) < 0 && errno != EINVAL)
      std::abort();  // EINVAL: no IP version that the device knows
  }

  std::vector<traffic::Octets> answers() override {
    std::vector<traffic::Octets> all;
    std::array<std::uint8_t, 65536> buffer;
    ssize_t size = 0;
    while ((size = ::read(tun_.get(), buffer.data(), buffer.size())) > 0)
      all.emplace_back(buffer.begin(), buffer.begin() + size);
    return all;
  }

  std::string heard(std::uint16_t port) override {
    accept_all(port);
    std::string text;
    std::array<char, 65536> buffer;
    for (const UniqueFd& connection : connections_[port]) {
      ssize_t size = 0;
      while ((size = ::recv(connection.get(), buffer.data(), buffer.size(), 0)) > 0)
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

  void forget() override {
    for (const auto& [port, listener] : listeners_) accept_all(port);
    const linger now{.l_onoff = 1, .l_linger = 0};
    for (const auto& [port, connections] : connections_)
      for (const UniqueFd& connection : connections)
        ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    connections_.clear();
    answers();
  }

 private:
  void accept_all(std::uint16_t port) {
    int accepted = 0;
    while ((accepted =
                ::accept4(listeners_.at(port).get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
      connections_[port].emplace_back(accepted);
  }

  UniqueFd tun_;
  std::map<std::uint16_t, UniqueFd> listeners_;
  std::map<std::uint16_t, std::vector<UniqueFd>> connections_;
};

}  // namespace

Result<std::unique_ptr<Receiver>> linux_receiver(const std::vector<std::uint16_t>& ports) {
  if (::unshare(CLONE_NEWNET) != 0) return tl::unexpected(io_error("a network namespace of our own"));
  UniqueFd tun(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (tun.get() < 0) return tl::unexpected(io_error("/dev/net/tun"));
  ifreq request{};
  std::strncpy(request.ifr_name, "lab0", IFNAMSIZ - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(tun.get(), TUNSETIFF, &request) != 0) return tl::unexpected(io_error("a tun device"));
  // What the guard refuses leaves datagrams that are never whole: the kernel must have room for all of them.
  const int done = std::system(
      "sysctl -qw net.ipv4.ipfrag_high_thresh=1000000000 net.ipv6.ip6frag_high_thresh=1000000000 && "
      "ip link set lo up && ip addr add 10.98.0.1/24 dev lab0 && ip -6 addr add fd98::1/64 dev lab0 nodad && "
      "ip link set lab0 up");
  if (done != 0) return fail(Errc::io, "the program ip could not set up the device");
  std::map<std::uint16_t, UniqueFd> listeners;
  for (const std::uint16_t port : ports) {
    BANSOKO_TRY(UniqueFd listener, listen_on(port));
    listeners.emplace(port, std::move(listener));
  }
  return std::make_unique<LinuxReceiver>(std::move(tun), std::move(listeners));
}

}  // namespace bansoko::evasion
