// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/connection.h"

#include <array>
#include <cerrno>
#include <memory>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/unique_fd.h"

namespace bansoko::harden {
namespace {

using std::chrono::milliseconds;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> look_up(const std::string& host, const std::string& port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &list);
  if (error != 0) return fail(Errc::not_found, "{}: {}", host, ::gai_strerror(error));
  return Addresses(list);
}

/// SO_SNDTIMEO holds for connect() too (socket(7)).
Result<UniqueFd> connect_to(const addrinfo& address, milliseconds longest) {
  UniqueFd socket(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, address.ai_protocol));
  if (!socket.valid()) return fail_errno("cannot make a socket", errno);
  constexpr long kMillis = 1000;
  const timeval time{longest.count() / kMillis, (longest.count() % kMillis) * kMillis};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0)
    return fail_errno("cannot connect", errno);
  return socket;
}

}  // namespace

Result<std::string> exchange(const std::string& host, const std::string& port, std::string_view request,
                             milliseconds longest) {
  BANSOKO_TRY(const Addresses addresses, look_up(host, port));
  Result<UniqueFd> socket = fail(Errc::not_found, "{} has no address", host);
  for (const addrinfo* each = addresses.get(); each != nullptr && !socket; each = each->ai_next)
    socket = connect_to(*each, longest);
  if (!socket) return tl::unexpected<Error>(std::move(socket).error());
  std::string answer;
  if (request.empty()) return answer;
  if (::send(socket->get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    return fail_errno("cannot send", errno);
  constexpr std::size_t kEnough = 64;
  std::array<char, kEnough> part{};
  while (answer.size() < kEnough) {
    const ssize_t got = ::recv(socket->get(), part.data(), kEnough - answer.size(), 0);
    if (got < 0) return fail_errno("no answer", errno);
    if (got == 0) break;
    answer.append(part.data(), static_cast<std::size_t>(got));
  }
  return answer;
}

}  // namespace bansoko::harden
