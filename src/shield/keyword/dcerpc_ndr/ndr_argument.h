// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/keyword/dcerpc_ndr/ndr_walk.h"

namespace bansoko::keyword::dcerpc_ndr {

/// "unique wide, wide $path, u32, wide climbs $path" into a walk.
Result<Walk> read_argument(std::string_view text);

}  // namespace bansoko::keyword::dcerpc_ndr
