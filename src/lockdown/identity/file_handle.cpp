// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/file_handle.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <span>

#include <fcntl.h>

namespace bansoko::identity {
namespace {

constexpr std::size_t kMostBytes = MAX_HANDLE_SZ;

/// The kernel's form: a head, and bytes that follow it.
class Raw {
 public:
  file_handle& head() noexcept { return *reinterpret_cast<file_handle*>(memory_.data()); }
  std::span<std::uint8_t> bytes() noexcept {
    return std::span(memory_).subspan(offsetof(file_handle, f_handle));
  }

 private:
  alignas(file_handle) std::array<std::uint8_t, sizeof(file_handle) + kMostBytes> memory_{};
};

}  // namespace

std::optional<FileHandle> handle_of(int file) {
  Raw raw;
  raw.head().handle_bytes = kMostBytes;
  int mount = 0;
  if (::name_to_handle_at(file, "", &raw.head(), &mount, AT_EMPTY_PATH) != 0) return std::nullopt;
  const auto bytes = raw.bytes().first(std::min<std::size_t>(raw.head().handle_bytes, kMostBytes));
  return FileHandle{.type = raw.head().handle_type, .bytes = {bytes.begin(), bytes.end()}};
}

UniqueFd open_handle(int folder, const FileHandle& handle) noexcept {
  Raw raw;
  if (handle.bytes.size() > kMostBytes) {
    errno = EINVAL;
    return {};
  }
  raw.head().handle_bytes = static_cast<unsigned>(handle.bytes.size());
  raw.head().handle_type = handle.type;
  std::ranges::copy(handle.bytes, raw.bytes().begin());
  return UniqueFd(::open_by_handle_at(folder, &raw.head(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace bansoko::identity
