// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/csaf/product_tree.h"

#include <nlohmann/json.hpp>

#include "assess/feed/json_reader.h"
#include "assess/feed/releases.h"

namespace bansoko::feed::csaf {
namespace {

constexpr int kMostSteps = 8;  // from a package to its platform

}  // namespace

Result<ProductTree::Index> ProductTree::index(std::string_view id) {
  const auto [found, added] = numbers_.try_emplace(std::string(id), static_cast<Index>(ids_.size()));
  if (!added) return found->second;
  if (ids_.size() == most_) return fail(Errc::limit, "more than {} products", most_);
  ids_.push_back(&found->first);
  entries_.emplace_back();
  return found->second;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the JSON, which has a limit
Result<> ProductTree::add_branch(const nlohmann::json& branch) {
  if (const nlohmann::json* const product = find(branch, "product")) BANSOKO_CHECK(add_product(*product));
  for (const nlohmann::json& below : list_in(branch, "branches")) BANSOKO_CHECK(add_branch(below));
  return {};
}

Result<> ProductTree::add_product(const nlohmann::json& product) {
  BANSOKO_TRY(const Index at, index(text_in(product, "product_id")));
  if (const nlohmann::json* const help = find(product, "product_identification_helper")) {
    entries_[at].cpe = text_in(*help, "cpe");
    entries_[at].purl = text_in(*help, "purl");
  }
  return {};
}

Result<> ProductTree::add_relationship(const nlohmann::json& relationship) {
  const nlohmann::json* const whole = find(relationship, "full_product_name");
  if (whole == nullptr) return fail(Errc::invalid, "a relationship without full_product_name");
  BANSOKO_TRY(const Index at, index(text_in(*whole, "product_id")));
  BANSOKO_TRY(const Index component, index(text_in(relationship, "product_reference")));
  BANSOKO_TRY(const Index platform, index(text_in(relationship, "relates_to_product_reference")));
  entries_[at].component = component;
  entries_[at].platform = platform;
  return {};
}

/// Follows the platforms; what stands between is a module.
void ProductTree::find_platform(Index at, Product& product) const {
  for (int steps = 0; steps < kMostSteps; ++steps) {
    const Entry& entry = entries_[at];
    if (entry.platform == kNone) {
      product.release = cpe_release(entry.cpe);
      return;
    }
    if (steps != 0 && product.module.empty())
      product.module = product_of_purl(entries_[entry.component].purl).module;
    at = entry.platform;
  }
}

Product ProductTree::product(Index at) const {
  const Index component = entries_[at].component;
  if (component == kNone) return {.kind = Product::Kind::no_platform};
  const std::string& purl = entries_[component].purl;
  Product product = purl.empty() ? product_of_name(id_of(component)) : product_of_purl(purl);
  if (product.kind != Product::Kind::package) return product;
  find_platform(at, product);
  if (product.release.empty()) product.kind = Product::Kind::no_platform;
  return product;
}

}  // namespace bansoko::feed::csaf
