// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lockdown/harden/plan.h"

namespace bansoko::harden {

/// The name of the file within SERVICE.d.
inline constexpr std::string_view kDropInName = "50-bansoko.conf";

/// The text of the drop-in: who wrote it, how to withdraw it, each setting under its reason.
std::string to_drop_in(const Plan& plan);

/// Whether a file begins as what we write does. Anything else at that place is somebody's own.
bool is_ours(std::string_view text) noexcept;

/// The plan for an operator: the settings with reason and risk, then what is left out and why.
std::string to_text(const Plan& plan);

}  // namespace bansoko::harden
