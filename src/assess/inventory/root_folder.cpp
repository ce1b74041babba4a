// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/root_folder.h"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "assess/inventory/lines.h"
#include "base/file.h"

namespace bansoko::inventory {
namespace {

constexpr std::size_t kMaxNames = 100'000;  // of one folder
constexpr std::size_t kMaxFound = 10'000;   // files of one pattern

std::string reason(int error_number) { return fail_errno("", error_number).value().message.substr(2); }

/// Reads up to `size` bytes, whatever the file says of its size.
std::optional<std::string> read_some(int file, std::size_t size) {
  constexpr std::size_t kPiece = std::size_t{1} << 16U;
  std::string bytes;
  while (bytes.size() < size) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(size, before + std::max(kPiece, before)));
    const ssize_t got = ::read(file, bytes.data() + before, bytes.size() - before);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
  }
  return bytes;
}

}  // namespace

Result<RootFolder> RootFolder::open(const std::string& root, const Limits& limits) {
  UniqueFd folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail_errno(fmt::format("cannot open {}", root), errno);
  std::string name = root;
  while (name.ends_with('/')) name.pop_back();
  RootFolder made(std::move(folder), std::move(name), limits);
  const UniqueFd tried(made.open_in_root("/", O_PATH | O_DIRECTORY));
  if (!tried.valid())
    return fail_errno(fmt::format("cannot read {} safely: openat2 of Linux 5.6 is needed", root), errno);
  return made;
}

int RootFolder::open_in_root(const std::string& path, int flags) const {
  struct open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder_.get(), path.c_str(), &how, sizeof how));
}

void RootFolder::unreadable(const std::string& path, std::string why) {
  constexpr std::size_t kMost = 200;
  if (unreadable_.size() < kMost)
    unreadable_.push_back({.gap = assess::Gap::unreadable,
                           .what = fmt::format("{}: {}", kept_text(name_of(path), limits_.max_text), why),
                           .evidence = {.source = name_of(path)}});
}

std::optional<std::string> RootFolder::beginning(const std::string& path, std::size_t size) {
  // A device or a pipe is not even opened.
  const UniqueFd looked(open_in_root(path, O_PATH));
  struct stat about = {};
  if (!looked.valid() || ::fstat(looked.get(), &about) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) unreadable(path, reason(errno));
    return std::nullopt;
  }
  if (!S_ISREG(about.st_mode)) {
    unreadable(path, "is no file");
    return std::nullopt;
  }
  const UniqueFd file(open_in_root(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  auto bytes = file.valid() ? read_some(file.get(), size) : std::nullopt;
  if (!bytes) unreadable(path, reason(errno));
  return bytes;
}

std::optional<Document> RootFolder::read(const std::string& path) {
  auto bytes = beginning(path, limits_.max_bytes + 1);
  if (bytes && bytes->size() > limits_.max_bytes) {
    unreadable(path, fmt::format("is larger than {} bytes", limits_.max_bytes));
    return std::nullopt;
  }
  if (!bytes) return std::nullopt;
  return Document{name_of(path), std::move(*bytes)};
}

std::vector<std::string> RootFolder::list(const std::string& path) {
  std::vector<std::string> names;
  const int folder = open_in_root(path, O_RDONLY | O_DIRECTORY);
  if (folder < 0) {
    if (errno != ENOENT && errno != ENOTDIR) unreadable(path, reason(errno));
    return names;
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::fdopendir(folder), ::closedir);
  while (opened != nullptr) {
    const dirent* const entry = ::readdir(opened.get());  // NOLINT(concurrency-mt-unsafe): ours alone
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() >= kMaxNames) {
      unreadable(path, fmt::format("only the first {} names are read", kMaxNames));
      break;
    }
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void RootFolder::expand_below(const std::string& folder, std::string_view rest,
                              std::vector<std::string>& found) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (found.size() >= kMaxFound) return;
  if (rest.empty()) {
    struct stat about = {};
    const UniqueFd looked(open_in_root(folder, O_PATH));
    if (looked.valid() && ::fstat(looked.get(), &about) == 0 && !S_ISDIR(about.st_mode))
      found.push_back(folder);
    return;
  }
  const std::string part(rest.substr(0, rest.find('/')));
  rest.remove_prefix(part.size());
  if (part.find_first_of("*?[") == std::string::npos) {
    expand_below(fmt::format("{}/{}", folder, part), rest, found);
    return;
  }
  for (const std::string& name : list(folder))
    if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0)
      expand_below(fmt::format("{}/{}", folder, name), rest, found);
}

std::vector<std::string> RootFolder::expand(const std::string& pattern) {
  std::vector<std::string> found;
  expand_below("", pattern, found);
  if (found.size() >= kMaxFound)
    unreadable(pattern, fmt::format("only the first {} files are read", kMaxFound));
  return found;
}

std::vector<Document> RootFolder::find(const Document& from, const std::string& pattern) {
  std::string whole = pattern;
  if (!pattern.starts_with('/')) {
    const std::string_view path =
        std::string_view(from.name).substr(std::min(name_.size(), from.name.size()));
    whole = fmt::format("{}/{}", path.substr(0, path.rfind('/')), pattern);
  }
  std::vector<Document> documents;
  std::size_t bytes = 0;
  for (const std::string& path : expand(whole)) {
    auto document = read(path);
    if (!document) continue;
    bytes += document->bytes.size();
    if (bytes > limits_.max_bytes) {
      unreadable(path, fmt::format("what is included is larger than {} bytes", limits_.max_bytes));
      break;
    }
    documents.push_back(std::move(*document));
  }
  return documents;
}

}  // namespace bansoko::inventory
