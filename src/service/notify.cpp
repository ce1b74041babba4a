// SPDX-License-Identifier: Apache-2.0
#include "service/notify.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>

#include "base/file.h"
#include "base/range.h"
#include "base/unique_fd.h"

namespace bansoko::service {
namespace {

std::string from_env(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once, before any thread
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Notifier::Notifier(std::string socket, std::string_view watchdog) : socket_(std::move(socket)) {
  if (const auto period = parse_number(watchdog); period && *period > 0)
    watchdog_ = std::chrono::microseconds(*period);
}

Notifier Notifier::from_environment() { return {from_env("NOTIFY_SOCKET"), from_env("WATCHDOG_USEC")}; }

Result<> Notifier::send(std::string_view state) const {
  if (socket_.empty()) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof(address.sun_path)) return fail(Errc::invalid, "NOTIFY_SOCKET is too long");
  socket_.copy(static_cast<char*>(address.sun_path), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // an abstract socket: unix(7)
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return fail_errno("cannot make a socket for systemd", errno);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (::sendto(fd.get(), state.data(), state.size(), MSG_NOSIGNAL, to, size) < 0)
    return fail_errno("cannot tell systemd", errno);
  return {};
}

}  // namespace bansoko::service
