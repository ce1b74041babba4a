// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/file_state.h"

#include <cerrno>

#include "base/file.h"

namespace bansoko::identity {
namespace {

std::int64_t nanoseconds(const timespec& time) noexcept {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileState state_of(const struct stat& status) noexcept {
  return {.key = {.device = status.st_dev, .inode = status.st_ino},
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified = nanoseconds(status.st_mtim),
          .changed = nanoseconds(status.st_ctim),
          .mode = status.st_mode,
          .owner = status.st_uid};
}

Result<FileState> state_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno("cannot look at the file", errno);
  return state_of(status);
}

}  // namespace bansoko::identity
