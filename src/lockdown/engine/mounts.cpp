// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/mounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

namespace bansoko::lockdown {
namespace {

/// What lies between blanks.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(line.size(), end + 1));
  }
  return words;
}

/// Blanks and their like are written "\040".
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool escape =
        text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 4, value, 8).ptr == text.data() + i + 4;
    plain += escape ? static_cast<char>(value) : text[i];
    if (escape) i += 3;
  }
  return plain;
}

std::string mount_table(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string namespace_of(const std::string& process) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/" + process + "/ns/mnt", error);
}

bool is_number(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view text) {
  std::vector<Mount> mounts;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto words = words_of(line);
    const auto dash = std::ranges::find(words, "-");
    Mount mount;
    if (words.size() < 5 || words.end() - dash < 2) continue;
    if (std::from_chars(words[0].data(), words[0].data() + words[0].size(), mount.id).ec != std::errc())
      continue;
    mount.device = words[2];
    mount.point = unescaped(words[4]);
    mount.type = dash[1];
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

bool Mounts::is_wanted(const Mount& mount) const {
  // A look at an automount would mount it.
  return mount.type != "autofs" &&
         std::ranges::find(settings_.except_types, mount.type) == settings_.except_types.end();
}

void Mounts::watch(const Mount& mount, const std::string& root) {
  const std::string key =
      guard_.means().marks_filesystems ? mount.device : fmt::format("{}#{}", mount.device, mount.id);
  if (!is_wanted(mount) || watched_.contains(key)) return;
  if (const auto done = guard_.watch(root + mount.point); !done) {
    unwatched_.insert(fmt::format("{} ({}): {}", mount.point, mount.type, done.error().message));
    return;
  }
  watched_.insert(key);
  paths_.push_back(root + mount.point);
}

Result<> Mounts::watch_all() {
  unwatched_.clear();
  for (const std::string& path : settings_.paths) {
    BANSOKO_CHECK(guard_.watch(path));
    if (watched_.insert(path).second) paths_.push_back(path);
  }
  if (!settings_.paths.empty()) return {};
  for (const Mount& mount : parse_mounts(mount_table("/proc/self/mountinfo"))) watch(mount, "");
  std::error_code error;
  std::set<std::string> there{namespace_of("self")};
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string process = entry.path().filename();
    if (!is_number(process) || !there.insert(namespace_of(process)).second) continue;
    for (const Mount& mount : parse_mounts(mount_table("/proc/" + process + "/mountinfo")))
      watch(mount, "/proc/" + process + "/root");
  }
  return {};
}

bool Mounts::have_changed() {
  if (!changes_.valid()) changes_ = UniqueFd(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  pollfd changed{changes_.get(), POLLPRI, 0};
  return ::poll(&changed, 1, 0) > 0 && (changed.revents & (POLLPRI | POLLERR)) != 0;
}

}  // namespace bansoko::lockdown
