// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assess/engine/settings.h"
#include "base/result.h"
#include "shield/engine/loader.h"
#include "shield/engine/settings.h"

namespace bansoko::app {

inline constexpr const char* kSettingsFile = "/etc/bansoko/bansoko.yaml";

/// The settings of a file; the defaults where `path` is empty. Every fault but the first goes to standard
/// error. `read_library` as in load_settings().
Result<engine::ShieldSettings> settings_from(const std::string& path,
                                             const engine::ReadLibrary& read_library = {});

/// Has the loader use the cache that a settings file says: without one, the default folder is another
/// installation's business. That it cannot be used goes to standard error, and costs time alone.
void use_pattern_cache(engine::Loader& loader, const engine::ShieldSettings& settings,
                       const std::string& config);

/// The file named, or else the product's own if there is one, or else the defaults.
Result<engine::ShieldSettings> settings_in_force(const std::string& path);

/// The part `assess` of the file named, or of the product's own if there is one. One that the caller may not
/// read is told on standard error, and the defaults hold.
Result<assess::AssessSettings> assess_settings(const std::string& path);

}  // namespace bansoko::app
