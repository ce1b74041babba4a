// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/proc_file.h"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::harden {

std::string proc_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{16} << 20U;
  return file_head(path, kMost);
}

std::string file_head(const std::string& path, std::size_t size) {
  // O_NONBLOCK: a path in /proc/PID may lead to a pipe.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string text;
  std::array<char, 16384> part{};
  while (file.valid() && text.size() < size) {
    const ssize_t got = ::read(file.get(), part.data(), std::min(part.size(), size - text.size()));
    if (got <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace bansoko::harden
