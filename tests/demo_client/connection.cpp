// SPDX-License-Identifier: Apache-2.0
#include "tests/demo_client/connection.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace bansoko::demo {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// SO_SNDTIMEO bounds connect() as well.
void limit_waits(int fd) noexcept {
  const timeval limit{.tv_sec = kTimeout.count(), .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

}  // namespace

std::string_view words_for(Heard heard) noexcept {
  switch (heard) {
    case Heard::bytes:
      return "an answer";
    case Heard::closed:
      return "closed by the server";
    case Heard::reset:
      return "connection reset";
    case Heard::nothing:
      return "no answer within 5 s";
  }
  return "";
}

Result<Connection> Connection::open(const std::string& host, const std::string& port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); error != 0)
    return fail(Errc::not_found, "{} port {}: {}", host, port, gai_strerror(error));
  const Addresses addresses(found, freeaddrinfo);
  UniqueFd fd(socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail(Errc::io, "socket: {}", std::strerror(errno));
  limit_waits(fd.get());
  if (connect(fd.get(), addresses->ai_addr, addresses->ai_addrlen) != 0) {
    const char* const reason = errno == EINPROGRESS ? "no answer within 5 s" : std::strerror(errno);
    return fail(Errc::io, "{} port {}: {}", host, port, reason);
  }
  return Connection(std::move(fd));
}

bool Connection::send(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Heard Connection::receive(std::string& into) {
  std::array<char, 16384> buffer;
  const ssize_t got = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (got == 0) return Heard::closed;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? Heard::nothing : Heard::reset;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return Heard::bytes;
}

Heard Connection::receive_until(std::string& into, std::size_t size) {
  while (into.size() < size) {
    if (const Heard heard = receive(into); heard != Heard::bytes) return heard;
  }
  return Heard::bytes;
}

}  // namespace bansoko::demo
