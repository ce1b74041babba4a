// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/host.h"
#include "assess/model/product.h"

namespace bansoko::assess {

/// Gives installed programs of Windows, which have a name alone, the product that they are: "Microsoft SQL
/// Server 2008 R2 (64-bit)" is one, "Microsoft SQL Server 2008 Native Client" is none. Where the version is
/// in the name only, it is taken from there.
class ProgramNames {
 public:
  /// `products` must outlive this.
  explicit ProgramNames(std::span<const Product> products);

  void name_programs(Host& host) const;

 private:
  struct Name {
    std::string text = {};    // in lower case
    std::string vendor = {};  // the same, with a blank: what may stand before it
    const Product* product = nullptr;
  };

  void name_program(Component& component) const;

  std::vector<Name> names_;
};

/// "10.50" of SQL Server "2008 r2"; of what is not called by years, the name itself. Empty: no such year.
std::string version_named(const ProductId& product, std::string_view name);

/// Whether a component is a product, by its id, or as a package by the names that distributions give it.
bool is_product(const Component& component, const Product& product) noexcept;

}  // namespace bansoko::assess
