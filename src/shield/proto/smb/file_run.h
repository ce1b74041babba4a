// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shield/proto/file_sums.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/smb/file_use.h"
#include "shield/proto/smb/name.h"
#include "shield/proto/smb/smb_transaction.h"

namespace bansoko::proto::smb {

/// How much of files is followed, in one connection.
struct FileLimits {
  std::size_t files = 0;     // at a time
  std::size_t kept = 0;      // bytes of each
  std::size_t ahead = 0;     // bytes of each that wait until those before them come
  std::size_t rewrites = 0;  // how often one is looked at anew because it was written again
  std::uint64_t digest = 0;  // the largest file that has one
};

/// Where files are told.
struct FileOutlet {
  TransactionSink& sink;
  std::uint64_t& next_id;  // the flow's
};

// Progress of a file's side, before it is complete.
inline constexpr std::uint8_t step_file = 1;

/// A file that is written (the client's side) or read (the server's): its bytes in order of their places.
/// What is written again and differs is looked at as another transaction, with what stands before it.
class FileRun final : public SmbTransaction {
 public:
  /// `limits` and `budget` outlive it.
  FileRun(const FileLimits& limits, MemoryBudget& budget);

  void begin(FileKey key, Side from, const WantedSums& wanted, const FileOutlet& out);
  /// Bytes from `at` on; gives those behind the known end of a file that is read.
  Bytes take(std::uint64_t at, Bytes bytes, const FileOutlet& out);
  /// A part of it was left out.
  void lose() noexcept { sums_.spoil(); }
  /// Nothing more will come. Not `is_closed`: nobody said so.
  void end(bool is_closed, const FileOutlet& out);
  void reset() noexcept;
  void release() noexcept;

  bool is_open() const noexcept { return is_open_; }
  /// As much as is kept, from the beginning on without a hole.
  Bytes content() const noexcept { return contents_[now_].bytes(); }
  const FileSums& sums() const noexcept { return sums_; }

  FileKey file = 0;
  Side side = Side::client;
  Name name;
  std::optional<std::uint64_t> size = {};  // of the file when it was opened
  std::uint64_t used_at = 0;

 private:
  /// Bytes ahead of their turn.
  struct Piece {
    std::uint64_t at = 0;
    std::size_t place = 0, size = 0;  // in ahead_
  };
  static constexpr std::size_t kMostPieces = 16;

  void begin_part(const FileOutlet& out);
  void end_part(bool is_whole, const FileOutlet& out);
  Bytes pass_next(Bytes bytes, const FileOutlet& out);
  Bytes pass_known(std::uint64_t at, Bytes bytes, const FileOutlet& out);
  bool rewrite(std::size_t same, const FileOutlet& out);
  void append(Bytes bytes, const FileOutlet& out);
  Bytes keep_ahead(std::uint64_t at, Bytes bytes);
  void join_ahead(const FileOutlet& out);
  void jump_to(std::uint64_t at, const FileOutlet& out);
  void jump_ahead(const FileOutlet& out);
  void tell(std::size_t anomaly, const FileOutlet& out) const noexcept { out.sink.on_anomaly(side, anomaly); }

  const FileLimits& limits_;
  std::array<BudgetedBytes, 2> contents_;
  std::size_t now_ = 0;  // the one in use
  BudgetedBytes ahead_;
  std::array<Piece, kMostPieces> pieces_{};
  std::size_t piece_count_ = 0;
  FileSums sums_;
  WantedSums wanted_;
  std::uint64_t base_ = 0;  // where the content begins
  std::uint64_t next_ = 0;  // the place of the next byte
  std::uint64_t seen_ = 0;  // behind all that have come
  std::size_t rewrites_ = 0;
  bool is_open_ = false;
  bool is_begun_ = false;
  bool is_cut_ = false;  // what follows is not kept
};

}  // namespace bansoko::proto::smb
