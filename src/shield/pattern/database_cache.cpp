// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/database_cache.h"

#include <algorithm>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"

namespace bansoko::pattern {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".db";
constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kMostOfOne = 128 << 20;

std::string digest_of(Bytes content) {
  Digest digest(DigestKind::sha256);
  digest.add(content);
  return std::string(as_text(digest.finish()));
}

struct CachedFile {
  fs::path path;
  fs::file_time_type used;
  std::uint64_t size = 0;
};

/// Oldest first.
std::vector<CachedFile> files_in(const std::string& folder) {
  std::vector<CachedFile> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() != kEnding || !entry.is_regular_file(ignored)) continue;
    files.push_back({entry.path(), entry.last_write_time(ignored), entry.file_size(ignored)});
  }
  std::ranges::sort(files, {}, &CachedFile::used);
  return files;
}

}  // namespace

Result<DatabaseCache> DatabaseCache::open(Settings settings) {
  BANSOKO_CHECK(make_folder(settings.folder, 0700));
  struct stat found {};
  if (::stat(settings.folder.c_str(), &found) != 0)
    return fail_errno("cannot look at " + settings.folder, errno);
  // Whoever can write here decides what is matched.
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(Errc::invalid, "{}: others than its owner may write to it", settings.folder);
  return DatabaseCache(std::move(settings));
}

std::string DatabaseCache::path_of(const std::string& name) const {
  return settings_.folder + "/" + name + std::string(kEnding);
}

std::vector<char> DatabaseCache::find(const std::string& name) {
  const std::string path = path_of(name);
  const auto file = read_file(path, kMostOfOne);
  if (!file) {
    ++counters_.absent;
    return {};
  }
  const std::string_view whole = *file;
  if (whole.size() <= kDigestSize ||
      digest_of(as_bytes(whole.substr(kDigestSize))) != whole.substr(0, kDigestSize)) {
    ++counters_.damaged;
    return {};
  }
  ++counters_.found;
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);  // used now: it goes last
  return {whole.begin() + kDigestSize, whole.end()};
}

void DatabaseCache::keep(const std::string& name, Bytes content) {
  make_room(content.size() + kDigestSize);
  const std::string whole = digest_of(content) + std::string(as_text(content));
  const bool is_kept = whole.size() <= std::min<std::uint64_t>(settings_.max_size, kMostOfOne) &&
                       write_file_atomic(path_of(name), whole, 0600).has_value();
  ++(is_kept ? counters_.kept : counters_.not_kept);
}

void DatabaseCache::make_room(std::uint64_t size) {
  const auto files = files_in(settings_.folder);
  std::uint64_t used = size;
  for (const CachedFile& file : files) used += file.size;
  for (const CachedFile& file : files) {
    if (used <= settings_.max_size) return;
    std::error_code failed;
    if (!fs::remove(file.path, failed)) continue;
    used -= file.size;
    ++counters_.removed;
  }
}

}  // namespace bansoko::pattern
