// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/open_file.h"

#include <array>
#include <cstdint>

#include <fmt/core.h>
#include <unistd.h>

namespace bansoko::identity {

std::string path_of(int file) {
  std::string path(4096, '\0');
  const auto size = ::readlink(fmt::format("/proc/self/fd/{}", file).c_str(), path.data(), path.size());
  path.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return path;
}

FileKind kind_of_file(int file) noexcept {
  std::array<std::uint8_t, kHeadSize> head;
  const auto got = ::pread(file, head.data(), head.size(), 0);
  return kind_of(Bytes(head).first(got < 0 ? 0 : static_cast<std::size_t>(got)));
}

}  // namespace bansoko::identity
