// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "lockdown/harden/facts.h"
#include "lockdown/harden/places.h"
#include "lockdown/harden/systemd.h"

namespace bansoko::harden {

/// Asks systemd, the kernel and the service's processes. What the unit has by itself is remembered from
/// before our drop-in, while that is there.
Result<Facts> gather(Systemd& systemd, const ServiceFiles& files, const std::string& service);

/// Of what systemd shows, that which a plan depends on and which our drop-in changes.
Properties own_settings(const Properties& shown);

/// "6.1.0-13-amd64" -> 6 and 1.
void read_release(const std::string& release, KernelState& kernel);

}  // namespace bansoko::harden
