// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/programs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace bansoko::lockdown {
namespace {

using identity::FileState;
using identity::Language;

/// proc(5), /proc/pid/maps: "start-end r-xp offset device inode   path".
void add_mapped_code(const std::string& maps, std::set<std::string>& paths) {
  std::ifstream lines(maps);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.find(' ');
    const auto path = line.find('/');
    if (space == std::string::npos || path == std::string::npos || line.size() < space + 4) continue;
    if (line[space + 3] == 'x' && !line.ends_with(" (deleted)")) paths.insert(line.substr(path));
  }
}

std::vector<std::string> all_of(const std::set<std::string>& paths) { return {paths.begin(), paths.end()}; }

/// What a program writes to standard output; empty if it cannot be run.
std::string output_of(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<char*, 1> no_environment{nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
  pid_t child = -1;
  const int failed =
      ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), no_environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  write_end = UniqueFd();
  if (failed != 0) return {};
  std::string text;
  std::array<char, 4096> piece;
  constexpr std::size_t kMost = std::size_t{1} << 20U;
  for (;;) {
    const auto got = ::read(read_end.get(), piece.data(), piece.size());
    if (got <= 0 || text.size() > kMost) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::waitpid(child, nullptr, 0);
  return text;
}

/// The loader that is mapped into this very program.
std::string loader_path(const std::set<std::string>& mapped) {
  const auto found = std::ranges::find_if(mapped, [](const std::string& path) {
    return identity::language_of_program(path) == Language::loader;
  });
  return found == mapped.end() ? "" : *found;
}

/// ld.so(8), --list: "\tlibc.so.6 => /lib/libc.so.6 (0x...)".
void add_needed(const std::string& loader, const std::string& program, std::set<std::string>& paths) {
  if (loader.empty()) return;
  const std::string text = output_of({loader, "--list", program});
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at)) {
    const auto end = text.find_first_of(" \n", at);
    paths.insert(text.substr(at, end - at));
    at = end;
  }
}

bool is_process(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void Programs::add(const std::string& path, const Traits& traits) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;
  const FileState state = identity::state_of(status);
  Known& known = known_[state.key];
  known.state = state;
  if (traits.language != Language::none) known.traits.language = traits.language;
  known.traits.is_updater |= traits.is_updater;
  known.traits.is_reader |= traits.is_reader;
  known.traits.is_core |= traits.is_core;
}

void Programs::learn(const approved::List* list, const std::vector<std::string>& updaters,
                     const std::vector<std::string>& readers, const std::vector<std::string>& core) {
  const auto running = running_code();
  const std::scoped_lock lock(mutex_);
  known_.clear();
  for (const std::string& path : running) add(path, {.language = identity::language_of_program(path)});
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
    if (const auto entry = list->at(i); entry.language != Language::none)
      add(std::string(entry.path), {.language = entry.language});
  for (const std::string& path : updaters)
    add(path, {.language = identity::language_of_program(path), .is_updater = true});
  for (const std::string& path : readers) add(path, {.is_reader = true});
  for (const std::string& path : core)
    add(path, {.language = identity::language_of_program(path), .is_core = true});
}

Traits Programs::find(const FileState& file) const {
  const std::scoped_lock lock(mutex_);
  const auto found = known_.find(file.key);
  if (found == known_.end()) return {};
  Traits traits = found->second.traits;
  traits.is_core = traits.is_core && found->second.state == file;
  return traits;
}

void Programs::note(const FileState& file, Language language) {
  if (language == Language::none) return;
  const std::scoped_lock lock(mutex_);
  known_[file.key].traits.language = language;
}

std::vector<std::string> running_code() {
  std::set<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error))
    if (is_process(entry.path().filename())) add_mapped_code(entry.path() / "maps", paths);
  return all_of(paths);
}

std::vector<std::string> core_files(const std::string& rescue_shell) {
  std::set<std::string> paths;
  add_mapped_code("/proc/self/maps", paths);
  const std::string loader = loader_path(paths);
  add_mapped_code("/proc/1/maps", paths);
  paths.insert(rescue_shell);
  add_needed(loader, rescue_shell, paths);
  std::error_code error;
  const auto ours = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::string_view name : {"bansoko", "bansoko-lockdown", "bansoko-shield"}) {
    const std::string path = ours / name;
    if (!std::filesystem::exists(path, error)) continue;
    paths.insert(path);
    add_needed(loader, path, paths);
  }
  return all_of(paths);
}

}  // namespace bansoko::lockdown
