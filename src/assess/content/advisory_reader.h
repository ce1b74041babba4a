// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"

namespace bansoko::content {

/// Reads one file of content/advisories, which is called as its advisory in lower case.
std::optional<assess::Advisory> read_advisory(const std::string& path, const KnownIds& products,
                                              Faults& faults);

}  // namespace bansoko::content
