// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/updates.h"

#include <algorithm>
#include <utility>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lockdown/process/process.h"

namespace bansoko::lockdown {
namespace {

constexpr int kMostAncestors = 64;

/// Without pidfd_open(2), before Linux 5.3, the moment it began tells it from another with its number.
bool has_ended(pid_t process, const UniqueFd& descriptor, std::uint64_t begun) {
  if (!descriptor.valid()) return process::begun(process) != begun;
  pollfd ended{descriptor.get(), POLLIN, 0};
  return ::poll(&ended, 1, 0) > 0;
}

}  // namespace

void Updates::begin(pid_t process, const std::string& program) {
  Updater updater{.process = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))),
                  .begun = process::begun(process).value_or(0),
                  .program = program};
  const std::scoped_lock lock(mutex_);
  drop_ended();
  if (std::ranges::find(programs_, program) == programs_.end()) programs_.push_back(program);
  updaters_.insert_or_assign(process, std::move(updater));
  under_way_ = true;
}

bool Updates::belongs(pid_t process) const {
  const std::scoped_lock lock(mutex_);
  for (int i = 0; i < kMostAncestors && process > 1; ++i) {
    const auto ids = process::ids_of(process);
    if (!ids) return false;
    const auto found = updaters_.find(ids->process);
    if (found != updaters_.end() && process::begun(ids->process) == found->second.begun)
      return ids->effective_user == 0;
    if (i == 0 && ids->effective_user != 0) return false;
    process = ids->parent;
  }
  return false;
}

void Updates::wrote(int file, const identity::FileKey& key, const std::string& path) {
  File found{.key = key, .handle = identity::handle_of(file), .path = path};
  const std::scoped_lock lock(mutex_);
  if (files_.size() >= most_ && !files_.contains(key))
    ++left_out_;
  else
    files_.insert_or_assign(key, std::move(found));
}

void Updates::distrust(const identity::FileKey& key) {
  const std::scoped_lock lock(mutex_);
  files_.erase(key);
}

bool Updates::is_theirs(const identity::FileKey& key) const {
  const std::scoped_lock lock(mutex_);
  return files_.contains(key);
}

void Updates::drop_ended() {
  std::erase_if(updaters_, [](const auto& entry) {
    return has_ended(entry.first, entry.second.process, entry.second.begun);
  });
}

std::optional<Updates::Finished> Updates::finished() {
  const std::scoped_lock lock(mutex_);
  drop_ended();
  if (!under_way_ || !updaters_.empty()) return std::nullopt;
  Finished all{.programs = programs_, .files = {}, .left_out = left_out_};
  for (const auto& [key, file] : files_) all.files.push_back(file);
  return all;
}

void Updates::settle(const Finished& done) {
  const std::scoped_lock lock(mutex_);
  // The number of a file that is gone may be another's by now, which a later update brings.
  for (const File& file : done.files)
    if (const auto found = files_.find(file.key);
        found != files_.end() && found->second.handle == file.handle && found->second.path == file.path)
      files_.erase(found);
  if (!updaters_.empty() || !files_.empty()) return;
  programs_.clear();
  left_out_ = 0;
  under_way_ = false;
}

}  // namespace bansoko::lockdown
