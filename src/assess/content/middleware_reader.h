// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/content/yaml.h"
#include "assess/model/product.h"

namespace bansoko::content {

/// content/middleware.yaml.
struct Middleware {
  std::vector<assess::Ceiling> ceilings = {};
  std::vector<assess::Protection> protections = {};
  std::vector<assess::Certifier> certifiers = {};
};

/// Reads it; what is wrong goes to the faults.
Middleware read_middleware(const std::string& path, const KnownIds& products, Faults& faults);

}  // namespace bansoko::content
