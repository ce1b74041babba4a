// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/scan/found.h"

namespace bansoko::scan {

/// A regular file met on the way.
struct Candidate {
  std::string path = {};  // absolute within the root
  identity::FileState state = {};
  std::uint64_t links = 1;  // names that it has
  bool in_open_folder = false;
};

/// Takes what a walk meets, in the order of the folders; gives whether to go on.
class WalkSink {
 public:
  virtual ~WalkSink() = default;
  virtual bool file(Candidate candidate) = 0;
  virtual bool folder() = 0;
  virtual void left_out(LeftOut what) = 0;
};

struct WalkOptions {
  std::string root = {};    // without a slash at its end; empty: this system
  std::string except = {};  // a folder within the root that is passed over
};

/// The name of a filesystem that holds no programs of this host: of the kernel, or of another host; empty: it
/// may hold some. By statfs(2)'s f_type.
std::string_view foreign_filesystem(std::uint64_t type) noexcept;

/// Every regular file at and below `start`, an absolute path within the root that is itself without links.
/// Links are not followed; other filesystems are entered where they are local. What cannot be read is told.
void walk(const std::string& start, const WalkOptions& options, WalkSink& sink);

}  // namespace bansoko::scan
