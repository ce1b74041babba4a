// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/compiled.h"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <unistd.h>

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

bool names_its_source(const std::string& path, const Found& source) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  std::array<std::uint8_t, kHead> head{};
  if (!fd.valid() || ::pread(fd.get(), head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()))
    return false;
  constexpr std::int64_t kSecond = 1'000'000'000;
  return is_made_from(head, source.state.size, source.state.modified / kSecond);
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

void mark_compiled(std::vector<Found>& found, const std::string& root) {
  for (Found& one : found) {
    if (one.kind != identity::FileKind::bytecode || one.match != trust::Match::unowned) continue;
    const Found* const source = find(found, source_of_bytecode(one.path));
    if (source == nullptr || !trust::is_match(source->match)) continue;
    one.compiled = one.state.owner == source->state.owner &&
                   names_its_source((root == "/" ? "" : root) + one.path, *source);
  }
}

}  // namespace bansoko::scan
