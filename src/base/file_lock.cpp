// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.h"

#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"

namespace bansoko {

Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds wait) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kStep{10};
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  const auto until = steady_clock::now() + wait;
  // A flock() that waits cannot be told how long.
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail_errno("cannot lock " + path, errno);
    if (steady_clock::now() >= until) return fail(Errc::denied, "{} is held by another program", path);
    std::this_thread::sleep_for(kStep);
  }
  return FileLock(std::move(file));
}

}  // namespace bansoko
