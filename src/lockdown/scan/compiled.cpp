// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/compiled.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/unique_fd.h"

namespace bansoko::scan {
namespace {

constexpr std::string_view kCache = "/__pycache__/";
constexpr std::size_t kHead = 16;  // magic, flags, time, size

const Found* find(const std::vector<Found>& found, std::string_view path) {
  const auto at = std::lower_bound(found.begin(), found.end(), path,
                                   [](const Found& one, std::string_view want) { return one.path < want; });
  return at != found.end() && at->path == path ? &*at : nullptr;
}

/// An empty source is no find: it executes nothing. Nothing: it is not there, not empty, or not a package's.
std::optional<identity::FileState> empty_source(const std::string& root, const std::string& path,
                                                const trust::PackageIndex& packages) {
  struct stat about {};
  if (path.empty() || ::lstat((root + path).c_str(), &about) != 0 || !S_ISREG(about.st_mode) ||
      about.st_size != 0)
    return std::nullopt;
  trust::Content content;
  std::ranges::copy(Digest(DigestKind::sha256).finish(), content.sha256.begin());
  std::ranges::copy(Digest(DigestKind::md5).finish(), content.md5.emplace().begin());
  if (!trust::is_match(trust::compare(packages.owners(path), content))) return std::nullopt;
  return identity::state_of(about);
}

bool names_its_source(const std::string& path, const identity::FileState& source) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  std::array<std::uint8_t, kHead> head{};
  if (!fd.valid() || ::pread(fd.get(), head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()))
    return false;
  constexpr std::int64_t kSecond = 1'000'000'000;
  return is_made_from(head, source.size, source.modified / kSecond);
}

}  // namespace

std::string source_of_bytecode(std::string_view path) {
  const auto cache = path.rfind(kCache);
  if (cache == std::string_view::npos) return {};
  const std::string_view name = path.substr(cache + kCache.size());
  const auto dot = name.find('.');
  if (dot == 0 || dot == std::string_view::npos || !name.ends_with(".pyc") ||
      name.find('/') != std::string_view::npos)
    return {};
  return std::string(path.substr(0, cache)) + "/" + std::string(name.substr(0, dot)) + ".py";
}

bool is_made_from(Bytes head, std::uint64_t size, std::int64_t modified) noexcept {
  ByteReader reader(head);
  reader.skip(4);
  const std::uint32_t flags = reader.u32le(), time = reader.u32le(), bytes = reader.u32le();
  return reader.ok() && flags == 0 && time == static_cast<std::uint32_t>(modified) &&
         bytes == static_cast<std::uint32_t>(size);
}

void mark_compiled(std::vector<Found>& found, const std::string& root, const trust::PackageIndex& packages) {
  const std::string base = root == "/" ? "" : root;
  for (Found& one : found) {
    if (one.kind != identity::FileKind::bytecode || one.match != trust::Match::unowned) continue;
    const std::string path = source_of_bytecode(one.path);
    const Found* const other = find(found, path);
    std::optional<identity::FileState> source;
    if (other == nullptr)
      source = empty_source(base, path, packages);
    else if (trust::is_match(other->match))
      source = other->state;
    one.compiled = source && one.state.owner == source->owner && names_its_source(base + one.path, *source);
  }
}

}  // namespace bansoko::scan
