// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko::harden {

/// One setting of the kernel that closes a way of attack.
struct KernelSetting {
  std::string_view name = {};  ///< as sysctl(8) writes it
  std::int64_t value = 0;
  bool lower_is_stricter = false;
  bool until_reboot = false;  ///< cannot be loosened while the system runs
  bool by_hand = false;       ///< only told: set at every start, it could keep the system from starting
  std::string_view since = {};
  std::string_view reason = {};
  std::string_view may_break = {};
};

std::span<const KernelSetting> all_kernel_settings() noexcept;

enum class KernelChoice : std::uint8_t { set, already, lacks, by_hand };

struct KernelLine {
  KernelChoice choice = KernelChoice::set;
  const KernelSetting* setting = nullptr;
  std::int64_t value = 0;  ///< what is to be set
  std::optional<std::int64_t> now = {};
};

/// What the running kernel has for a name; nothing where it lacks it.
using KernelValue = std::function<std::optional<std::int64_t>(std::string_view)>;

/// Only ever stricter than now. `major` and `minor` are the running kernel's.
std::vector<KernelLine> make_kernel_plan(const KernelValue& now, unsigned major, unsigned minor);

std::string kernel_text(const std::vector<KernelLine>& plan);

/// Where the settings are written.
struct KernelFiles {
  std::string drop_in = "/etc/sysctl.d/50-bansoko.conf";
  std::string before = "/var/lib/bansoko/harden/kernel.before";  ///< the values that were changed
  std::string settings = "/proc/sys";
};

/// The plan for the running kernel, compared with the values of before a call to apply_kernel().
std::vector<KernelLine> kernel_plan(const KernelFiles& files);

/// Writes the file for the next starts and sets the values now. Gives what was done, for the operator. Never
/// over a file that is not ours. Ended in between and called again, it completes what was left.
Result<std::string> apply_kernel(const KernelFiles& files);

/// Removes the file and sets the values of before, where the kernel lets them be loosened.
Result<std::string> withdraw_kernel(const KernelFiles& files);

}  // namespace bansoko::harden
