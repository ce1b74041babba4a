// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::proto::http {

/// The one-byte character that Windows servers take a code point for (code page 1252, "best fit"); '?' where
/// there is none. Exploits write `/` and `.` as look-alikes that become them.
char best_fit(std::uint32_t code_point) noexcept;

}  // namespace bansoko::proto::http
