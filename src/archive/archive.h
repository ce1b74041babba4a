// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// Files out of archives and folders, into memory. Nothing is ever unpacked onto the disk.
namespace bansoko::archive {

/// What is more than this is refused as a whole.
struct Limits {
  std::size_t max_bytes = std::size_t{256} << 20U;          // of all members, unpacked, wanted or not
  std::size_t max_member_bytes = std::size_t{64} << 20U;    // of one that is wanted
  std::size_t max_archive_bytes = std::size_t{256} << 20U;  // of the archive as it stands on the disk
  std::size_t max_members = 10000;
};

/// One file.
struct Member {
  std::string path = {};  // relative, without "." and ".."
  std::string bytes = {};
  std::int64_t modified = 0;  // seconds of the epoch; 0: not known
};

struct Contents {
  std::vector<Member> members;       // by path; those that were wanted
  std::vector<std::string> ignored;  // "rules/x.rules: a symbolic link"
};

/// Which members are worth keeping, by path.
using Wanted = bool (*)(std::string_view path);

/// A member's path without what means nothing ("./a//b" is "a/b"). One that leads out of the archive
/// (absolute,
/// "..") or holds control characters is refused.
Result<std::string> safe_path(std::string_view path);

/// A tar (also compressed with gzip) or zip archive, told by its bytes. Links, devices and the like are left
/// out and told; of two members with one path the later stays. An archive that is cut short, damaged or
/// encrypted, exceeds a limit or has an unsafe path is refused.
Result<Contents> read_archive(Bytes bytes, const Limits& limits, Wanted wanted);

/// The same of a folder and those below it. Symbolic links are not followed.
Result<Contents> read_folder(const std::string& path, const Limits& limits, Wanted wanted);

}  // namespace bansoko::archive
