// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

/// What a client of HTTP/2 says first (RFC 9113 section 3.4). It looks like a request, so that servers of
/// HTTP/1 refuse it.
inline constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Whether a side's first bytes are a request or a status line.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept;

}  // namespace bansoko::proto::http
