// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "patches/library.h"

namespace bansoko::patches {

/// A rule of others, as far as it says what it is about.
struct ForeignRule {
  std::string message = {};
  std::string products = {};  // all affected_product of its metadata, with blanks between
  std::string protocol = {};  // of its header
  std::vector<std::string> cves = {};
};

/// What stands in the way of attacks on one application or hole: ours and others', never added up.
struct Cover {
  std::set<std::string> patches = {};
  std::set<std::string> visible = {};    // of the patches: "tcp/445 clear"
  std::size_t rules = 0;                 // of others
  std::set<std::string> protocols = {};  // of their headers
  std::set<std::string> own_cves = {};   // of an application
  std::set<std::string> rule_cves = {};
};

struct Coverage {
  std::map<std::string, Cover> applications = {};  // by id; all of the list
  std::map<std::string, Cover> cves = {};          // that anybody names
  std::size_t with_patches = 0;                    // applications
  std::size_t with_rules = 0;
};

/// Which applications of the list, and which CVEs, are covered by our patches and by rules of others.
Coverage coverage_of(const Library& library, const std::vector<ForeignRule>& rules);

}  // namespace bansoko::patches
