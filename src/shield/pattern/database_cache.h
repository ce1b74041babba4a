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
/// named by the digest of what its database was compiled from, and ends with the digest of its content: one
/// that is cut or altered is not taken but compiled anew. Used by one thread at a time; processes may share
/// the folder.
class DatabaseCache {
 public:
  struct Settings {
    std::string folder = "/var/cache/bansoko";
    std::uint64_t max_size = 256U << 20U;  // bytes of all files; beyond it those longest not used are removed
  };
  struct Counters {
    std::uint64_t found = 0, absent = 0, damaged = 0, kept = 0, not_kept = 0, removed = 0;
  };

  /// Makes the folder if it is not there, for the owner alone. Refuses one that others may write to: who can
  /// do that decides what is matched.
  static Result<DatabaseCache> open(Settings settings);

  /// The content kept under a name; empty: there is none.
  std::string find(const std::string& name);
  /// A disk that is full or read-only costs the next start its time, and nothing else.
  void keep(const std::string& name, Bytes content);

  const Counters& counters() const noexcept { return counters_; }
  /// What went wrong since the last call, for people: each damaged file, and the first that could not be
  /// written.
  std::vector<std::string> take_faults();

 private:
  explicit DatabaseCache(Settings settings);
  std::string path_of(const std::string& name) const;
  Result<> write(const std::string& name, Bytes content);
  void make_room(std::uint64_t size);

  Settings settings_;
  Counters counters_;
  std::uint64_t used_ = 0;  // by all files, as far as we know
  std::vector<std::string> faults_;
  bool told_of_writing_ = false;
};

}  // namespace bansoko::pattern
