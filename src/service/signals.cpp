// SPDX-License-Identifier: Apache-2.0
#include "service/signals.h"

#include <cerrno>
#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::service {

Result<UniqueFd> open_signals(std::initializer_list<int> wanted) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : wanted) sigaddset(&set, signal);
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    return fail_errno("cannot block signals", error);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return fail_errno("cannot read signals", errno);
  return fd;
}

std::optional<std::uint32_t> next_signal(int fd) {
  signalfd_siginfo got{};
  if (::read(fd, &got, sizeof(got)) != static_cast<ssize_t>(sizeof(got))) return std::nullopt;
  return got.ssi_signo;
}

}  // namespace bansoko::service
