// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/detect/rule_builder.h"

/// What `flow.pkts` and `flow.bytes` have in common, with their older names.
namespace bansoko::keyword {

/// Which of a flow's counts.
enum class Traffic : std::uint8_t { packets, bytes };

/// "toserver,>10": a direction and a range.
Result<> compile_traffic(Traffic what, std::string_view argument, detect::RuleBuilder& rule);
/// The same where the option's name says the direction.
Result<> compile_traffic(Traffic what, flow::Side from, std::string_view range, detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
