// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::dns {

Guess probe(const StreamChunk& first, const Approach& approach) noexcept;

/// For multicast DNS, which has a port of its own.
Guess probe_multicast(const StreamChunk& first, const Approach& approach) noexcept;

/// Whether bytes begin with a whole message as TCP has it: its length first.
bool is_framed_message(Bytes bytes) noexcept;

}  // namespace bansoko::proto::dns
