// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shield/proto/http/exchange.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

std::span<const Buffer> buffers() noexcept;

/// `wanted` has a bit for each of buffers().
WantedBodies wanted_bodies(std::uint64_t wanted) noexcept;

}  // namespace bansoko::proto::http
