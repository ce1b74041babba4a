// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"
#include "shield/packet/frame.h"

namespace bansoko::capture::pcapfile {

/// From the number in a capture's header, or libpcap's own. The error names a type that we cannot read.
Result<packet::Link> link_type(std::uint32_t number);

}  // namespace bansoko::capture::pcapfile
