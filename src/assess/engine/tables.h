// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assess/applicability/packages.h"
#include "assess/applicability/updates.h"
#include "assess/content/content.h"
#include "assess/engine/assess.h"
#include "assess/engine/microsoft_rows.h"
#include "assess/knowledge/knowledge.h"

namespace bansoko::assess {

/// What is known, in the form in which hosts are judged by it; read from the knowledge file once for all
/// hosts.
class Tables {
 public:
  /// Reads what concerns these hosts. Both must outlive this.
  static Result<Tables> read(const Sources& sources, std::span<const InventoriedHost> hosts);

  const KbGraph& graph() const noexcept { return graph_; }
  /// Empty where nobody speaks of the system.
  const UpdateTable& updates_for(const Host& host) const;
  /// Of rows that name a program and no system: SQL Server, Exchange, .NET.
  const UpdateTable& updates_for(const Component& program) const;
  const PackageTable& packages_for(const Release& release) const;
  std::span<const AffectedProduct> affected() const noexcept { return affected_; }
  /// The CVEs of a host's system that others than the vendor tell of, or that the vendor told of, with their
  /// days.
  PastSupport past_support(const OperatingSystem& os, Date last_day) const;
  /// Support dates that a feed tells of the hosts' systems.
  std::span<const Support> told_support() const noexcept { return told_support_; }

 private:
  explicit Tables(const Sources& sources) : content_(&sources.content), knowledge_(sources.knowledge) {}

  Result<> read_microsoft(std::span<const InventoriedHost> hosts);
  Result<> read_programs(std::span<const InventoriedHost> hosts, std::span<const MicrosoftProduct> products);
  Result<> read_packages(std::span<const InventoriedHost> hosts);
  Result<> read_affected(std::span<const InventoriedHost> hosts);
  Result<> read_published(std::span<const InventoriedHost> hosts);
  Result<> read_lifecycles(std::span<const InventoriedHost> hosts);
  Result<std::vector<AffectedProduct>> rows_of_system(const ProductId& product);
  void link_content();

  const content::Content* content_;
  knowledge::Knowledge* knowledge_;
  KbGraph graph_;
  std::map<std::string, UpdateTable, std::less<>> updates_;               // by the key of a system
  std::map<std::pair<ProductId, std::string>, UpdateTable> programs_;     // by product and version
  std::map<std::pair<std::string, std::string>, PackageTable> packages_;  // by distribution and release
  std::vector<AffectedProduct> affected_;                                 // of components, by product
  std::vector<Support> told_support_;
  std::map<ProductId, std::vector<Date>, std::less<>> published_;  // of systems: a day for each CVE, sorted
};

}  // namespace bansoko::assess
