// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include <sys/stat.h>

#include "base/result.h"

namespace bansoko::identity {

/// Which file, whatever its names.
struct FileKey {
  std::uint64_t device = 0, inode = 0;
  friend bool operator==(const FileKey&, const FileKey&) = default;
  friend bool operator<(const FileKey& a, const FileKey& b) noexcept {
    return a.device != b.device ? a.device < b.device : a.inode < b.inode;
  }
};

struct FileKeyHash {
  std::size_t operator()(const FileKey& key) const noexcept {
    return std::hash<std::uint64_t>()(key.inode * 0x9e3779b97f4a7c15U ^ key.device);
  }
};

/// Which file, and signs of a change. A write through a shared mapping may leave them as they were.
struct FileState {
  FileKey key;
  std::uint64_t size = 0;     // bytes
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::int64_t changed = 0;   // ctime, nanoseconds since 1970
  std::uint32_t mode = 0;     // as st_mode
  std::uint32_t owner = 0;    // user id
  friend bool operator==(const FileState&, const FileState&) = default;
};

FileState state_of(const struct stat& status) noexcept;
Result<FileState> state_of(int fd);

constexpr bool is_regular(const FileState& state) noexcept { return (state.mode & S_IFMT) == S_IFREG; }

}  // namespace bansoko::identity
