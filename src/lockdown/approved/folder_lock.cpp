// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/folder_lock.h"

#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"

namespace bansoko::approved {

Result<FolderLock> FolderLock::take(const std::string& folder, std::chrono::milliseconds wait) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kStep{10};
  const std::string path = folder + "/lock";
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  const auto until = steady_clock::now() + wait;
  // A flock() that waits cannot be told how long.
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail_errno("cannot lock " + path, errno);
    if (steady_clock::now() >= until)
      return fail(Errc::denied, "{} is held: another program changes the approved list", path);
    std::this_thread::sleep_for(kStep);
  }
  return FolderLock(std::move(file));
}

}  // namespace bansoko::approved
