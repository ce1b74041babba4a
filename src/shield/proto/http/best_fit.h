// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::proto::http {

/// Whose best fit: `western` is code page 1252; `any` takes the sign that matters to attacks where code pages
/// differ, as 932 and 949 do: yen and won are backslashes, the soft hyphen (CVE-2024-4577) is a hyphen.
enum class Fit : std::uint8_t { western, any };

/// The one-byte character that Windows servers take a code point for ("best fit"); '?' where there is none.
/// Exploits write `/` and `.` as look-alikes that become them.
char best_fit(std::uint32_t code_point, Fit fit = Fit::western) noexcept;

}  // namespace bansoko::proto::http
