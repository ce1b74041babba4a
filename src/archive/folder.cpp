// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <system_error>

#include <sys/stat.h>

#include "archive/contents.h"
#include "base/file.h"

namespace bansoko::archive {
namespace {

namespace fs = std::filesystem;

Result<> take(const fs::directory_entry& entry, const std::string& folder, const Limits& limits,
              Collector& collector) {
  BANSOKO_TRY(std::string path, safe_path(entry.path().string().substr(folder.size() + 1)));
  struct stat status {};
  if (::lstat(entry.path().c_str(), &status) != 0)
    return fail_errno("cannot look at " + entry.path().string(), errno);
  const bool wanted = S_ISREG(status.st_mode) && collector.wants(path);
  // What is not wanted is not read, so its size is no matter.
  BANSOKO_CHECK(collector.meet(path, wanted ? static_cast<std::uint64_t>(status.st_size) : 0));
  if (S_ISLNK(status.st_mode)) collector.ignore(path, "a symbolic link");
  if (!wanted) return {};
  BANSOKO_CHECK(collector.check_size(path, static_cast<std::size_t>(status.st_size)));
  Member member{.path = std::move(path), .modified = status.st_mtime};
  BANSOKO_TRY(member.bytes, read_file(entry.path().string(), limits.max_member_bytes));
  collector.keep(std::move(member));
  return {};
}

}  // namespace

Result<Contents> read_folder(const std::string& path, const Limits& limits, Wanted wanted) {
  std::string folder = path;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  Collector collector(limits, wanted);
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error))
    BANSOKO_CHECK(take(*at, folder == "/" ? "" : folder, limits, collector));
  if (error) return fail_errno("cannot read the folder " + path, error.value());
  return std::move(collector).finish();
}

}  // namespace bansoko::archive
