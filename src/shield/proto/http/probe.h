// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

/// Whether a side's first bytes are a request or a status line.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept;

}  // namespace bansoko::proto::http
