// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "assess/applicability/truth.h"
#include "assess/model/advisory.h"
#include "assess/model/host.h"

namespace bansoko::assess {

/// What conditions ask about: a host, with its roles, which other modules derive.
struct Subject {
  const Host& host;
  const std::vector<Role>& roles;
  bool roles_are_all = false;  // the operator says so: it has no others
};

/// Whether a condition holds for a host. What the inventory lacks makes it unknown, unless the rest decides.
/// `open` gets what would have to be known, by the names of condition kinds and settings: "service_pack",
/// "component iis"; it is empty where the answer is not unknown.
Truth evaluate(const Condition& condition, const Subject& subject, std::set<std::string>* open = nullptr);

/// The first package of the host that any part of a condition names; null: none.
const Component* find_package(const Condition& condition, const Host& host) noexcept;

std::string_view name_of(Arch arch) noexcept;

}  // namespace bansoko::assess
