// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assess/model/host.h"

namespace bansoko::inventory {

struct FoundRole {
  assess::Role role = assess::Role::web;
  std::vector<assess::Evidence> evidence = {};  // never empty
};

/// What a host is for, by what listens, runs and is installed on it; in the order of the enumerators. A
/// service that is known to be stopped or disabled is no evidence.
std::vector<FoundRole> roles_of(const assess::Host& host);

/// Adds the features (ComponentKind::feature) that services and settings prove: "iis", "index_server", "rdp",
/// "smb1", "webdav", "telnet", "snmp". What is there already stays.
void add_features(assess::Host& host);

}  // namespace bansoko::inventory
