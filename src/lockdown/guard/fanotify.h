// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/guard/guard.h"

/// fanotify(7): permission events on whole filesystems.
namespace bansoko::guard {

/// A group of permission events; who has it open decides how long the kernel asks. It outlives the engine
/// that reads from it: its owner answers when the engine has died.
struct Group {
  UniqueFd descriptor;
  Means means;
};

/// The best that this kernel has, at most `at_most`. Nothing is watched yet. Needs CAP_SYS_ADMIN.
Result<Group> open_group(const Means& at_most);

/// A guard over a group, which must outlive it. What a receiver does not answer gets `if_lost`.
std::unique_ptr<Guard> make_fanotify_guard(const Group& group, policy::Answer if_lost);

/// Answers, by their numbers, everything that an engine took and did not answer before it died: a number that
/// the kernel does not wait for is passed over. How many there were. `most` is the limit of descriptors the
/// engine had.
std::uint32_t settle_after(const Group& group, policy::Answer answer, std::uint64_t most) noexcept;

}  // namespace bansoko::guard
