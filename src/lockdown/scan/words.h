// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "lockdown/scan/found.h"

namespace bansoko::scan {

enum class Lang : std::uint8_t { en, ja };

/// In a few words, as headings of lists.
std::string_view words_of(Suspicion suspicion, Lang lang) noexcept;
std::string_view words_of(Reason reason, Lang lang) noexcept;
std::string_view words_of(identity::FileKind kind, Lang lang) noexcept;

/// Where a file's content comes from, as the report counts it.
enum class Standing : std::uint8_t { package_sha256, package_md5, changed, unverified, unpackaged };
inline constexpr std::size_t kStandings = static_cast<std::size_t>(Standing::unpackaged) + 1;
Standing standing_of(trust::Match match) noexcept;
std::string_view words_of(Standing standing, Lang lang) noexcept;

}  // namespace bansoko::scan
