// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::archive {

/// Opens a regular file for reading; anything else is refused.
Result<UniqueFd> open_regular(const std::string& path);

/// read(2), as often as it is interrupted.
Result<std::size_t> read_some(int fd, std::span<std::uint8_t> out);

/// The bytes of a file, unpacked if it is gzip. The checksums of gzip are verified (libarchive does not).
class PackedFile {
 public:
  static Result<PackedFile> open(const std::string& path);
  PackedFile(PackedFile&&) noexcept;
  PackedFile& operator=(PackedFile&&) noexcept;
  ~PackedFile();

  bool is_gzip() const noexcept { return inflater_ != nullptr; }
  /// As many as are at hand; empty: the end. Valid until the next call.
  Result<Bytes> read();
  /// Only of what is no gzip: goes to where lseek(2) says. The new place, or less than 0.
  std::int64_t seek(std::int64_t offset, int whence) noexcept;
  /// How much of the file was read, no part of it twice: what unpacking is measured against.
  std::uint64_t packed_bytes() const noexcept { return std::min(packed_bytes_, size_); }

 private:
  class Inflater;
  explicit PackedFile(UniqueFd fd);

  Result<> fill();
  Result<Bytes> inflate();

  UniqueFd fd_;
  std::vector<std::uint8_t> packed_;
  std::vector<std::uint8_t> unpacked_;
  Bytes rest_;  // of packed_
  std::uint64_t size_ = 0, packed_bytes_ = 0;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace bansoko::archive
