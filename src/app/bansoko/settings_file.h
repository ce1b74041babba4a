// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "shield/engine/settings.h"

namespace bansoko::app {

inline constexpr const char* kSettingsFile = "/etc/bansoko/bansoko.yaml";

/// The settings of a file; the defaults where `path` is empty. Every fault but the first goes to standard
/// error.
Result<engine::ShieldSettings> settings_from(const std::string& path);

/// The file named, or else the product's own if there is one, or else the defaults.
Result<engine::ShieldSettings> settings_in_force(const std::string& path);

}  // namespace bansoko::app
