// SPDX-License-Identifier: Apache-2.0
#include "base/content_folder.h"

#include <filesystem>
#include <system_error>

namespace bansoko {

std::string content_folder() {
  std::error_code failed;
  return std::filesystem::is_directory("content/patches", failed) ? "content" : "/usr/share/bansoko/content";
}

}  // namespace bansoko
