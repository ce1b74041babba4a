// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::http2 {

/// Those of HTTP first, in its order, then those of HTTP/2 alone.
std::span<const Buffer> buffers() noexcept;

/// Numbers of frames and header blocks.
std::span<const Field> numbers() noexcept;

}  // namespace bansoko::proto::http2
