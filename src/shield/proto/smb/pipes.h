// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "shield/proto/dcerpc/association.h"
#include "shield/proto/smb/endings.h"
#include "shield/proto/smb/file_use.h"

namespace bansoko::proto::smb {

/// The pipes of one connection over which DCE/RPC is spoken, told by what is written to them: no file begins
/// like that, and a pipe may have been opened before anybody looked.
class Pipes {
 public:
  /// The budget outlives it.
  Pipes(std::size_t limit, const dcerpc::CallLimits& calls, MemoryBudget& budget);
  ~Pipes();
  Pipes(const Pipes&) = delete;
  Pipes& operator=(const Pipes&) = delete;

  /// Notes what the answer to a request brings.
  void note_asked(std::uint64_t request, const Asked& asked) noexcept;
  std::optional<Asked> asked_by(std::uint64_t request) const noexcept;

  /// Takes what has come of some data. Leaves alone what is not DCE/RPC.
  void take(Side side, FileData& data, Bytes bytes, const dcerpc::Outlet& out) noexcept;
  bool knows(FileKey file) const noexcept { return find(file) != nullptr; }
  /// A server gives an id to what it opens: whatever was known by it is over, and what was known as the file
  /// that the request opens has this one.
  void note_opened(FileKey opening, FileKey file, const Place& place, const dcerpc::Outlet& out) noexcept;
  /// Notes what is to be over when the request is answered.
  void note_ending(std::uint64_t request, const Ending& ending) noexcept { endings_.note(request, ending); }
  void answered(std::uint64_t request, bool agreed, const dcerpc::Outlet& out) noexcept;
  void close(FileKey file, const dcerpc::Outlet& out) noexcept;
  /// True once: more pipes than the limit were spoken over, and one of them was forgotten.
  bool limit_reached() noexcept { return std::exchange(limit_reached_, false); }

  void end(const dcerpc::Outlet& out) noexcept;
  void reset() noexcept;

 private:
  struct Pipe {
    Pipe(const dcerpc::CallLimits& limits, MemoryBudget& budget) : association(limits, budget) {}

    bool is_open = false;
    bool is_proven = false;  // it has begun with a PDU
    FileKey file = 0;
    std::optional<Place> place = {};  // where it was opened; nothing: nobody saw it
    std::uint64_t used_at = 0;
    std::array<std::uint8_t, dcerpc::kHeaderSize> first{};  // what has come until it is proven
    std::size_t first_size = 0;
    dcerpc::Association association;
  };
  struct Request {
    std::uint64_t number = 0;
    Asked asked = {};
    bool is_known = false;
  };

  Pipe* find(FileKey file) const noexcept;
  Pipe* open(FileKey file, const dcerpc::Outlet& out) noexcept;
  Pipe* free_one() noexcept;
  static Guess prove(Pipe& pipe, Bytes& bytes, const dcerpc::Outlet& out) noexcept;
  static void close(Pipe& pipe, const dcerpc::Outlet& out) noexcept;

  std::size_t limit_;
  dcerpc::CallLimits calls_;
  MemoryBudget& budget_;
  std::vector<std::unique_ptr<Pipe>> pipes_;
  std::array<Request, 32> asked_{};  // the latest
  std::size_t next_asked_ = 0;
  Endings endings_;
  Openings openings_;
  std::uint64_t clock_ = 0;
  bool limit_reached_ = false;
};

}  // namespace bansoko::proto::smb
