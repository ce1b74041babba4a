// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace bansoko {

/// The root of the sources, found upwards from the running program; empty if it was moved elsewhere.
inline std::string source_folder() {
  std::error_code error;
  auto at = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  while (!std::filesystem::exists(at / "src/LAYERS", error) && at != at.parent_path()) at = at.parent_path();
  return std::filesystem::exists(at / "src/LAYERS", error) ? at.string() : std::string();
}

}  // namespace bansoko
