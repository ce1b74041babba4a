// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

#include "base/unique_fd.h"
#include "lockdown/identity/file_handle.h"
#include "lockdown/identity/file_state.h"

namespace bansoko::lockdown {

/// What a trusted updater brings, from the start of the first one until the last one that was started
/// meanwhile has ended. It begins with a program of the settings' `updaters` that root starts; all that it
/// starts belongs to it. What they write into new files is theirs, until somebody else opens such a file for
/// writing. From any thread.
class Updates {
 public:
  /// At most so many files; beyond it a file is not noted, so it stays unknown, and is counted.
  explicit Updates(std::size_t most) : most_(most) {}

  /// A process is about to become an updater.
  void begin(pid_t process, const std::string& program);
  bool is_under_way() const noexcept { return under_way_.load(std::memory_order_relaxed); }
  /// Does the process, or one that started it, update now?
  bool belongs(pid_t process) const;

  /// An updater has opened a file for writing that was empty. `path` as it was then.
  void wrote(int file, const identity::FileKey& key, const std::string& path);
  /// Somebody else opens it for writing.
  void distrust(const identity::FileKey& key);
  bool is_theirs(const identity::FileKey& key) const;

  /// One file, to be found again under whatever name it has now.
  struct File {
    identity::FileKey key;
    std::optional<identity::FileHandle> handle;  // nothing: its filesystem has none
    std::string path;
  };
  struct Finished {
    std::vector<std::string> programs;
    std::vector<File> files;
    std::uint64_t left_out = 0;
  };
  /// What has been brought, once nobody updates any more; it stays theirs until settle().
  std::optional<Finished> finished();
  /// The list has these files now.
  void settle(const Finished& done);

 private:
  struct Updater {
    UniqueFd process;  // pidfd_open(2)
    std::uint64_t begun = 0;
    std::string program;
  };
  void drop_ended();

  std::size_t most_;
  std::atomic<bool> under_way_{false};
  mutable std::mutex mutex_;
  std::unordered_map<pid_t, Updater> updaters_;
  std::vector<std::string> programs_;
  std::unordered_map<identity::FileKey, File, identity::FileKeyHash> files_;
  std::uint64_t left_out_ = 0;
};

}  // namespace bansoko::lockdown
