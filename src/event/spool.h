// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::event {

struct SpoolSettings {
  std::string directory = "/var/lib/bansoko/spool";
  std::uint64_t segment_bytes = 16U << 20U;  // a new file is begun at this size
  std::uint64_t max_bytes = 1U << 30U;       // of all files; the oldest goes first
  std::uint32_t max_days = 90;
};

/// Appends lines to a folder of files that only grow: shield-00000000000000000001.jsonl and so on, numbered
/// by the first record's sequence number. Every record is one line of JSON. A file begins with one
/// line that states the format's version. A line cut short by a crash is completed by a newline at the next
/// start and skipped by readers. One writer at a time (a lock says so).
class SpoolWriter {
 public:
  static Result<SpoolWriter> open(const SpoolSettings& settings, std::string_view program);
  SpoolWriter(SpoolWriter&&) noexcept;
  SpoolWriter& operator=(SpoolWriter&&) noexcept;
  ~SpoolWriter();

  /// Appends one record (no newline in it). Gives its sequence number. A full disk or a failed write is an
  /// error; the record is then not in the spool and the next append tries again.
  Result<std::uint64_t> append(std::string_view record);

  /// Makes what was appended safe on disk.
  Result<> sync();

  /// Removes files over the size or age allowed. Gives how many records went.
  Result<std::uint64_t> trim(std::chrono::system_clock::time_point now);

 private:
  struct State;
  explicit SpoolWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct SpoolRecord {
  std::uint64_t sequence = 0;
  std::string line;
};

/// Reads a spool from a cursor on, while it is being written; dies and resumes at will. The cursor is the
/// sequence number of the next record; if it has been removed meanwhile, `skipped()` tells how many were.
class SpoolReader {
 public:
  static Result<SpoolReader> open(const std::string& directory, std::string_view program,
                                  std::uint64_t cursor);
  SpoolReader(SpoolReader&&) noexcept;
  SpoolReader& operator=(SpoolReader&&) noexcept;
  ~SpoolReader();

  /// The next record, or nothing yet.
  Result<std::optional<SpoolRecord>> next();
  std::uint64_t cursor() const noexcept;
  std::uint64_t skipped() const noexcept;

 private:
  struct State;
  explicit SpoolReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::event
