// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/database_cache.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace bansoko::pattern {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".db";
constexpr std::string_view kUnfinished = ".new";
constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kMostOfOne = 128U << 20U;

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

/// Those longest not used first; what a process that died left unfinished is among them.
std::vector<CachedFile> files_in(const std::string& folder) {
  std::vector<CachedFile> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const auto ending = entry.path().extension();
    if ((ending != kEnding && ending != kUnfinished) || !entry.is_regular_file(ignored)) continue;
    files.push_back({entry.path(), entry.last_write_time(ignored), entry.file_size(ignored)});
  }
  std::ranges::sort(files, {}, &CachedFile::used);
  return files;
}

std::uint64_t size_of(const std::vector<CachedFile>& files) {
  std::uint64_t size = 0;
  for (const CachedFile& file : files) size += file.size;
  return size;
}

}  // namespace

DatabaseCache::DatabaseCache(Settings settings)
    : settings_(std::move(settings)), used_(size_of(files_in(settings_.folder))) {}

Result<DatabaseCache> DatabaseCache::open(Settings settings) {
  BANSOKO_CHECK(make_folder(settings.folder, 0700));
  struct stat found {};
  if (::stat(settings.folder.c_str(), &found) != 0)
    return fail_errno("cannot look at " + settings.folder, errno);
  if (found.st_uid != 0 && found.st_uid != ::geteuid())
    return fail(Errc::invalid, "{}: it belongs to another user", settings.folder);
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(Errc::invalid, "{}: others than its owner may write to it", settings.folder);
  if (::access(settings.folder.c_str(), R_OK | X_OK) != 0)
    return fail_errno("cannot read " + settings.folder, errno);
  return DatabaseCache(std::move(settings));
}

std::string DatabaseCache::path_of(const std::string& name) const {
  return fmt::format("{}/{}{}", settings_.folder, name, kEnding);
}

std::string DatabaseCache::find(const std::string& name) {
  const std::string path = path_of(name);
  auto whole = read_file(path, kMostOfOne);
  if (!whole && whole.error().code == Errc::not_found) {
    ++counters_.absent;
    return {};
  }
  const std::size_t size = whole ? whole->size() : 0;
  if (size <= kDigestSize ||
      digest_of(as_bytes(*whole).first(size - kDigestSize)) != whole->substr(size - kDigestSize)) {
    ++counters_.damaged;
    faults_.push_back(fmt::format("{}: {}; its patterns are compiled anew", path,
                                  whole ? "the file is damaged" : whole.error().message));
    return {};
  }
  ++counters_.found;
  ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);  // used now: it goes last
  whole->resize(size - kDigestSize);
  return std::move(*whole);
}

void DatabaseCache::keep(const std::string& name, Bytes content) {
  const std::uint64_t size = content.size() + kDigestSize;
  if (size > std::min<std::uint64_t>(settings_.max_size, kMostOfOne)) {
    ++counters_.not_kept;
    return;
  }
  if (used_ + size > settings_.max_size) make_room(size);
  if (const auto written = write(name, content)) {
    ++counters_.kept;
    used_ += size;
  } else {
    ++counters_.not_kept;
    if (!std::exchange(told_of_writing_, true)) faults_.push_back(written.error().message);
  }
}

// No fsync: what a power cut leaves is told from what was written by its digest.
Result<> DatabaseCache::write(const std::string& name, Bytes content) {
  const std::string fresh = fmt::format("{}/{}.{}{}", settings_.folder, name, ::getpid(), kUnfinished);
  ::unlink(fresh.c_str());  // of a process that had our number and died
  const UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return fail_errno("cannot create " + fresh, errno);
  auto written = write_all(file.get(), as_text(content), fresh);
  if (written) written = write_all(file.get(), digest_of(content), fresh);
  if (written && ::rename(fresh.c_str(), path_of(name).c_str()) != 0)
    written = fail_errno("cannot replace " + path_of(name), errno);
  if (!written) ::unlink(fresh.c_str());
  return written;
}

void DatabaseCache::make_room(std::uint64_t size) {
  const auto files = files_in(settings_.folder);
  used_ = size_of(files);
  for (const CachedFile& file : files) {
    if (used_ + size <= settings_.max_size) return;
    std::error_code failed;
    if (!fs::remove(file.path, failed)) continue;
    used_ -= file.size;
    ++counters_.removed;
  }
}

std::vector<std::string> DatabaseCache::take_faults() { return std::exchange(faults_, {}); }

}  // namespace bansoko::pattern
