// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"

namespace bansoko::content {

/// Reads content/rollups.yaml: what is listed with its members, and chains, each step of which holds those
/// before it.
std::vector<assess::Rollup> read_rollups(const std::string& path, const KnownIds& products, Faults& faults);

}  // namespace bansoko::content
