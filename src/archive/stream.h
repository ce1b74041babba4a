// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace bansoko::archive {

/// What is more than this ends the reading with an error.
struct StreamLimits {
  std::uint64_t max_member_bytes = std::uint64_t{2} << 30U;  // of one file within, unpacked
  std::uint64_t max_bytes = std::uint64_t{16} << 30U;        // of all of them
  std::uint64_t max_members = 2'000'000;
  /// Unpacked bytes for each packed one. Honest feeds reach 100; a bomb 1,000 and more.
  std::uint64_t max_ratio = 300;
  /// So much may be unpacked whatever the ratio: small files of blanks are no bombs.
  std::uint64_t free_bytes = std::uint64_t{64} << 20U;
};

/// One file within a file.
struct StreamMember {
  std::string name =
      {};  // within the archive, printable; of a file that is none its own, without ".gz" and the like
  std::optional<std::uint64_t> size = {};  // as announced; what it really is may differ
};

/// Reads a file that may be packed (gzip, bzip2, xz) and may be an archive (zip, tar), told by its bytes, as
/// the stream of one member after the other. Memory is bounded: nothing is held but buffers (xz: up to its
/// dictionary, at most 1 GiB); nothing is written. Links, devices and folders within are passed over.
/// Checksums are verified; damage, an end that comes early, encryption and a limit that is reached are
/// errors.
class FileStream {
 public:
  /// A regular file; others are refused.
  static Result<FileStream> open(const std::string& path, const StreamLimits& limits);
  FileStream(FileStream&&) noexcept;
  FileStream& operator=(FileStream&&) noexcept;
  ~FileStream();

  /// Goes on to the next file within, passing over what is left of the last one; nothing at the end.
  Result<std::optional<StreamMember>> next();
  /// Fills `out` from its beginning with bytes of this member and says how many; 0: its end.
  Result<std::size_t> read(std::span<char> out);
  /// Whether it is a zip or tar archive; known after the first next().
  bool is_archive() const noexcept;

 private:
  class State;
  explicit FileStream(std::unique_ptr<State> state) noexcept;

  std::unique_ptr<State> state_;
};

/// What a file is known by.
struct FileIdentity {
  std::string sha256 = {};  // in hexadecimal digits
  std::uint64_t size = 0;
};

/// Reads the whole of a regular file for its digest.
Result<FileIdentity> identify(const std::string& path);

}  // namespace bansoko::archive
