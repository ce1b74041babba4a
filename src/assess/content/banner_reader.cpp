// SPDX-License-Identifier: Apache-2.0
#include "assess/content/banner_reader.h"

#include <utility>

#include <fmt/format.h>

namespace bansoko::content {
namespace {

std::vector<assess::ProductId> read_systems(const Node& node, const Scope& scope) {
  std::vector<assess::ProductId> systems;
  if (node.kind == Kind::scalar) {
    systems.push_back(read_product_id(node, scope));
    return systems;
  }
  for (const Node& item : items_of(node, scope.faults)) systems.push_back(read_product_id(item, scope));
  return systems;
}

assess::Banner read_banner(const Node& node, const Scope& scope) {
  assess::Banner made;
  MapReader map(node, scope.faults);
  if (const Node* of = map.require("of")) made.topic = read_text(*of, scope.faults);
  if (const Node* says = map.require("says")) {
    auto pattern = assess::BannerPattern::parse(read_text(*says, scope.faults));
    if (pattern)
      made.pattern = std::move(*pattern);
    else
      scope.faults.add(*says, pattern.error().message);
  }
  if (const Node* product = map.find("product")) made.product = read_product_id(*product, scope);
  if (const Node* os = map.find("os")) made.systems = read_systems(*os, scope);
  if (const Node* built = map.find("by_distribution")) made.by_distribution = read_flag(*built, scope.faults);
  if (const Node* beside = map.find("beside")) made.beside = read_flag(*beside, scope.faults);
  if (made.product.empty() && made.systems.empty())
    scope.faults.add(node, "it tells neither a product nor a system", "product, os");
  map.finish();
  return made;
}

}  // namespace

std::vector<assess::Banner> read_banners(const std::string& path, const KnownIds& products, Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  std::vector<assess::Banner> banners;
  MapReader map(*tree, sink);
  if (const Node* list = map.require("banners")) banners = read_list(*list, {sink, products}, read_banner);
  map.finish();
  return banners;
}

}  // namespace bansoko::content
