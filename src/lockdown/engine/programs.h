// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "lockdown/approved/list.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/identity/language.h"

namespace bansoko::lockdown {

/// What a program is to us, besides being allowed.
struct Traits {
  identity::Language language = identity::Language::none;
  bool is_updater = false;
  bool is_reader = false;
  bool is_core = false;
};

/// Programs by their files: of those that the list and the settings name, those that run, and those that were
/// started. A program that is not in it has no traits. From any thread.
class Programs {
 public:
  /// Of the core, a file counts only as it was then. Looks at paths, and opens nothing.
  void learn(const approved::List* list, const std::vector<std::string>& updaters,
             const std::vector<std::string>& readers, const std::vector<std::string>& core);

  Traits find(const identity::FileState& file) const;
  /// It was started: what it interprets is known by its content, or else by its name.
  void note(const identity::FileState& file, identity::Language language);

 private:
  struct Known {
    identity::FileState state;
    Traits traits;
  };
  void add(const std::string& path, const Traits& traits);

  mutable std::mutex mutex_;
  std::unordered_map<identity::FileKey, Known, identity::FileKeyHash> known_;
};

/// Paths of the programs that run now, with everything they have mapped to execute; "(deleted)" ones are left
/// out.
std::vector<std::string> running_code();

/// The files without which nobody could help this machine: what process 1 and this program have mapped to
/// execute, the bansoko programs beside it, and the rescue shell with what it needs. Starts the loader; call
/// before anything is watched.
std::vector<std::string> core_files(const std::string& rescue_shell);

}  // namespace bansoko::lockdown
