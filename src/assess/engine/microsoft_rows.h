// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/content/microsoft_names.h"
#include "assess/model/host.h"

namespace bansoko::assess {

/// One of the names that Microsoft's rows use, taken apart once.
struct MicrosoftProduct {
  std::string row = {};
  content::MicrosoftName name = {};
};

/// Whether rows under this name speak of a host's system (or of a component on it). A row about a service
/// pack that the host has not, or of which it is not known whether the host has it, does not.
bool speaks_of(const content::MicrosoftName& name, const Host& host);

/// Whether rows under this name speak of a program, and of no system that it would have to be on. The program
/// says its whole version, and so no patch level.
bool speaks_of(const content::MicrosoftName& name, const Component& program);

/// Whether it was installed without a desktop.
bool is_server_core(const Host& host) noexcept;

/// "1809" of build 17763; empty: Windows had no such names then, or the build is not known.
std::string_view windows_10_version(std::uint32_t build) noexcept;

}  // namespace bansoko::assess
