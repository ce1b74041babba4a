// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/versions.h"

#include <algorithm>
#include <compare>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "assess/version/version.h"

namespace bansoko::assess {
namespace {

bool below(std::string_view a, std::string_view b) noexcept {
  return std::is_lt(version::compare_dotted(a, b));
}

/// "2.4.49 to 2.4.51 (not included)", as people read it.
std::string range_of(const AffectedProduct& row) {
  if (row.version != "*" && row.version != "-") return row.version;
  if (row.from.empty() && row.to.empty()) return "*";
  return fmt::format("{}{}{}",
                     row.from.empty() ? std::string() : (row.from_included ? ">= " : "> ") + row.from,
                     row.from.empty() || row.to.empty() ? "" : ", ",
                     row.to.empty() ? std::string() : (row.to_included ? "<= " : "< ") + row.to);
}

/// `rows` is sorted by product.
std::span<const AffectedProduct> rows_of(std::span<const AffectedProduct> rows, const ProductId& product) {
  const auto first =
      std::lower_bound(rows.begin(), rows.end(), product,
                       [](const AffectedProduct& row, const ProductId& id) { return row.product < id; });
  const auto last =
      std::upper_bound(first, rows.end(), product,
                       [](const ProductId& id, const AffectedProduct& row) { return id < row.product; });
  return {first, last};
}

bool runs_there(const AffectedProduct& row, const Host& host) {
  return row.running_on.empty() || host.os.product.empty() ||
         std::ranges::find(row.running_on, host.os.product) != row.running_on.end();
}

Finding finding_of(const Component& component, const AffectedProduct& row, const Host& host) {
  Finding finding;
  finding.id = row.cve;
  finding.cves = {row.cve};
  finding.component = component.name;
  finding.evidence.push_back(component.evidence);
  const bool sure =
      component.kind == ComponentKind::application && (row.running_on.empty() || !host.os.product.empty());
  finding.confidence = sure ? Confidence::medium : Confidence::low;
  finding.state = sure ? State::missing : State::unconfirmed;
  if (component.version.empty()) {
    finding.state = State::unconfirmed;
    finding.confidence = Confidence::low;
    finding.reasons.push_back({Cause::version_unknown, {component.name}});
  } else {
    finding.reasons.push_back({Cause::version_in_range, {component.name, component.version, range_of(row)}});
    if (!row.to.empty() && !row.to_included) {
      finding.fixed_version = row.to;
      finding.fixes.push_back(component.name + " " + row.to);
    }
  }
  if (!component.said.topic.empty() && !component.vendor.empty())
    finding.reasons.push_back({Cause::distribution_unknown, {component.name}});
  return finding;
}

}  // namespace

bool is_affected(const AffectedProduct& row, std::string_view version) {
  if (row.version == "-") return false;
  if (row.version != "*") return std::is_eq(version::compare_dotted(row.version, version));
  if (!row.from.empty() && (row.from_included ? below(version, row.from) : !below(row.from, version)))
    return false;
  if (!row.to.empty() && (row.to_included ? below(row.to, version) : !below(version, row.to))) return false;
  return true;
}

std::vector<Finding> judge_versions(const Host& host, std::span<const AffectedProduct> rows) {
  std::map<std::pair<std::string, std::string>, Finding> findings;  // CVE, component
  for (const Component& component : host.components) {
    if (component.kind == ComponentKind::package || component.product.empty()) continue;
    const auto known = rows_of(rows, component.product);
    for (const AffectedProduct& row : known) {
      // Of a product whose version is not known only what is in every version can be said.
      const bool every = row.version == "*" && row.from.empty() && row.to.empty();
      if (!runs_there(row, host) ||
          (component.version.empty() ? !every : !is_affected(row, component.version)))
        continue;
      findings.try_emplace({row.cve, component.name}, finding_of(component, row, host));
    }
  }
  std::vector<Finding> list;
  list.reserve(findings.size());
  for (auto& [key, finding] : findings) list.push_back(std::move(finding));
  return list;
}

}  // namespace bansoko::assess
