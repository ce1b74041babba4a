// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/settings.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// The section `shield.hosts`.
void bind_hosts(settings::Section& section, ShieldSettings& settings);

}  // namespace bansoko::engine
