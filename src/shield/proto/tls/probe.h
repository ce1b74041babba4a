// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/protocol.h"

namespace bansoko::proto::tls {

/// Told by the first record: a handshake that begins with a hello, a server's alert, or a hello in the form
/// of SSL 2.0.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept;

}  // namespace bansoko::proto::tls
