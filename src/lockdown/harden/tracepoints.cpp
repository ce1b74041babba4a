// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/tracepoints.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "lockdown/harden/proc_file.h"

namespace bansoko::harden {
namespace {

constexpr std::array<const char*, 2> kFolders{"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

std::optional<std::string> mounted_folder() {
  struct stat about {};
  for (const char* folder : kFolders)
    if (::stat((std::string(folder) + "/events").c_str(), &about) == 0) return folder;
  return std::nullopt;
}

std::vector<std::uint16_t> numbers_in(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::uint16_t> numbers;
  for (const std::string& name : names) {
    std::string path = folder;
    path.append("/events/").append(name).append("/id");
    const std::string text = proc_file(path);
    std::uint16_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    numbers.push_back(number);
  }
  return numbers;
}

/// In a child: mounts the files in a namespace of its own and writes the numbers. Linux before 4.1 has them
/// in debugfs only.
int write_numbers(int to, const std::vector<std::string>& names) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 1;
  if (::mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, nullptr) != 0 &&
      ::mount("debugfs", "/sys/kernel/debug", "debugfs", 0, nullptr) != 0)
    return 1;
  const auto folder = mounted_folder();
  if (!folder) return 1;
  const auto numbers = numbers_in(*folder, names);
  const std::size_t size = numbers.size() * sizeof(numbers.front());
  return ::write(to, numbers.data(), size) == static_cast<ssize_t>(size) ? 0 : 1;
}

}  // namespace

Result<std::vector<std::uint16_t>> tracepoint_numbers(const std::vector<std::string>& names) {
  if (const auto folder = mounted_folder(); folder) return numbers_in(*folder, names);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe", errno);
  const UniqueFd from(ends[0]);
  const UniqueFd to(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return fail_errno("cannot fork", errno);
  if (child == 0) ::_exit(write_numbers(to.get(), names));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::vector<std::uint16_t> numbers(names.size());
  const std::size_t size = numbers.size() * sizeof(numbers.front());
  if (status != 0 || ::read(from.get(), numbers.data(), size) != static_cast<ssize_t>(size))
    return fail(
        Errc::unsupported,
        "the kernel's tracing files cannot be mounted (no tracefs, no debugfs, or the kernel is locked "
        "down)");
  return numbers;
}

}  // namespace bansoko::harden
