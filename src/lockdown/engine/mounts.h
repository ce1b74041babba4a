// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/engine/settings.h"
#include "lockdown/guard/guard.h"

namespace bansoko::lockdown {

struct Mount {
  std::uint64_t id = 0;
  std::string device;  // "8:1"
  std::string point;   // where it is, for those in its namespace
  std::string type;    // "ext4"
  friend bool operator==(const Mount&, const Mount&) = default;
};

/// /proc/<pid>/mountinfo (proc(5)). Lines that cannot be understood are left out.
std::vector<Mount> parse_mounts(std::string_view text);

/// Keeps every filesystem watched that the settings ask for: those there are, those that come, and those that
/// other mount namespaces have and ours has not. One thread.
class Mounts {
 public:
  /// Both must outlive it.
  Mounts(const WatchSettings& settings, guard::Guard& guard) : settings_(settings), guard_(guard) {}

  /// Watches what is not watched yet. Fails where a path of the settings cannot be; of the others
  /// `unwatched()` tells.
  Result<> watch_all();
  /// Has our namespace changed since it was asked last?
  bool have_changed();
  /// What could not be watched: "/mnt/x (fuse): reason".
  const std::set<std::string>& unwatched() const noexcept { return unwatched_; }
  std::size_t watched() const noexcept { return watched_.size(); }
  /// A path on each filesystem that is watched.
  const std::vector<std::string>& paths() const noexcept { return paths_; }

 private:
  void watch(const Mount& mount, const std::string& root);
  bool is_wanted(const Mount& mount) const;

  const WatchSettings& settings_;
  guard::Guard& guard_;
  UniqueFd changes_;
  std::set<std::string> watched_;  // devices, or mounts where the kernel marks those alone
  std::set<std::string> unwatched_;
  std::vector<std::string> paths_;
};

}  // namespace bansoko::lockdown
