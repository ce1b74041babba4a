// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "base/result.h"
#include "lockdown/identity/file_kind.h"
#include "lockdown/identity/file_state.h"
#include "lockdown/scan/pacer.h"
#include "lockdown/trust/package_index.h"

namespace bansoko::scan {

/// Is it the same file, and does nothing tell that it was written meanwhile?
constexpr bool same_content(const identity::FileState& a, const identity::FileState& b) noexcept {
  return a.key == b.key && a.size == b.size && a.modified == b.modified && a.changed == b.changed;
}

/// What was learned of one state of one file.
struct Reading {
  identity::FileState state = {};
  identity::FileKind kind = identity::FileKind::data;
  bool digested = false;
  trust::Content content = {};
};

/// Reads files, one at a time; each thread has its own.
class ContentReader {
 public:
  /// Both must outlive this.
  ContentReader(const Pacer& pacer, std::stop_token stop);

  Result<identity::FileKind> kind_of(int fd);
  /// SHA-256, and MD5 where it is asked for, in one reading. `bytes` grows by what was read. Errc::limit: it
  /// was asked to stop, or there is more than `max_size`.
  Result<trust::Content> digest(int fd, bool md5, std::uint64_t max_size, std::uint64_t& bytes);

 private:
  const Pacer& pacer_;
  std::stop_token stop_;
  std::vector<std::uint8_t> piece_;
};

}  // namespace bansoko::scan
