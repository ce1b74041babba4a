// SPDX-License-Identifier: Apache-2.0
#include "shield/source/staging.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

namespace bansoko::source {
namespace {

constexpr std::uint32_t kFolderMode = 0755;
constexpr std::uint32_t kFileMode = 0644;

Result<> remove_all(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fail_errno("cannot remove " + path, error.value());
  return {};
}

Result<> sync_folder(const std::string& path) {
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) return fail_errno("cannot save " + path, errno);
  return {};
}

/// Held until it is closed.
Result<UniqueFd> lock(const std::string& folder) {
  const std::string file = folder + "/.lock";
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!fd.valid()) return fail_errno("cannot open " + file, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) return fail(Errc::denied, "another import into {} is under way", folder);
  return fail_errno("cannot lock " + file, errno);
}

/// For file systems that cannot exchange two names: for a moment the target is gone.
Result<> exchange_slowly(const std::string& path, const std::string& target) {
  const std::string old = path + ".old";
  BANSOKO_CHECK(remove_all(old));
  if (::rename(target.c_str(), old.c_str()) != 0) return fail_errno("cannot move " + target, errno);
  if (::rename(path.c_str(), target.c_str()) != 0) {
    const int reason = errno;
    ::rename(old.c_str(), target.c_str());
    return fail_errno("cannot replace " + target, reason);
  }
  if (::rename(old.c_str(), path.c_str()) != 0) return fail_errno("cannot move " + old, errno);
  return {};
}

}  // namespace

Result<Staging> Staging::open(const std::string& folder, const std::string& name) {
  BANSOKO_CHECK(make_folder(folder, kFolderMode));
  BANSOKO_TRY(UniqueFd held, lock(folder));
  std::string path = folder + "/." + name + ".new";
  BANSOKO_CHECK(remove_all(path));  // of an import that died
  BANSOKO_CHECK(make_folder(path, kFolderMode));
  return Staging(std::move(held), std::move(path), folder + "/" + name);
}

Staging::Staging(Staging&& other) noexcept
    : lock_(std::move(other.lock_)),
      path_(std::exchange(other.path_, {})),
      target_(std::move(other.target_)) {}

Staging::~Staging() {
  // What is left over is removed by the next import; until then nobody looks at it.
  if (!path_.empty()) static_cast<void>(remove_all(path_));
}

Result<> Staging::write(const std::string& file, std::string_view text) const {
  return write_file_atomic(path_ + "/" + file, text, kFileMode);
}

Result<bool> Staging::commit() {
  const std::string parent = std::filesystem::path(target_).parent_path().string();
  BANSOKO_CHECK(sync_folder(path_));
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0) {
    path_.clear();
    BANSOKO_CHECK(sync_folder(parent));
    return false;
  }
  std::error_code error;
  if (!std::filesystem::exists(target_, error)) {
    if (::rename(path_.c_str(), target_.c_str()) != 0) return fail_errno("cannot make " + target_, errno);
    path_.clear();
    return false;
  }
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) {
    if (errno != EINVAL && errno != ENOSYS) return fail_errno("cannot replace " + target_, errno);
    BANSOKO_CHECK(exchange_slowly(path_, target_));
  }
  // path_ is the old source now, and goes with this.
  BANSOKO_CHECK(sync_folder(parent));
  return true;
}

}  // namespace bansoko::source
