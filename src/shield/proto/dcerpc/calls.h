// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "shield/proto/dcerpc/call.h"

namespace bansoko::proto::dcerpc {

/// The calls of one side of an association that are under way.
class Calls {
 public:
  /// The budget outlives it.
  Calls(const CallLimits& limits, MemoryBudget& budget);
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  Call* find(const CallKey& key) noexcept;
  /// Begins one. Where all are in use, the one that has been still the longest ends.
  Call& begin(Side side, const CallKey& key, const Outlet& out) noexcept;
  /// Adds stub data, as far as limits let.
  void add(Call& call, Bytes stub, const Outlet& out) noexcept;
  /// Tells of what is there. What has been told is not taken away again.
  void tell(Call& call, const Outlet& out) noexcept;
  /// Both.
  void grow(Call& call, Bytes stub, const Outlet& out) noexcept;
  void complete(Call& call, const Outlet& out) noexcept;
  void end(Call& call, const Outlet& out) noexcept;
  void end_all(const Outlet& out) noexcept;
  /// Gives back the memory of what is not under way.
  void release() noexcept;

 private:
  Call* free_one() noexcept;

  CallLimits limits_;
  MemoryBudget& budget_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::uint64_t clock_ = 0;
};

}  // namespace bansoko::proto::dcerpc
