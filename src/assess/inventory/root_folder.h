// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assess/inventory/inventory.h"
#include "base/unique_fd.h"

namespace bansoko::inventory {

/// A folder that is the root of a system: "/" or where an image is mounted. No symbolic link leads out of it:
/// absolute ones count from it, and ".." stops at it.
class RootFolder : public Includes {
 public:
  static Result<RootFolder> open(const std::string& root, const Limits& limits);

  /// A regular file, or nothing if there is none. A file that is there and cannot be read is told to
  /// take_unreadable().
  std::optional<Document> read(const std::string& path);
  /// The first bytes of it.
  std::optional<std::string> beginning(const std::string& path, std::size_t size);
  /// The names in a folder, sorted.
  std::vector<std::string> list(const std::string& path);
  /// The files that a shell pattern names, sorted.
  std::vector<std::string> expand(const std::string& pattern);
  std::vector<Document> find(const Document& from, const std::string& pattern) override;

  /// How an operator names a file of the tree.
  std::string name_of(const std::string& path) const { return name_ + path; }
  std::vector<assess::Missing> take_unreadable() { return std::exchange(unreadable_, {}); }

 private:
  RootFolder(UniqueFd folder, std::string name, const Limits& limits)
      : folder_(std::move(folder)), name_(std::move(name)), limits_(limits) {}

  /// Less than 0 and errno: the system refuses.
  int open_in_root(const std::string& path, int flags) const;
  void expand_below(const std::string& folder, std::string_view rest, std::vector<std::string>& found);
  void unreadable(const std::string& path, std::string why);

  UniqueFd folder_;
  std::string name_;  // without a slash at its end: "" for "/"
  Limits limits_;
  std::vector<assess::Missing> unreadable_;
};

}  // namespace bansoko::inventory
