// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/engine/settings.h"

namespace bansoko::engine {

/// The section on_failure: every kind of failure, and what then becomes of traffic.
void bind_failures(settings::Section& section, ShieldSettings& s);

}  // namespace bansoko::engine
