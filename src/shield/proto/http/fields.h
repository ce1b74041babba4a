// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

/// Of requests; HTTP/2 has them too.
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::http
