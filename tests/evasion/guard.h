// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>

#include "base/result.h"
#include "tests/evasion/attack.h"
#include "tests/evasion/transform.h"

namespace bansoko::evasion {

/// Routers between the guard and the target.
inline constexpr std::uint8_t kHops = 3;

struct GuardSettings {
  /// Switched off: what stands in its place is what a simpler engine does.
  std::optional<Defence> without = {};
  /// What the guard is told of the target.
  packet::System system = packet::System::linux;
  /// Copies that differ are let by, and the guard has to know which one the target believes.
  bool lets_conflicts_by = false;
};

/// bansoko's packet path in mode enforce, in front of the target, with the rules that are to stop one attack.
class Guard {
 public:
  static Result<std::unique_ptr<Guard>> against(const Attack& attack, const GuardSettings& settings = {});
  ~Guard();

  /// May the packet pass? `believed` is what is inspected in its place while validation is switched off.
  bool passes(Bytes packet, Bytes believed);
  /// Lets time pass.
  void wait(std::chrono::nanoseconds time);
  /// The rules that have spoken since the last call.
  std::set<std::uint32_t> take_alerts();

 private:
  struct State;
  explicit Guard(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::evasion
