// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/csaf/holes.h"

#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "assess/feed/json_reader.h"
#include "assess/feed/xml_feed.h"

namespace bansoko::feed::csaf {
namespace {

using assess::FixStatus;
using assess::PackageFix;
using nlohmann::json;

struct StatusName {
  std::string_view name;
  FixStatus status;
};

// 3.2.3.9 of the standard; "recommended" says nothing of the hole itself.
constexpr std::array kStatuses{StatusName{"fixed", FixStatus::fixed},
                               StatusName{"first_fixed", FixStatus::fixed},
                               StatusName{"known_affected", FixStatus::affected},
                               StatusName{"first_affected", FixStatus::affected},
                               StatusName{"last_affected", FixStatus::affected},
                               StatusName{"known_not_affected", FixStatus::not_affected},
                               StatusName{"under_investigation", FixStatus::undetermined}};

/// "RHSA-2023:7435" of "https://access.redhat.com/errata/RHSA-2023:7435".
std::string advisory_of(std::string_view url) {
  const std::string_view last = url.substr(url.rfind('/') + 1);
  for (const std::string_view begin : {"RHSA-", "RHBA-", "RHEA-", "SUSE-SU-"})
    if (last.starts_with(begin)) return std::string(last);
  return {};
}

/// All that makes two records the same.
std::string key_of(const PackageFix& fix) {
  std::string key;
  for (const std::string* part :
       {&fix.release, &fix.package, &fix.fixed_version, &fix.arch, &fix.module, &fix.advisory, &fix.severity})
    key += *part + '\n';
  return key + static_cast<char>(fix.status) + (fix.is_source ? 's' : 'b');
}

template <class Take>
Result<> each_text(const json& list, const Take& take) {
  for (const json& one : list)
    if (one.is_string()) BANSOKO_CHECK(take(one.get_ref<const std::string&>()));
  return {};
}

}  // namespace

Result<> Holes::add(const json& vulnerability) {
  Hole hole;
  hole.cve = text_in(vulnerability, "cve");
  if (!is_cve(hole.cve)) hole.cve.clear();
  BANSOKO_CHECK(add_statuses(vulnerability, hole));
  BANSOKO_CHECK(add_remedies(vulnerability, hole));
  BANSOKO_CHECK(add_severities(vulnerability, hole));
  holes_.push_back(std::move(hole));
  return {};
}

Result<> Holes::add_statuses(const json& vulnerability, Hole& hole) {
  const json* const statuses = find(vulnerability, "product_status");
  if (statuses == nullptr) return {};
  for (const auto& [name, status] : kStatuses) {
    const json& list = list_in(*statuses, name);
    kept_ += list.size();
    if (kept_ > most_) return fail(Errc::limit, "more than {} records", most_);
    BANSOKO_CHECK(each_text(list, [&, status = status](const std::string& id) -> Result<> {
      BANSOKO_TRY(const Index at, products.index(id));
      hole.statuses.emplace_back(at, status);
      return {};
    }));
  }
  return {};
}

Result<> Holes::add_remedies(const json& vulnerability, Hole& hole) {
  for (const json& remediation : list_in(vulnerability, "remediations")) {
    const std::string_view category = text_in(remediation, "category");
    if (category != "vendor_fix" && category != "no_fix_planned") continue;
    if (!list_in(remediation, "group_ids").empty()) ++left_out_groups_;
    const Remedy remedy{category == "no_fix_planned", advisory_of(text_in(remediation, "url")),
                        date_in(remediation, "date")};
    BANSOKO_CHECK(each_text(list_in(remediation, "product_ids"), [&](const std::string& id) -> Result<> {
      BANSOKO_TRY(const Index at, products.index(id));
      hole.remedies.insert_or_assign(at, remedy);
      return {};
    }));
  }
  return {};
}

Result<> Holes::add_severities(const json& vulnerability, Hole& hole) {
  for (const json& threat : list_in(vulnerability, "threats")) {
    if (text_in(threat, "category") != "impact") continue;
    const std::string details(text_in(threat, "details"));
    const json& list = list_in(threat, "product_ids");
    if (list.empty()) hole.severity = details;
    BANSOKO_CHECK(each_text(list, [&](const std::string& id) -> Result<> {
      BANSOKO_TRY(const Index at, products.index(id));
      hole.severities.insert_or_assign(at, details);
      return {};
    }));
  }
  return {};
}

PackageFix Holes::fix_of(const Hole& hole, Index at, FixStatus status) const {
  PackageFix fix = common;
  fix.status = status;
  fix.cve = hole.cve;
  if (!hole.severity.empty()) fix.severity = hole.severity;
  if (const auto found = hole.severities.find(at); found != hole.severities.end())
    fix.severity = found->second;
  const auto remedy = hole.remedies.find(at);
  if (remedy == hole.remedies.end()) return fix;
  if (remedy->second.none_planned && status == FixStatus::affected) fix.status = FixStatus::will_not_fix;
  if (fix.advisory.empty()) {
    fix.advisory = remedy->second.advisory;
    fix.published = remedy->second.date;
  }
  return fix;
}

Result<> Holes::put(const Hole& hole, Tally& tally) const {
  if (hole.cve.empty() && common.advisory.empty()) {
    tally.leave_out("neither CVE nor advisory", hole.statuses.size());
    return {};
  }
  std::set<std::string> told;
  for (const auto& [at, status] : hole.statuses) {
    Product product = products.product(at);
    if (product.kind != Product::Kind::package) {
      tally.leave_out(product.kind == Product::Kind::no_package ? "product that is no rpm"
                                                                : "product without a known platform");
      continue;
    }
    PackageFix fix = fix_of(hole, at, status);
    fix.release = std::move(product.release);
    fix.package = std::move(product.package);
    fix.arch = std::move(product.arch);
    fix.module = std::move(product.module);
    fix.is_source = product.is_source;
    if (fix.status == FixStatus::fixed) fix.fixed_version = std::move(product.version);
    if (fix.status == FixStatus::fixed && fix.fixed_version.empty())
      tally.leave_out("fixed in a version that is not said");
    else if (told.insert(key_of(fix)).second)
      BANSOKO_CHECK(tally.put(fix));
  }
  return {};
}

Result<> Holes::put(Tally& tally) const {
  for (const Hole& hole : holes_) BANSOKO_CHECK(put(hole, tally));
  tally.leave_out("remedy for a group of products", left_out_groups_);
  return {};
}

}  // namespace bansoko::feed::csaf
