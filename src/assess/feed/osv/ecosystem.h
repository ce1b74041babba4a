// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko::feed::osv {

/// Where a package comes from, as PackageFix says it.
struct Ecosystem {
  std::string distribution = {};  // "debian", "osv:npm"
  std::string release = {};
  bool is_distribution = false;
  bool names_sources = false;
};

/// "Debian:11", "Ubuntu:22.04:LTS", "Red Hat:enterprise_linux:9::appstream", "npm"
Ecosystem ecosystem_of(std::string_view ecosystem);

}  // namespace bansoko::feed::osv
