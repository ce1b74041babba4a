// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace bansoko::trust {

/// Where the folders that packages name really are: "/bin" is "/usr/bin" where the one is a link to the
/// other. Links are followed within the root, as a process that runs there would.
class PhysicalFolders {
 public:
  /// `root` without a slash at its end; empty: this system.
  explicit PhysicalFolders(std::string root) : root_(std::move(root)) {}

  /// Of "/usr/bin" and the like; "" is the root itself. One that is not there is as it was named. Valid as
  /// long as this.
  const std::string& of(std::string_view folder);

 private:
  std::string resolve(std::string_view path, int links);
  std::string step(const std::string& parent, std::string_view name, int links);

  std::string root_;
  std::unordered_map<std::string, std::string> known_;
};

}  // namespace bansoko::trust
