// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/unique_fd.h"

namespace bansoko::identity {

/// A file by what its filesystem calls it, whatever its names become (open_by_handle_at(2)).
struct FileHandle {
  int type = 0;
  std::vector<std::uint8_t> bytes = {};
  friend bool operator==(const FileHandle&, const FileHandle&) = default;
};

/// Nothing: the filesystem has no handles.
std::optional<FileHandle> handle_of(int file);

/// For reading; `folder` is any on the same filesystem. Not valid: it is gone (errno ESTALE), or cannot be
/// opened.
UniqueFd open_handle(int folder, const FileHandle& handle) noexcept;

}  // namespace bansoko::identity
