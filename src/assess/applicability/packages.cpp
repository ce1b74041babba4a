// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/packages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "assess/version/version.h"

namespace bansoko::assess {
namespace {

struct DebianRelease {
  unsigned number;
  std::string_view name;
};
/// https://wiki.debian.org/DebianReleases
constexpr std::array<DebianRelease, 12> kDebian{{{3, "woody"},
                                                 {4, "etch"},
                                                 {5, "lenny"},
                                                 {6, "squeeze"},
                                                 {7, "wheezy"},
                                                 {8, "jessie"},
                                                 {9, "stretch"},
                                                 {10, "buster"},
                                                 {11, "bullseye"},
                                                 {12, "bookworm"},
                                                 {13, "trixie"},
                                                 {14, "forky"}}};

unsigned major_of(std::string_view version) noexcept {
  unsigned number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

std::string debian_name(std::string_view version) {
  if (version.starts_with("3.1")) return "sarge";
  for (const DebianRelease& release : kDebian)
    if (release.number == major_of(version)) return std::string(release.name);
  return {};
}

std::string red_hat_name(std::string_view version) {
  return major_of(version) == 0 ? std::string() : fmt::format("el{}", major_of(version));
}

struct Ours {
  std::string_view package, version;
};

/// What of a component a record is compared with: the source's name and version, or its own.
Ours ours_of(const Component& component, bool source) noexcept {
  if (!source) return {component.name, component.version};
  return {component.source_package.empty() ? component.name : component.source_package,
          component.source_version.empty() ? component.version : component.source_version};
}

version::Scheme order_of(const Component& component) noexcept {
  return component.ecosystem == Ecosystem::rpm ? version::Scheme::rpm : version::Scheme::debian;
}

/// Lists that people make with `rpm -qa` leave the epoch out, which is then not 0 but unknown.
int compare_with_fix(const Component& component, std::string_view version, std::string_view fixed) noexcept {
  if (component.ecosystem == Ecosystem::rpm && version.find(':') == std::string_view::npos)
    if (const auto colon = fixed.find(':'); colon != std::string_view::npos) fixed.remove_prefix(colon + 1);
  const auto order = version::compare(order_of(component), version, fixed);
  return std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0;
}

/// State and reason of one record for one package.
void judge(const Component& component, const PackageFix& fix, Finding& finding) {
  const Ours ours = ours_of(component, fix.is_source);
  const std::string package(ours.package), version(ours.version);
  switch (fix.status) {
    case FixStatus::fixed:
      if (compare_with_fix(component, version, fix.fixed_version) < 0) {
        finding.state = State::missing;
        finding.reasons.push_back({Cause::package_older, {package, version, fix.fixed_version}});
        finding.fixes.push_back(fmt::format("{} {}", package, fix.fixed_version));
      } else {
        finding.state = State::fixed;
        finding.how = How::package;
        finding.reasons.push_back({Cause::package_fixed, {package, version, fix.fixed_version}});
      }
      return;
    case FixStatus::affected:
    case FixStatus::will_not_fix:
      finding.state = State::missing;
      finding.reasons.push_back({Cause::package_unfixed, {package, version}});
      return;
    case FixStatus::not_affected:
      finding.state = State::not_applicable;
      finding.reasons.push_back({Cause::package_not_affected, {package}});
      return;
    case FixStatus::undetermined:
      finding.state = State::unconfirmed;
      finding.confidence = Confidence::low;
      finding.reasons.push_back({Cause::package_unfixed, {package, version}});
      return;
  }
}

bool concerns(const Component& component, const PackageFix& fix) noexcept {
  return fix.arch.empty() || component.arch.empty() || fix.arch == component.arch ||
         component.arch == "noarch" || component.arch == "all";
}

/// Several packages of one source, or the same from two feeds, are one finding: the worst state speaks.
using Key = std::tuple<std::string, std::string>;  // CVE or advisory, package

void take(std::map<Key, Finding>& findings, const Component& component, const PackageFix& fix, bool rebuilt) {
  if (!concerns(component, fix)) return;
  Finding finding;
  finding.id = fix.cve.empty() ? fix.advisory : fix.cve;
  if (!fix.cve.empty()) finding.cves.push_back(fix.cve);
  finding.component = ours_of(component, fix.is_source).package;
  finding.severity = fix.severity;
  finding.published = fix.published;
  finding.confidence = rebuilt ? Confidence::medium : Confidence::high;
  if (!fix.advisory.empty()) finding.title.en = fix.advisory;
  finding.evidence.push_back(component.evidence);
  judge(component, fix, finding);
  const auto [known, added] = findings.try_emplace({finding.id, finding.component}, finding);
  if (!added && finding.state < known->second.state) known->second = std::move(finding);
}

/// "sles-15-sp4" of "15.4".
std::string suse_name(std::string_view version) {
  if (version.empty()) return {};
  const auto dot = version.find('.');
  std::string name = "sles-" + std::string(version.substr(0, dot));
  if (dot != std::string_view::npos && version.substr(dot) != ".0")
    name += "-sp" + std::string(version.substr(dot + 1));
  return name;
}

}  // namespace

ReleaseOf release_of(const OperatingSystem& os) {
  const std::string_view product = os.product;
  if (product == "debian:debian_linux") return {{"debian", debian_name(os.version)}, false};
  if (product == "canonical:ubuntu_linux") return {{"ubuntu", os.version.substr(0, 5)}, false};
  if (product == "redhat:enterprise_linux") return {{"redhat", red_hat_name(os.version)}, false};
  for (const std::string_view rebuilt :
       {"centos:centos", "almalinux:almalinux", "rocky:rocky", "oracle:linux"})
    if (product == rebuilt) return {{"redhat", red_hat_name(os.version)}, true};
  if (product == "suse:linux_enterprise_server") return {{"suse", suse_name(os.version)}, false};
  if (product == "opensuse:leap" && !os.version.empty()) return {{"suse", "leap-" + os.version}, false};
  return {};
}

PackageTable::PackageTable(std::vector<PackageFix> fixes) : fixes_(std::move(fixes)) {
  const auto key = [](const PackageFix& fix) { return std::tie(fix.is_source, fix.package); };
  std::sort(fixes_.begin(), fixes_.end(),
            [&](const PackageFix& a, const PackageFix& b) { return key(a) < key(b); });
  for (std::size_t first = 0; first < fixes_.size();) {
    std::size_t last = first;
    while (last < fixes_.size() && key(fixes_[last]) == key(fixes_[first])) ++last;
    (fixes_[first].is_source ? sources_ : binaries_).try_emplace(fixes_[first].package, first, last);
    first = last;
  }
}

std::span<const PackageFix> PackageTable::find(const Places& places, std::string_view name) const {
  const auto found = places.find(name);
  if (found == places.end()) return {};
  return std::span(fixes_).subspan(found->second.first, found->second.second - found->second.first);
}

std::span<const PackageFix> PackageTable::binary(std::string_view name) const {
  return find(binaries_, name);
}
std::span<const PackageFix> PackageTable::source(std::string_view name) const { return find(sources_, name); }

std::vector<Finding> judge_packages(const Host& host, const PackageTable& table, bool rebuilt) {
  std::map<Key, Finding> findings;
  for (const Component& component : host.components) {
    if (component.kind != ComponentKind::package || component.version.empty()) continue;
    for (const PackageFix& fix : table.binary(component.name)) take(findings, component, fix, rebuilt);
    for (const PackageFix& fix : table.source(ours_of(component, true).package))
      take(findings, component, fix, rebuilt);
  }
  std::vector<Finding> list;
  list.reserve(findings.size());
  for (auto& [key, finding] : findings) list.push_back(std::move(finding));
  return list;
}

}  // namespace bansoko::assess
