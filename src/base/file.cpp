// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko {

namespace {

Errc code_of(int error_number) noexcept {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Errc::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Errc::denied;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
      return Errc::limit;
    default:
      return Errc::io;
  }
}

Result<std::string> read_at_most(int fd, std::size_t max_size, std::size_t expected,
                                 const std::string& path) {
  std::string text;
  text.reserve(std::min(max_size, expected) + 1);
  for (;;) {
    const std::size_t had = text.size();
    // One byte more than allowed, so that a file that grew while being read is noticed.
    const std::size_t room = text.capacity() > had ? text.capacity() - had : 64U << 10U;
    const std::size_t step = std::min(room, max_size + 1 - had);
    text.resize(had + step);
    const ssize_t got = ::read(fd, text.data() + had, step);
    if (got < 0 && errno != EINTR) return fail_errno("cannot read " + path, errno);
    text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (text.size() > max_size) return fail(Errc::limit, "{} is larger than {} bytes", path, max_size);
    if (got == 0) return text;
  }
}

Result<> write_new(const std::string& path, std::string_view text, std::uint32_t mode) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.valid()) return fail_errno("cannot create " + path, errno);
  BANSOKO_CHECK(write_all(file.get(), text, path));
  if (::fchmod(file.get(), mode) != 0) return fail_errno("cannot set the rights of " + path, errno);
  if (::fsync(file.get()) != 0) return fail_errno("cannot save " + path, errno);
  return {};
}

Result<> sync_folder(const std::filesystem::path& file) {
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return fail_errno("cannot save " + folder, errno);
  return {};
}

}  // namespace

tl::unexpected<Error> fail_errno(std::string_view what, int error_number) {
  return fail(code_of(error_number), "{}: {}", what, std::generic_category().message(error_number));
}

Result<std::string> read_file(const std::string& path, std::size_t max_size) {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return fail_errno("cannot open " + path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_errno("cannot look at " + path, errno);
  if (!S_ISREG(status.st_mode)) return fail(Errc::invalid, "{} is not a regular file", path);
  return read_at_most(file.get(), max_size, static_cast<std::size_t>(status.st_size), path);
}

Result<> write_all(int fd, std::string_view text, std::string_view path) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return fail_errno(fmt::format("cannot write {}", path), errno);
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

Result<> write_file_atomic(const std::string& path, std::string_view text, std::uint32_t mode) {
  const std::string fresh = fmt::format("{}.{}.tmp", path, ::getpid());
  ::unlink(fresh.c_str());  // of a process that had our number and died
  if (auto written = write_new(fresh, text, mode); !written) {
    ::unlink(fresh.c_str());
    return written;
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    ::unlink(fresh.c_str());
    return fail_errno("cannot replace " + path, reason);
  }
  return sync_folder(path);
}

Result<> make_folder(const std::string& path, std::uint32_t mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  std::filesystem::create_directories(path, error);
  if (error) return fail_errno("cannot make " + path, error.value());
  if (::chmod(path.c_str(), mode) != 0) return fail_errno("cannot set the rights of " + path, errno);
  return {};
}

Result<std::vector<std::string>> expand_glob(const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos) return std::vector{pattern};
  glob_t found{};
  const int outcome = ::glob(pattern.c_str(), GLOB_ERR, nullptr, &found);
  const int reason = errno;
  std::vector<std::string> paths;
  if (outcome == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (outcome == GLOB_NOSPACE) return fail(Errc::limit, "too many files match {}", pattern);
  if (outcome == GLOB_ABORTED) return fail_errno("cannot list " + pattern, reason);
  return paths;
}

}  // namespace bansoko
