// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::pattern {

/// Compiled pattern databases in files of one folder, so that a start need not compile them again. A file is
/// named by the digest of what its database was compiled from, and begins with the digest of its content:
/// what is cut, altered or from another machine is not taken but compiled anew.
class DatabaseCache {
 public:
  struct Settings {
    std::string folder;
    std::uint64_t max_size = 256 << 20;  // bytes of all files; beyond it those longest not used are removed
  };
  struct Counters {
    std::uint64_t found = 0, absent = 0, damaged = 0, kept = 0, not_kept = 0, removed = 0;
  };

  /// Makes the folder if it is not there, for the owner alone. Refuses one that others may write to.
  static Result<DatabaseCache> open(Settings settings);

  /// The content kept under a name; empty: there is none.
  std::vector<char> find(const std::string& name);
  /// A disk that is full or read-only costs the next start its time, and nothing else.
  void keep(const std::string& name, Bytes content);

  const Counters& counters() const noexcept { return counters_; }

 private:
  explicit DatabaseCache(Settings settings) : settings_(std::move(settings)) {}
  std::string path_of(const std::string& name) const;
  void make_room(std::uint64_t size);

  Settings settings_;
  Counters counters_;
};

}  // namespace bansoko::pattern
