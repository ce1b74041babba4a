// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace bansoko::feed::csaf {

/// A package of one release, as one product of the tree says it.
struct Product {
  enum class Kind { package, no_platform, no_package };

  Kind kind = Kind::no_package;
  std::string release = {};
  std::string package = {};
  std::string version = {};  // with its epoch, unless that is 0; empty: any
  std::string arch = {};     // empty: any
  std::string module = {};
  bool is_source = false;
};

/// The products of a document and how they hang together: packages are components of platforms, modular ones
/// of modules that are components of platforms. Names are kept once.
class ProductTree {
 public:
  using Index = std::uint32_t;

  explicit ProductTree(std::size_t most_products) noexcept : most_(most_products) {}

  /// An element of "branches", with all below it.
  Result<> add_branch(const nlohmann::json& branch);
  /// A product with its product_id.
  Result<> add_product(const nlohmann::json& product);
  Result<> add_relationship(const nlohmann::json& relationship);

  /// The number of a product_id, whether or not the tree has named it yet.
  Result<Index> index(std::string_view id);
  Product product(Index at) const;

 private:
  static constexpr Index kNone = 0xffffffffU;
  struct Entry {
    std::string cpe = {};
    std::string purl = {};
    Index component = kNone;  // of a relationship
    Index platform = kNone;
  };

  const std::string& id_of(Index at) const { return *ids_[at]; }
  void find_platform(Index at, Product& product) const;

  std::size_t most_;
  std::unordered_map<std::string, Index> numbers_;
  std::vector<const std::string*> ids_;  // of numbers_, whose keys stay where they are
  std::vector<Entry> entries_;
};

/// What a package URL of an rpm says (https://github.com/package-url/purl-spec); no_package for another one.
Product product_of_purl(std::string_view purl);

/// What the name of an rpm says: "openssl-libs-1:1.0.2k-19.el7.x86_64", "nodejs:18/nodejs", "openssl".
Product product_of_name(std::string_view name);

}  // namespace bansoko::feed::csaf
