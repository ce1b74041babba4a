// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko::proto::http2 {

/// Appends a header's name as programs write it in HTTP/1, where it may have letters of both cases:
/// "user-agent" as "User-Agent".
void append_in_old_case(std::string_view name, std::string& to);

}  // namespace bansoko::proto::http2
