// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/settings.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// The section `shield.hosts`.
void bind_hosts(settings::Section& section, ShieldSettings& settings);

/// Those for which nothing is dropped; of networks in each other the inner one decides.
Result<rule::AddressSet> observed_hosts(const HostSettings& hosts);

}  // namespace bansoko::engine
