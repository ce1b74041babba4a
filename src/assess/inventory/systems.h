// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// The product that os-release(5) calls `id`; empty: none that we know.
std::string_view product_of_id(std::string_view id) noexcept;

/// "x86_64", "amd64", "i686", "aarch64", as uname, rpm and dpkg say.
assess::Arch arch_of(std::string_view name) noexcept;

/// The system that the packages are of: by the package that says the release ("centos-release"), or by who
/// built most of them. Nothing is changed where they do not tell.
void tell_system(assess::Host& host);

/// Takes over what `other` knows better of the same system: "7.9.2009" for "7", a name, an architecture.
/// False: they are of different systems, and nothing is changed.
bool refine(assess::OperatingSystem& system, const assess::OperatingSystem& other);

}  // namespace bansoko::inventory
