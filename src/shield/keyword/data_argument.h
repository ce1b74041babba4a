// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "shield/detect/data_set.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword {

/// The set that `dataset` and `datarep` mean, by its name and the settings behind it. Fails where no buffer
/// is at hand whose values could be in it.
Result<std::shared_ptr<const detect::DataSet>> data_set_of(std::string_view name,
                                                           std::span<const std::string_view> settings,
                                                           bool numbered, const detect::RuleBuilder& rule);

}  // namespace bansoko::keyword
