// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace bansoko::assess {
namespace {

/// Hosts with the same key are spoken of by the same rows.
std::string key_of(const Host& host) {
  const OperatingSystem& os = host.os;
  return fmt::format("{}/{}/{}/{}/{}/{}", os.product,
                     os.service_pack ? static_cast<int>(*os.service_pack) : -1, static_cast<int>(os.arch),
                     os.r2 ? 1 : 0, is_server_core(host) ? 1 : 0, os.build);
}

/// One of Microsoft's that says its version.
bool is_vendors_program(const Component& component) noexcept {
  return component.kind == ComponentKind::application && component.product.starts_with("microsoft:") &&
         !component.version.empty();
}

std::vector<std::string> sorted(const std::set<std::string>& set) { return {set.begin(), set.end()}; }

}  // namespace

void Tables::link_content() {
  using Link = KbGraph::Link;
  std::set<Kb> rollups;
  for (const Rollup& rollup : content_->rollups) {
    const Kb id = rollup.id.starts_with("sp") ? 0 : kb_of(rollup.id);
    rollups.insert(id);
    for (const std::string& member : rollup.members) graph_.add(id, kb_of(member), Link::contains);
  }
  for (const Advisory& advisory : content_->advisories)
    for (const OfficialFix& fix : advisory.fixes) {
      for (const std::string& older : fix.supersedes)
        graph_.add(kb_of(fix.kb), kb_of(older), Link::supersedes);
      for (const std::string& holder : fix.contained_in) {
        // What holds a fix and is no roll-up is a later update of the same files.
        const Kb kb = holder.starts_with("sp") ? 0 : kb_of(holder);
        graph_.add(kb, kb_of(fix.kb), rollups.contains(kb) ? Link::contains : Link::supersedes);
      }
    }
}

Result<> Tables::read_microsoft(std::span<const InventoriedHost> hosts) {
  BANSOKO_TRY(const auto pairs, knowledge_->supersedences());
  for (const knowledge::Supersedence& pair : pairs)
    graph_.add(pair.kb, pair.superseded, KbGraph::Link::supersedes);
  const content::MicrosoftNames names(content_->products);
  BANSOKO_TRY(const auto rows, knowledge_->microsoft_products());
  std::vector<MicrosoftProduct> products;
  for (const std::string& row : rows) products.push_back({row, names.parse(row)});
  for (const InventoriedHost& one : hosts) {
    const OperatingSystem& os = one.host.os;
    if (os.product.empty() || updates_.contains(key_of(one.host))) continue;
    UpdateTable& table = updates_[key_of(one.host)];
    for (const MicrosoftProduct& product : products) {
      if (!speaks_of(product.name, one.host)) continue;
      BANSOKO_TRY(const auto fixes, knowledge_->microsoft_fixes(product.row));
      table.add(fixes, product.name.component);
    }
    table.finish(graph_);
  }
  return read_programs(hosts, products);
}

Result<> Tables::read_programs(std::span<const InventoriedHost> hosts,
                               std::span<const MicrosoftProduct> products) {
  for (const InventoriedHost& one : hosts)
    for (const Component& program : one.host.components) {
      if (!is_vendors_program(program) || programs_.contains({program.product, program.version})) continue;
      std::vector<MicrosoftFix> fixes;
      for (const MicrosoftProduct& product : products) {
        if (!speaks_of(product.name, program)) continue;
        BANSOKO_TRY(auto rows, knowledge_->microsoft_fixes(product.row));
        std::move(rows.begin(), rows.end(), std::back_inserter(fixes));
      }
      UpdateTable& table = programs_[{program.product, program.version}];
      table.add(fixes, program.name);
      table.finish(graph_);
    }
  return {};
}

Result<> Tables::read_packages(std::span<const InventoriedHost> hosts) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> wanted;
  for (const InventoriedHost& one : hosts) {
    const ReleaseOf of = release_of(one.host.os);
    if (of.release.name.empty()) continue;
    std::set<std::string>& names = wanted[{of.release.distribution, of.release.name}];
    for (const Component& component : one.host.components) {
      if (component.kind != ComponentKind::package) continue;
      names.insert(component.name);
      if (!component.source_package.empty()) names.insert(component.source_package);
    }
  }
  for (const auto& [release, names] : wanted) {
    BANSOKO_TRY(auto fixes, knowledge_->package_fixes(release.first, release.second, sorted(names)));
    packages_.try_emplace(release, std::move(fixes));
  }
  return {};
}

Result<> Tables::read_affected(std::span<const InventoriedHost> hosts) {
  std::set<std::string> wanted;
  for (const InventoriedHost& one : hosts)
    for (const Component& component : one.host.components)
      if (component.kind != ComponentKind::package && !component.product.empty()) {
        wanted.insert(component.product);
        if (const Product* const product = content_->find(component.product))
          wanted.insert(product->also.begin(), product->also.end());
      }
  BANSOKO_TRY(affected_, knowledge_->affected_products(sorted(wanted)));
  for (AffectedProduct& row : affected_)
    if (const Product* const product = content_->spelled(row.product, row.version)) row.product = product->id;
  std::stable_sort(affected_.begin(), affected_.end(),
                   [](const AffectedProduct& a, const AffectedProduct& b) { return a.product < b.product; });
  return {};
}

/// What feeds say of a system, under all the names they have for it.
Result<std::vector<AffectedProduct>> Tables::rows_of_system(const ProductId& id) {
  std::set<std::string> names{id};
  if (const Product* const product = content_->find(id))
    for (const std::string& also : product->also)
      names.insert(also.substr(0, also.find(':', also.find(':') + 1)));
  BANSOKO_TRY(auto rows, knowledge_->affected_products(sorted(names)));
  std::erase_if(rows, [&](const AffectedProduct& row) {
    const Product* const product = content_->spelled(row.product, row.version);
    return (product == nullptr ? row.product : product->id) != id;
  });
  return rows;
}

Result<> Tables::read_published(std::span<const InventoriedHost> hosts) {
  for (const InventoriedHost& one : hosts) {
    const ProductId& id = one.host.os.product;
    if (id.empty() || published_.contains(id)) continue;
    BANSOKO_TRY(const auto rows, rows_of_system(id));
    std::set<std::string> cves;
    for (const AffectedProduct& row : rows) cves.insert(row.cve);
    BANSOKO_TRY(const auto known, knowledge_->vulnerabilities(sorted(cves)));
    std::vector<Date>& days = published_[id];
    for (const Vulnerability& vulnerability : known)
      if (vulnerability.published && !vulnerability.rejected) days.push_back(*vulnerability.published);
    std::ranges::sort(days);
  }
  return {};
}

/// endoflife.date calls a product by a slug, which content says; of one that it does not know, by its name.
Result<> Tables::read_lifecycles(std::span<const InventoriedHost> hosts) {
  std::set<ProductId> asked;
  for (const InventoriedHost& one : hosts) {
    const ProductId& id = one.host.os.product;
    if (id.empty() || !asked.insert(id).second) continue;
    const Product* const product = content_->find(id);
    const bool has_slug = product != nullptr && !product->lifecycle.empty();
    const std::array slug{has_slug ? product->lifecycle : id.substr(id.find(':') + 1)};
    BANSOKO_TRY(auto records, knowledge_->lifecycles(slug));
    for (Lifecycle& record : records) {
      record.product = id;
      told_support_.push_back({.record = std::move(record)});
    }
  }
  return {};
}

Result<Tables> Tables::read(const Sources& sources, std::span<const InventoriedHost> hosts) {
  Tables tables(sources);
  tables.link_content();
  if (sources.knowledge == nullptr) return tables;
  BANSOKO_CHECK(tables.read_microsoft(hosts));
  BANSOKO_CHECK(tables.read_packages(hosts));
  BANSOKO_CHECK(tables.read_affected(hosts));
  BANSOKO_CHECK(tables.read_published(hosts));
  BANSOKO_CHECK(tables.read_lifecycles(hosts));
  return tables;
}

const UpdateTable& Tables::updates_for(const Host& host) const {
  static const UpdateTable none;
  const auto found = updates_.find(key_of(host));
  return found == updates_.end() ? none : found->second;
}

const UpdateTable& Tables::updates_for(const Component& program) const {
  static const UpdateTable none;
  const auto found = programs_.find({program.product, program.version});
  return found == programs_.end() ? none : found->second;
}

const PackageTable& Tables::packages_for(const Release& release) const {
  static const PackageTable none({});
  const auto found = packages_.find({release.distribution, release.name});
  return found == packages_.end() ? none : found->second;
}

PastSupport Tables::past_support(const OperatingSystem& os, Date last_day) const {
  const auto found = published_.find(os.product);
  if (found == published_.end() || found->second.empty()) return {};
  const auto since = std::ranges::upper_bound(found->second, last_day);
  return {.known_until = static_cast<std::uint64_t>(since - found->second.begin()),
          .since = static_cast<std::uint64_t>(found->second.end() - since),
          .counted = true};
}

}  // namespace bansoko::assess
