// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/netlink_socket.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "shield/capture/native_order.h"

namespace bansoko::capture {
namespace {

/// Asks for more than the system's limit first (needs CAP_NET_ADMIN), then for what the limit allows.
void set_buffer(int fd, int forced, int polite, std::uint32_t size) {
  const int bytes = static_cast<int>(size);
  if (::setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
    ::setsockopt(fd, SOL_SOCKET, polite, &bytes, sizeof bytes);
}

}  // namespace

Result<NetlinkSocket> NetlinkSocket::open(std::uint32_t buffer) {
  NetlinkSocket opened;
  opened.fd_ = UniqueFd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (!opened.fd_.valid()) return fail(Errc::unsupported, "netlink to netfilter: {}", std::strerror(errno));
  const sockaddr_nl self{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  if (::bind(opened.fd(), reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0)
    return fail(Errc::io, "netlink to netfilter: bind: {}", std::strerror(errno));
  set_buffer(opened.fd(), SO_RCVBUFFORCE, SO_RCVBUF, buffer);
  set_buffer(opened.fd(), SO_SNDBUFFORCE, SO_SNDBUF, buffer);
  return opened;
}

Result<> NetlinkSocket::send(Bytes message) const {
  const sockaddr_nl kernel{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  const auto sent = ::sendto(fd(), message.data(), message.size(), 0,
                             reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent != static_cast<ssize_t>(message.size()))
    return fail(errno == EPERM ? Errc::denied : Errc::io, "netlink to netfilter: send: {}",
                std::strerror(errno));
  return {};
}

Result<Bytes> NetlinkSocket::receive(std::span<std::uint8_t> into) const {
  while (true) {
    const auto size = ::recv(fd(), into.data(), into.size(), MSG_DONTWAIT);
    if (size >= 0) return Bytes(into).first(static_cast<std::size_t>(size));
    if (errno == EAGAIN) return Bytes{};
    if (errno != EINTR) return fail(Errc::io, "netlink to netfilter: receive: {}", std::strerror(errno));
  }
}

Result<std::optional<NetlinkAnswer>> NetlinkSocket::next_error() const {
  std::array<std::uint8_t, 8192> buffer{};
  while (true) {
    BANSOKO_TRY(const Bytes message, receive(buffer));
    if (message.empty()) return std::optional<NetlinkAnswer>{};
    if (const auto answer = parse_netlink_answer(message)) return answer;
  }
}

std::optional<NetlinkAnswer> parse_netlink_answer(Bytes message) noexcept {
  ByteReader reader(message);
  reader.skip(4);
  const std::uint16_t type = native_u16(reader);
  reader.skip(2);
  const std::uint32_t sequence = native_u32(reader);
  reader.skip(4);
  const auto error = std::bit_cast<std::int32_t>(native_u32(reader));
  if (!reader.ok() || type != NLMSG_ERROR || error > 0 || error < -4095) return std::nullopt;
  return NetlinkAnswer{sequence, -error};
}

}  // namespace bansoko::capture
