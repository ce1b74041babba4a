// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/bill.h"

#include <fmt/format.h>

#include "assess/inventory/cpe.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/systems.h"
#include "assess/inventory/text.h"
#include "assess/inventory/windows_names.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

using assess::Component;
using assess::ComponentKind;
using assess::Ecosystem;
using assess::Gap;
using assess::Host;

std::string_view distribution(std::string_view id) {
  const std::string wanted = lowered(id);
  return product_of_id(wanted == "redhat" ? "rhel" : wanted);
}

/// "openssl-1.0.2k-19.el7.src.rpm" is openssl 1.0.2k-19.el7; "openssl@1.1.1n-0" and "openssl" of deb.
void take_source(std::string_view upstream, Component& made) {
  if (upstream.ends_with(".src.rpm")) {
    const std::string_view whole = upstream.substr(0, upstream.size() - 8);
    const std::size_t release = whole.rfind('-');
    const std::size_t version =
        release == std::string_view::npos || release == 0 ? release : whole.rfind('-', release - 1);
    if (version == std::string_view::npos) return;
    made.source_package = whole.substr(0, version);
    made.source_version = whole.substr(version + 1);
    return;
  }
  const std::size_t at = upstream.find('@');
  made.source_package = upstream.substr(0, at);
  if (at != std::string_view::npos) made.source_version = upstream.substr(at + 1);
}

void take_purl(const PackageUrl& url, Component& made) {
  const bool rpm = url.type == "rpm", deb = url.type == "deb";
  made.name = rpm || deb || url.space.empty() ? url.name : url.space + "/" + url.name;
  if (!url.version.empty()) made.version = url.version;
  made.arch = url.qualifier("arch");
  if (!rpm && !deb) return;
  made.kind = ComponentKind::package;
  made.ecosystem = rpm ? Ecosystem::rpm : Ecosystem::deb;
  const std::string_view epoch = url.qualifier("epoch");
  if (!epoch.empty() && epoch != "0" && made.version.find(':') == std::string::npos)
    made.version = fmt::format("{}:{}", epoch, made.version);
  take_source(url.qualifier("upstream"), made);
}

}  // namespace

Bill::Bill(const Document& document, const Limits& limits) : document_(document), limits_(limits) {
  host_.sources.push_back(document.name);
}

void Bill::take_distribution(std::string_view distro, const assess::Evidence& seen) {
  const std::size_t dash = distro.rfind('-');
  const std::string_view product = distribution(distro.substr(0, dash));
  if (!host_.os.product.empty() || product.empty()) return;
  host_.os.product = product;
  if (dash != std::string_view::npos) host_.os.version = distro.substr(dash + 1);
  host_.os.evidence = seen;
}

void Bill::take_system(const BillEntry& entry) {
  assess::OperatingSystem& os = host_.os;
  os.name = shown(entry.name);
  os.version = shown(entry.version);
  os.evidence = evidence(document_.name, 0, entry.name + " " + entry.version);
  const auto cpe = parse_cpe(entry.cpe);
  const std::string_view product = distribution(entry.name);
  if (!product.empty())
    os.product = product;
  else if (has(entry.name, "windows"))
    identify_windows({entry.name, entry.version, {}}, os);
  else if (cpe)
    os.product = cpe->id();
}

void Bill::add(const BillEntry& entry) {
  ++entries_;
  if (entry.kind == "operating-system" || entry.kind == "operating_system") return take_system(entry);
  if (entry.kind == "file" || (entry.name.empty() && entry.purl.empty())) return;
  if (host_.components.size() == limits_.max_components)
    return add_gap(host_, Gap::packages_cut,
                   fmt::format("only the first {} entries were read", limits_.max_components));
  Component made;
  made.name = shown(entry.name, limits_.max_text);
  made.version = shown(entry.version, limits_.max_text);
  if (made.version == "NOASSERTION" || made.version == "NONE") made.version.clear();
  const auto url = parse_purl(entry.purl);
  if (url) take_purl(*url, made);
  if (const auto cpe = parse_cpe(entry.cpe)) made.product = cpe->id();
  made.evidence =
      evidence(document_.name, 0, entry.purl.empty() ? entry.name + " " + entry.version : entry.purl);
  if (url && (made.kind == ComponentKind::package)) {
    const std::string_view distro = url->qualifier("distro");
    take_distribution(distro.empty() ? std::string_view(url->space) : distro, made.evidence);
    if (host_.os.arch == assess::Arch::unknown && made.arch != "noarch" && made.arch != "all")
      host_.os.arch = arch_of(made.arch);
  }
  host_.components.push_back(std::move(made));
}

Host Bill::finish(std::string_view error) {
  if (!error.empty()) {
    add_gap(host_, Gap::unreadable, shown(error));
    add_gap(host_, Gap::packages_cut, fmt::format("the list breaks off after {} entries", entries_));
  }
  state_gaps(host_);
  return std::move(host_);
}

}  // namespace bansoko::inventory
