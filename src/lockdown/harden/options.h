// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// One setting of systemd.exec(5) that we write.
struct Option {
  std::string_view name = {};
  std::string_view value = {};   ///< empty: worked out from the facts
  unsigned since = 0;            ///< the first version of systemd that knows it
  bool by_seccomp = false;       ///< needs a system call filter, of systemd and of the kernel
  bool needs_no_rights = false;  ///< in a unit with User=, systemd adds NoNewPrivileges to it by itself
  std::optional<Habit> hinders = {};
  std::string_view reason = {};
  std::string_view may_break = {};
};

/// In the order in which they are written.
std::span<const Option> all_options() noexcept;

/// A setting that does part of what a newer one does, for a systemd that lacks that one.
struct Substitute {
  std::string_view of = {};
  std::string_view name = {};
  std::string_view value = {};
  std::string_view reason = {};
};

const Substitute* substitute_for(std::string_view option) noexcept;

/// Calls that belong together, of which an ordinary service needs none.
struct CallGroup {
  std::string_view title = {};
  std::string_view names = {};  ///< separated by blanks
  bool needs_learning = false;  ///< some services need one: forbidden only where learning did not see it
  std::string_view may_break = {};
};

std::span<const CallGroup> call_groups() noexcept;

/// What a program needs to be started, to end and to be signalled, whether or not learning saw it; blanks
/// between. For a filter that allows what was seen and nothing else.
std::string_view calls_of_every_program() noexcept;

}  // namespace bansoko::harden
