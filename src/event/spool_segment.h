// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::event {

/// The longest record; a line beyond it can only be damage.
inline constexpr std::size_t kMaxRecord = 1U << 20U;

/// Ends a line that was cut short (ASCII "cancel"). It cannot occur in JSON, which escapes it.
inline constexpr char kCancelled = 0x18;

/// A file of a spool, by its name.
struct Segment {
  std::string path;
  std::uint64_t first = 0;  // sequence number of its first record
};

/// "<directory>/shield-00000000000000000001.jsonl".
std::string segment_path(std::string_view directory, std::string_view program, std::uint64_t first);

/// The segments of one program, oldest first. Other files are ignored.
Result<std::vector<Segment>> list_segments(const std::string& directory, std::string_view program);

/// The first line of a segment, with its newline: the format's version, the sequence number of the first
/// record and when the segment was begun (seconds since 1970).
std::string header_line(std::uint64_t first, std::chrono::sys_seconds begun);

/// Reads a segment's lines while it grows. Never holds more than one line and one block in memory.
class SegmentReader {
 public:
  /// Fails if the file's header is not one that this version understands.
  static Result<SegmentReader> open(const Segment& segment);

  struct Line {
    std::uint64_t sequence = 0;
    std::string_view text;  // valid until the next call
    bool damaged = false;   // longer than any record; text is empty
  };

  /// The next whole record; nothing if there is none yet. Cancelled lines are passed over.
  Result<std::optional<Line>> next();

  std::chrono::sys_seconds begun() const noexcept { return begun_; }
  /// The sequence number of the next record.
  std::uint64_t position() const noexcept { return position_; }
  /// Whether bytes stand after the last whole line: a record being written, or one cut short.
  bool has_tail() const noexcept { return overlong_ || start_ < buffer_.size(); }

 private:
  SegmentReader(UniqueFd file, std::uint64_t first) : file_(std::move(file)), position_(first) {}
  Result<std::optional<std::string_view>> raw_line();
  Result<bool> fill();

  UniqueFd file_;
  std::uint64_t position_;
  std::chrono::sys_seconds begun_{};
  std::string buffer_;
  std::size_t start_ = 0;    // of the line not yet given
  std::size_t scanned_ = 0;  // no newline stands before this
  bool overlong_ = false;    // the beginning of the line being read has been thrown away
  bool damaged_ = false;     // that of the line given last was
};

}  // namespace bansoko::event
