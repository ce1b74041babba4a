// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lockdown/harden/facts.h"

namespace bansoko::harden {

enum class Choice : std::uint8_t {
  set,       ///< the drop-in has it
  already,   ///< the unit has it by itself
  left_out,  ///< the service, or the kernel, would not bear it
  too_old,   ///< this systemd does not know it
};

/// One setting, with what becomes of it and why.
struct Line {
  Choice choice = Choice::set;
  std::string name = {};
  std::string value = {};
  std::string reason = {};     ///< what it closes, or why it is left out
  std::string may_break = {};  ///< of a setting that is set
};

/// What the drop-in of a service is to hold.
struct Plan {
  std::string service = {};
  std::vector<Line> lines = {};
  std::vector<std::string> notes = {};  ///< what an operator must know besides
};

/// Why a service must not be hardened at all, if so: sessions and the jobs of others inherit what it has.
std::optional<std::string> refusal(const Facts& facts);

/// Decides each setting from the facts alone.
Plan make_plan(const Facts& facts);

}  // namespace bansoko::harden
