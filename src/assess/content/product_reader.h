// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/product.h"

namespace bansoko::content {

/// Reads content/products.yaml. `known` gets the ids; what names a product twice, or a product that is not
/// there, is a fault.
std::vector<assess::Product> read_products(const std::string& path, KnownIds& known, Faults& faults);

}  // namespace bansoko::content
