// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/host.h"

namespace bansoko::content {

/// Conditions may stand in each other this deep; what is deeper is a fault.
inline constexpr std::size_t kMaxConditionDepth = 12;

/// A condition as docs/content.md says. What is wrong goes to the faults; what is then given holds nowhere.
assess::Condition read_condition(const Node& node, const Scope& scope);

/// "x86", "x64", "ia64", "arm64".
assess::Arch read_arch(const Node& node, const FaultSink& faults);

}  // namespace bansoko::content
