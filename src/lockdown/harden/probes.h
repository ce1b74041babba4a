// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// A tracepoint of one system call that shows a habit, or, without one, the family of a new socket.
struct Probe {
  std::string_view event = {};   ///< below events/syscalls
  std::string_view filter = {};  ///< for the kernel; empty: every call
  std::optional<Habit> habit = {};
  unsigned argument = 0;
  std::uint64_t bits = 0;  ///< the argument has one of them, or (`all_bits`) all of them
  bool all_bits = false;
  std::string_view what = {};
};

/// Those that a kernel lacks are left out.
std::span<const Probe> all_probes() noexcept;

/// Whether a call that the probe heard shows what it is for: the kernel's filter may not have been taken.
bool shows(const Probe& probe, std::uint64_t argument) noexcept;

}  // namespace bansoko::harden
