// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// A host as one document told of it.
struct Finding {
  std::string path = {};
  bool alone = true;  // the document tells of one host
  assess::Host host = {};
};

/// Lays findings of the same host together and names those that have no name. `top` is the name of the folder
/// that all are in; empty: there is none.
std::vector<assess::Host> group(std::vector<Finding> findings, std::string_view top);

}  // namespace bansoko::inventory
