// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/settings.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// The section `shield.streams`.
void bind_streams(settings::Section& section, ShieldSettings& settings);

/// The section `shield.fragments`.
void bind_fragments(settings::Section& section, ShieldSettings& settings);

}  // namespace bansoko::engine
