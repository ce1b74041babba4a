// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "lockdown/harden/places.h"
#include "lockdown/harden/systemd.h"

namespace bansoko::harden {

/// What there is of a service: drop-in, whether its process runs under it, what was learned, a change that
/// was not ended. Changes nothing.
Result<std::string> status_text(Systemd& systemd, const ServiceFiles& files, const std::string& service);

/// One line for each service with a drop-in of ours.
Result<std::string> status_of_all(Systemd& systemd, const Places& places);

}  // namespace bansoko::harden
