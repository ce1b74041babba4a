// SPDX-License-Identifier: Apache-2.0
#include "assess/content/product_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "assess/content/condition_reader.h"
#include "base/text.h"

namespace bansoko::content {
namespace {

using assess::Product;

/// "vendor:product" or, where `parts` is 3, "vendor:product:version"; lower case, no blanks.
bool is_spelling(std::string_view text, std::size_t parts) noexcept {
  std::size_t colons = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':' && (i == 0 || i + 1 == text.size() || text[i + 1] == ':')) return false;
    colons += c == ':' ? 1 : 0;
    if (static_cast<unsigned char>(c) <= ' ' || c != to_lower(c)) return false;
  }
  return colons >= 1 && colons < parts;
}

std::string read_spelling(const Node& node, std::size_t parts, const FaultSink& faults) {
  std::string text = read_text(node, faults);
  if (!text.empty() && !is_spelling(text, parts))
    faults.add(node, fmt::format("'{}' is not a product as CPE spells it", text),
               parts == 3 ? "vendor:product or vendor:product:version" : "vendor:product");
  return text;
}

/// The service pack that a row means which names none, by architecture.
std::map<assess::Arch, std::uint32_t> read_unnamed(const Node& node, const FaultSink& faults) {
  std::map<assess::Arch, std::uint32_t> packs;
  if (node.kind != Kind::map) {
    faults.add(node, fmt::format("{} stands here", settings::name_of(node.kind)), "{x86: 0, x64: 1}");
    return packs;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i)
    packs[read_arch(node.keys[i], faults)] = read_number(node.items[i], faults).value_or(0);
  return packs;
}

assess::Target read_target(const Node& node, const Scope& scope) {
  assess::Target target;
  MapReader map(node, scope.faults);
  if (const Node* product = map.require("product")) target.product = read_product_id(*product, scope);
  if (const Node* cycle = map.find("cycle")) target.cycle = read_text(*cycle, scope.faults);
  map.finish();
  return target;
}

Product read_product(const Node& node, const Scope& scope) {
  constexpr std::array<Choice<char>, 2> kParts{{{"application", 'a'}, {"os", 'o'}}};
  const FaultSink& faults = scope.faults;
  Product product;
  MapReader map(node, faults);
  if (const Node* id = map.require("id")) product.id = read_spelling(*id, 2, faults);
  if (const Node* name = map.require("name")) product.name = read_words(*name, faults);
  if (const Node* vendor = map.require("vendor")) product.vendor = read_text(*vendor, faults);
  if (const Node* kind = map.require("kind")) product.part = read_choice(*kind, faults, kParts);
  if (const Node* also = map.find("also"))
    for (const Node& item : items_of(*also, faults)) product.also.push_back(read_spelling(item, 3, faults));
  if (const Node* names = map.find("names")) product.names = read_some(*names, faults);
  if (const Node* programs = map.find("programs")) product.programs = read_texts(*programs, faults);
  if (const Node* arch = map.find("unnamed_arch")) product.unnamed_arch = read_arch(*arch, faults);
  if (const Node* packs = map.find("unnamed_service_pack"))
    product.unnamed_pack = read_unnamed(*packs, faults);
  if (const Node* packages = map.find("packages")) product.packages = read_texts(*packages, faults);
  if (const Node* slug = map.find("lifecycle")) product.lifecycle = read_id(*slug, faults);
  if (const Node* node_of = map.find("successors"))
    product.successors = read_list(*node_of, scope, read_target);
  map.finish();
  return product;
}

/// Ids first, since products name each other.
void collect_ids(const Node& list, const FaultSink& faults, KnownIds& known) {
  for (const Node& item : items_of(list, faults)) {
    const Node* const id = settings::value_of(item, "id");
    if (id != nullptr && id->kind == Kind::scalar && !known.insert(id->text).second)
      faults.add(*id, fmt::format("'{}' stands here twice", id->text));
  }
}

void check_spellings(const Node& list, const std::vector<Product>& products, const FaultSink& faults) {
  std::map<std::string, std::string, std::less<>> owners;
  for (const Product& product : products) owners.emplace(product.id, product.id);
  for (std::size_t i = 0; i < products.size(); ++i)
    for (const std::string& also : products[i].also) {
      const auto [at, is_new] = owners.emplace(also, products[i].id);
      if (!is_new) faults.add(list.items[i], fmt::format("'{}' also spells {}", also, at->second));
    }
}

void check_names(const Node& list, const std::vector<Product>& products, const FaultSink& faults) {
  std::map<std::string, std::string, std::less<>> owners;
  for (std::size_t i = 0; i < products.size(); ++i)
    for (const std::string& name : products[i].names) {
      const auto [at, is_new] = owners.emplace(lowered(name), products[i].id);
      if (!is_new) faults.add(list.items[i], fmt::format("'{}' also names {}", name, at->second));
    }
}

}  // namespace

std::vector<Product> read_products(const std::string& path, KnownIds& known, Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  std::vector<Product> products;
  MapReader map(*tree, sink);
  if (const Node* list = map.require("products")) {
    collect_ids(*list, sink, known);
    products = read_list(*list, {sink, known}, read_product);
    check_spellings(*list, products, sink);
    check_names(*list, products, sink);
  }
  map.finish();
  return products;
}

}  // namespace bansoko::content
