// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Where names are registered, as far as a table of the usual second-level suffixes knows ("co.uk", "com.au",
/// "ne.jp"); the Public Suffix List knows some thousands more, most of them of single companies and towns.
namespace bansoko::keyword {

/// "co.uk" of "www.example.co.uk"; a dot at the name's end is no part of it. Empty for an empty name.
std::string_view public_suffix(std::string_view name) noexcept;

/// "example.co.uk" of "www.example.co.uk". Empty for a name that is itself a public suffix.
std::string_view registered_domain(std::string_view name) noexcept;

}  // namespace bansoko::keyword
