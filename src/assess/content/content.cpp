// SPDX-License-Identifier: Apache-2.0
#include "assess/content/content.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "assess/content/advisory_reader.h"
#include "assess/content/banner_reader.h"
#include "assess/content/checklist_reader.h"
#include "assess/content/product_reader.h"
#include "assess/content/rollup_reader.h"
#include "assess/content/support_reader.h"

namespace bansoko::content {
namespace {

using assess::Product;

bool is_spelled(const Product& product, std::string_view id, std::string_view version) noexcept {
  return std::ranges::any_of(product.also, [id, version](std::string_view also) {
    if (!also.starts_with(id)) return false;
    also.remove_prefix(id.size());
    return version.empty() ? also.empty()
                           : also.size() == version.size() + 1 && also[0] == ':' && also.ends_with(version);
  });
}

/// A successor names a cycle that is there, so that its dates can be shown.
void check_successors(const Content& content, const std::string& path, Faults& faults) {
  for (const Product& product : content.products)
    for (const assess::Target& target : product.successors) {
      const auto is_it = [&target](const assess::Support& one) {
        return one.record.product == target.product &&
               (target.cycle.empty() || one.record.cycle == target.cycle);
      };
      if (std::ranges::none_of(content.support, is_it))
        faults.push_back({path,
                          0,
                          0,
                          {},
                          fmt::format("{}: its successor {} {} has no support dates", product.id,
                                      target.product, target.cycle),
                          {}});
    }
}

void check_checks(const Content& content, const std::string& folder, Faults& faults) {
  std::map<std::string, std::string, std::less<>> owners;
  for (const assess::Checklist& list : content.checklists)
    for (const assess::Check& check : list.checks) {
      const auto [at, is_new] = owners.emplace(check.id, list.id);
      if (!is_new)
        faults.push_back({fmt::format("{}/checklists/{}.yaml", folder, list.id),
                          check.when.line,
                          0,
                          {},
                          fmt::format("the check '{}' is also in {}", check.id, at->second),
                          {}});
    }
}

/// A product is also there where a package is that distributions make of it.
void name_packages(const Content& content, assess::Condition& condition) {
  for (assess::Condition& part : condition.parts) name_packages(content, part);
  if (condition.kind != assess::Condition::Kind::component) return;
  const std::vector<std::string> named = condition.texts;
  for (const std::string& text : named)
    if (const Product* const product = content.find(text))
      condition.texts.insert(condition.texts.end(), product->packages.begin(), product->packages.end());
}

void name_packages(Content& content) {
  for (assess::Advisory& advisory : content.advisories) {
    for (assess::OfficialFix& fix : advisory.fixes) name_packages(content, fix.when);
    for (assess::Condition& spared : advisory.not_affected) name_packages(content, spared);
  }
}

}  // namespace

const Product* Content::find(std::string_view id) const noexcept {
  const auto found = std::ranges::find(products, id, &Product::id);
  return found == products.end() ? nullptr : &*found;
}

const Product* Content::spelled(std::string_view id, std::string_view version) const noexcept {
  for (const Product& product : products)
    if (!version.empty() && is_spelled(product, id, version)) return &product;
  if (const Product* const same = find(id)) return same;
  for (const Product& product : products)
    if (is_spelled(product, id, {})) return &product;
  return nullptr;
}

Content read_content(const std::string& folder, settings::Faults& faults) {
  Content content;
  KnownIds known;
  content.products = read_products(folder + "/products.yaml", known, faults);
  for (const std::string& file : files_in(folder + "/lifecycle"))
    read_support(file, known, content.support, faults);
  for (const std::string& file : files_in(folder + "/advisories"))
    if (auto advisory = read_advisory(file, known, faults))
      content.advisories.push_back(std::move(*advisory));
  for (const char* const file : {"/rollups.yaml", "/rollups-monthly.yaml"}) {
    auto rollups = read_rollups(folder + file, known, faults);
    std::move(rollups.begin(), rollups.end(), std::back_inserter(content.rollups));
  }
  content.middleware = read_middleware(folder + "/middleware.yaml", known, faults);
  content.kev = read_kev(folder + "/kev.yaml", faults);
  for (const std::string& file : files_in(folder + "/checklists"))
    if (auto list = read_checklist(file, known, faults)) content.checklists.push_back(std::move(*list));
  content.banners = read_banners(folder + "/banners.yaml", known, faults);
  check_successors(content, folder + "/products.yaml", faults);
  check_checks(content, folder, faults);
  name_packages(content);
  return content;
}

}  // namespace bansoko::content
