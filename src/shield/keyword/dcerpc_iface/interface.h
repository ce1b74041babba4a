// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword {

/// What an argument of dce_iface looks like, and what it is for.
inline constexpr std::string_view kInterfaceForm =
    "12345678-1234-abcd-ef00-0123456789ac[,[=|!|<|>]VERSION][,any_frag]";
inline constexpr std::string_view kInterfaceHelp =
    "the interface that a DCE/RPC request or response is about, and its major version";

/// Asks for a DCE/RPC interface: its UUID and, perhaps, a comparison of its major version. `any_frag` is
/// taken and changes nothing: calls are put together from their fragments before rules are asked.
Result<> ask_for_interface(std::string_view argument, detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
