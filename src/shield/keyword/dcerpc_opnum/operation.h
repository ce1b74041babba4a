// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword {

/// What an argument of dce_opnum looks like, and what it is for.
inline constexpr std::string_view kOperationForm = "15, 15-18, 3,15-18,20";
inline constexpr std::string_view kOperationHelp =
    "the number of the operation that a DCE/RPC request or response is about";

/// Asks for one of some operations of a DCE/RPC interface.
Result<> ask_for_operation(std::string_view argument, detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
