// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "shield/proto/smb/file_run.h"

namespace bansoko::proto::smb {

/// What rules want of files.
struct WantedFiles {
  bool any = false;
  std::array<WantedSums, 2> sums = {};  // by Side
};

/// What the bits of Assignment::wanted ask for.
WantedFiles wanted_files(std::uint64_t wanted) noexcept;

/// The files of one connection that are written or read.
class Files {
 public:
  /// The budget outlives it.
  Files(const FileLimits& limits, MemoryBudget& budget);
  ~Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  bool are_wanted() const noexcept { return wanted_.any; }

  /// The request with this key opens a file of this name.
  void note_name(FileKey opening, Bytes name);
  /// The server has given it an id; whatever was known by that is over.
  void note_opened(FileKey opening, const OpenedFile& opened, const FileOutlet& out);
  /// The request asks for a share of pipes or another one; the answer says under which number.
  void note_tree_asked(std::uint64_t request, bool is_of_pipes) noexcept;
  void note_tree(std::uint64_t request, std::uint32_t tree) noexcept;
  /// Nothing: nobody saw how it was connected.
  std::optional<bool> is_of_pipes(std::uint32_t tree) const noexcept;
  /// A share of pipes was asked for, and the answer is still to come.
  bool awaits_pipes() const noexcept;

  void take(Side side, const FileData& data, std::uint64_t at, Bytes bytes, const FileOutlet& out);
  /// A part of it was left out.
  void lose(Side side, FileKey file) noexcept;
  /// Of `side`, or of both: the file is closed.
  void close(FileKey file, std::optional<Side> side, const FileOutlet& out);

  void end(const FileOutlet& out);
  void reset(const WantedFiles& wanted) noexcept;

 private:
  struct Known {
    FileKey file = 0;
    Name name;
    std::optional<std::uint64_t> size = {};
    bool is_pipe = false;
    std::uint64_t used_at = 0;
  };
  struct AskedTree {
    std::uint64_t request = 0;
    bool is_of_pipes = false;
    bool is_waiting = false;
  };
  struct Tree {
    std::uint32_t number = 0;
    bool is_of_pipes = false;
    bool is_known = false;
  };

  FileRun* find(FileKey file, Side side) const noexcept;
  FileRun* open(FileKey file, Side side, const FileOutlet& out);
  FileRun* free_one();
  Known* known(FileKey file) noexcept;
  Known* remember(FileKey file);

  FileLimits limits_;
  MemoryBudget& budget_;
  WantedFiles wanted_;
  std::vector<std::unique_ptr<FileRun>> runs_;
  std::vector<std::unique_ptr<Known>> known_;
  std::array<AskedTree, 8> asked_trees_{};  // the latest
  std::array<Tree, 32> trees_{};            // the same
  std::size_t next_asked_tree_ = 0, next_tree_ = 0;
  std::uint64_t clock_ = 0;
};

}  // namespace bansoko::proto::smb
