// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/registrar.h"

#include <cerrno>
#include <list>
#include <map>

#include <fcntl.h>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/unique_fd.h"
#include "lockdown/identity/file_handle.h"
#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/language.h"
#include "lockdown/identity/open_file.h"

namespace bansoko::lockdown {
namespace {

using identity::FileKind;

/// Folders by the filesystem they are on.
class Filesystems {
 public:
  explicit Filesystems(const std::vector<std::string>& folders) {
    for (const std::string& folder : folders) {
      UniqueFd descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      const auto state = identity::state_of(descriptor.get());
      if (state) by_device_.try_emplace(state->key.device, std::move(descriptor));
    }
  }

  /// -1: none is on it.
  int folder_on(std::uint64_t device) const {
    const auto found = by_device_.find(device);
    return found == by_device_.end() ? -1 : found->second.get();
  }

 private:
  std::map<std::uint64_t, UniqueFd> by_device_;
};

/// The file of then, under whatever name; by its path where the filesystem has no handles.
UniqueFd open_again(const Updates::File& file, const Filesystems& filesystems) {
  if (file.handle) return identity::open_handle(filesystems.folder_on(file.key.device), *file.handle);
  return UniqueFd(::open(file.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

/// By its kind, its name, or its permission to be executed.
bool is_code(FileKind kind, const std::string& path, std::uint32_t mode) noexcept {
  if (kind == FileKind::empty) return false;
  if (kind == FileKind::program || kind == FileKind::script || kind == FileKind::bytecode) return true;
  return (mode & 0111U) != 0 || identity::language_of_code(path) != identity::Language::none;
}

class Collector {
 public:
  explicit Collector(const std::vector<std::string>& folders) : filesystems_(folders) {}

  void add(const Updates::File& wanted) {
    const UniqueFd file = open_again(wanted, filesystems_);
    if (!file.valid()) return count_unopened();
    const auto state = identity::state_of(file.get());
    if (!state || state->key != wanted.key) return void(++brought_.gone);
    paths_.push_back(identity::path_of(file.get()));
    const FileKind kind = identity::kind_of_file(file.get());
    if (paths_.back().ends_with(" (deleted)")) return void(++brought_.gone);
    if (!is_code(kind, paths_.back(), state->mode)) return;
    const auto digest = identity::digest_of(file.get());
    if (!digest) return void(++brought_.unread);
    ++brought_.code;
    entries_.push_back({.digest = *digest,
                        .kind = kind,
                        .language = identity::language_of_program(paths_.back()),
                        .origin = approved::Origin::updater,
                        .path = paths_.back()});
  }

  const std::vector<approved::Entry>& entries() const noexcept { return entries_; }
  const Brought& brought() const noexcept { return brought_; }

 private:
  void count_unopened() { ++(errno == ESTALE || errno == ENOENT ? brought_.gone : brought_.unread); }

  Filesystems filesystems_;
  std::list<std::string> paths_;  // what entries point into
  std::vector<approved::Entry> entries_;
  Brought brought_;
};

}  // namespace

Result<Brought> register_update(approved::Store& store, const Updates::Finished& update,
                                const std::vector<std::string>& folders) {
  Collector collector(folders);
  for (const Updates::File& file : update.files) collector.add(file);
  if (!collector.entries().empty())
    BANSOKO_CHECK(store.commit(
        {.add = collector.entries(), .reason = fmt::format("updater {}", fmt::join(update.programs, ", "))}));
  return collector.brought();
}

}  // namespace bansoko::lockdown
