// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/scan/content.h"

namespace bansoko::scan {

/// One reading as bytes, with a sum of its own; what follows it in `bytes` is left there. Nothing: damaged or
/// cut. Little-endian.
std::string to_record(const Reading& reading);
std::optional<Reading> take_record(Bytes& bytes);

/// What was read of files before, so that a scan that ended early goes on, and the next one is quick: a file
/// whose key, size, mtime and ctime are the same is not read again. One process at a time has it.
///
/// A change through a shared mapping may show in none of these until the kernel writes it back; nor does one
/// within the same tick of the clock, so that a file changed within kSettled before it was read is not kept.
/// In memory about 160 bytes for each file.
class Journal {
 public:
  static constexpr std::size_t kMaxRecords = 2'000'000;    // beyond it the journal begins anew
  static constexpr std::int64_t kSettled = 2'000'000'000;  // nanoseconds

  /// `<folder>/journal`, made if it is not there. A damaged end is cut off, and told in faults().
  /// Errc::denied: another process has it.
  static Result<Journal> open(const std::string& folder);

  /// Of this very state; null if it was not read. Only what was there at open(); threads may ask at once.
  const Reading* find(const identity::FileState& state) const noexcept;
  /// Keeps it, read at `now` (nanoseconds since 1970). Threads may call this at once.
  void add(const Reading& reading, std::int64_t now);
  /// Hands what was added to the system, from where only a crash of the whole machine can lose it.
  Result<> flush();

  const std::vector<std::string>& faults() const noexcept { return faults_; }
  std::size_t size() const noexcept { return known_.size(); }

 private:
  Journal(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<> load();
  Result<> rewrite();

  std::string path_;
  UniqueFd file_;  // locked as long as it is open
  std::unordered_map<identity::FileKey, Reading, identity::FileKeyHash> known_;
  std::vector<std::string> faults_;
  std::unique_ptr<std::mutex> guard_ = std::make_unique<std::mutex>();
  std::string waiting_;  // not yet handed over
};

}  // namespace bansoko::scan
