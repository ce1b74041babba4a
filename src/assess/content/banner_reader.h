// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/content/yaml.h"
#include "assess/model/banner.h"

namespace bansoko::content {

/// Reads content/banners.yaml, in its order: the first row of a product that fits counts.
std::vector<assess::Banner> read_banners(const std::string& path, const KnownIds& products, Faults& faults);

}  // namespace bansoko::content
