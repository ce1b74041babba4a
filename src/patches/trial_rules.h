// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "patches/yaml.h"
#include "shield/engine/loader.h"
#include "shield/engine/settings.h"

namespace bansoko::patches {

/// What tests of patches are led through the engine with: servers at 10.0.0.0/8 are home.
Result<engine::ShieldSettings> trial_settings(engine::Mode mode);

/// These files alone; what is wrong with them goes to `faults`.
Result<std::shared_ptr<const detect::RuleSet>> compile_rules(engine::Loader& loader,
                                                             const engine::ShieldSettings& settings,
                                                             const std::vector<std::string>& files,
                                                             Faults& faults);

}  // namespace bansoko::patches
