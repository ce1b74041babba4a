// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "assess/model/host.h"

namespace bansoko::assess {

/// As conditions, settings and reports for programs call them, in the order of Role.
inline constexpr std::array<std::string_view, 8> kRoleNames{
    "file_server", "web", "database", "domain_controller", "dns", "mail", "remote_access", "print"};

constexpr std::string_view name_of(Role role) noexcept { return kRoleNames[static_cast<std::size_t>(role)]; }

/// Nothing: no role is called so.
constexpr std::optional<Role> role_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kRoleNames.size(); ++i)
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  return {};
}
static_assert(role_named("print") == Role::print);

}  // namespace bansoko::assess
