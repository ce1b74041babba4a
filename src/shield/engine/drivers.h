// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/capture/capture.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// The capture driver of that name; the error lists those there are.
Result<const capture::Driver*> find_driver(std::string_view name);

/// The name of the driver that these settings come to: mode observe takes copies by nflog where enforce has
/// nfqueue, unless capture.observe_by says otherwise.
std::string_view driver_in_use(const ShieldSettings& settings) noexcept;

/// Fails when the driver is not for a live system, or cannot do what the mode asks for.
Result<> check_driver(const capture::Driver& driver, Mode mode);

}  // namespace bansoko::engine
