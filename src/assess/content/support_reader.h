// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/product.h"

namespace bansoko::content {

/// Adds what a file of content/lifecycle says.
void read_support(const std::string& path, const KnownIds& products, std::vector<assess::Support>& made,
                  Faults& faults);

}  // namespace bansoko::content
