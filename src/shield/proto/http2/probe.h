// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/protocol.h"

namespace bansoko::proto::http2 {

/// Whether a client begins with the preface, a server with SETTINGS.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept;

}  // namespace bansoko::proto::http2
