// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/known_files.h"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

namespace bansoko::lockdown {

std::optional<Content> KnownFiles::find(const identity::FileKey& key) const {
  const std::scoped_lock lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional(files_.at(found->second).content);
}

Leased KnownFiles::lease(int file) {
  const std::scoped_lock lock(mutex_);
  // Before the lease, since a writer may come the moment it is there.
  being_read_[file] = false;
  const bool named = ::fcntl(file, F_SETSIG, signal_) == 0;
  if (named && ::fcntl(file, F_SETLEASE, F_RDLCK) == 0) return Leased::yes;
  const bool has_writer = named && errno == EAGAIN;
  being_read_.erase(file);
  counters_.refused.add();
  return has_writer ? Leased::has_writer : Leased::unsupported;
}

void KnownFiles::abandon(int file) {
  const std::scoped_lock lock(mutex_);
  being_read_.erase(file);
  ::fcntl(file, F_SETLEASE, F_UNLCK);
}

bool KnownFiles::know(UniqueFd file, const identity::FileKey& key, const Content& content,
                      std::optional<guard::Kept> kept) {
  const std::scoped_lock lock(mutex_);
  const int descriptor = file.get();
  const auto reading = being_read_.extract(descriptor);
  if (reading.empty() || reading.mapped()) return false;
  if (by_key_.contains(key)) return true;  // another thread was first: one lease is enough
  if (files_.size() >= most_) make_room();
  auto& queue = queue_of(content);
  File known{.descriptor = std::move(file),
             .key = key,
             .content = content,
             .place = queue.insert(queue.end(), descriptor)};
  if (kept) keep(known, *kept);
  files_.emplace(descriptor, std::move(known));
  by_key_.emplace(key, descriptor);
  return true;
}

void KnownFiles::keep(const identity::FileKey& key, guard::Kept kept) {
  const std::scoped_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) keep(files_.at(found->second), kept);
}

void KnownFiles::keep(File& file, guard::Kept kept) {
  if (file.kept || !guard_.keep(file.descriptor.get(), kept)) return;
  file.kept = true;
  counters_.kept.add();
}

bool KnownFiles::give_up(int file) {
  const std::scoped_lock lock(mutex_);
  if (const auto reading = being_read_.find(file); reading != being_read_.end()) {
    reading->second = true;
    ::fcntl(file, F_SETLEASE, F_UNLCK);
    return true;
  }
  if (!files_.contains(file)) return false;
  counters_.broken.add();
  forget(file);
  return true;
}

void KnownFiles::give_up_all() {
  const std::scoped_lock lock(mutex_);
  for (auto& [file, has_writer] : being_read_) {
    has_writer = true;
    ::fcntl(file, F_SETLEASE, F_UNLCK);
  }
  while (!files_.empty()) forget(files_.begin()->first);
}

Result<> KnownFiles::ask_again() {
  const std::scoped_lock lock(mutex_);
  BANSOKO_CHECK(guard_.forget_all());
  for (auto& [descriptor, file] : files_) file.kept = false;
  return {};
}

void KnownFiles::make_room() {
  counters_.evicted.add();
  forget(data_.empty() ? code_.front() : data_.front());
}

/// The kernel first asks again, and only then may a writer go on.
void KnownFiles::forget(int descriptor) {
  auto node = files_.extract(descriptor);
  File& file = node.mapped();
  if (file.kept) guard_.forget(descriptor);
  queue_of(file.content).erase(file.place);
  by_key_.erase(file.key);
}

void KnownFiles::sweep(std::size_t count) {
  const std::scoped_lock lock(mutex_);
  std::vector<int> nameless;
  for (count = std::min(count, files_.bucket_count()); count > 0; --count) {
    swept_ = (swept_ + 1) % files_.bucket_count();
    for (auto file = files_.begin(swept_); file != files_.end(swept_); ++file) {
      struct stat status {};
      if (::fstat(file->first, &status) == 0 && status.st_nlink == 0) nameless.push_back(file->first);
    }
  }
  for (const int descriptor : nameless) forget(descriptor);
}

std::size_t KnownFiles::size() const {
  const std::scoped_lock lock(mutex_);
  return files_.size();
}

}  // namespace bansoko::lockdown
