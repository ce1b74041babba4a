// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/capture/capture.h"

namespace bansoko::engine {

/// The capture driver of that name; the error lists those there are.
Result<const capture::Driver*> find_driver(std::string_view name);

}  // namespace bansoko::engine
