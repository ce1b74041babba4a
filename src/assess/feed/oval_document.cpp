// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/oval_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "assess/feed/oval_definition.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"
#include "base/printable.h"

namespace bansoko::feed {
namespace {

using assess::FixStatus;
using assess::PackageFix;
using Kind = OvalCheck::Kind;

constexpr std::string_view kRoot = "oval_definitions/";
constexpr std::string_view kEarlierThanNothing = "earlier than version 0: not known whether it is affected";

class Document {
 public:
  Document(Sink& sink, const Limits& limits, const OvalVendor& vendor, std::size_t most_bytes)
      : vendor_(vendor), tally_(sink, limits), budget_(most_bytes), tables_(budget_) {}

  Result<> take(std::string_view path, const xml::Node& node) {
    path.remove_prefix(kRoot.size());
    if (path == "generator") {
      tally_.stamp.date = date_of(node.text_at("timestamp"));
      tally_.stamp.version = node.text_at("schema_version");
      known_ = true;
      return {};
    }
    if (path != "definitions/definition") return tables_.add(path.substr(0, path.find('/')), node);
    known_ = true;
    const std::string_view about = node.attribute("class");
    if (about == "patch" || about == "vulnerability") return keep(oval_definition(node, vendor_));
    if (about != "inventory") tally_.leave_out("definition that is neither of a patch nor a vulnerability");
    return {};
  }

  /// All is known: says of each definition what it means for its packages.
  Result<Stamp> finish(std::string_view name) {
    if (!known_) return fail(Errc::invalid, "{}: no OVAL definitions", printable(name));
    std::set<std::string> releases;
    for (const OvalDefinition& definition : definitions_) {
      releases.insert(definition.releases.begin(), definition.releases.end());
      BANSOKO_CHECK(tell(definition));
    }
    tally_.stamp.scope = vendor_.scope(name, {releases.begin(), releases.end()});
    return std::move(tally_.stamp);
  }

 private:
  using Components = std::map<std::string_view, FixStatus>;

  Result<> keep(OvalDefinition definition) {
    if (definition.holes.empty() && definition.advisory.empty()) {
      tally_.leave_out("neither CVE nor advisory");
      return {};
    }
    if (definition.releases.empty()) {
      tally_.leave_out("release not known");
      return {};
    }
    if (definition.holes.empty()) definition.holes.emplace_back();
    BANSOKO_CHECK(budget_.spend(definition.bytes()));
    definitions_.push_back(std::move(definition));
    return {};
  }

  Result<> tell(const OvalDefinition& definition) {
    Components components;
    for (const auto& [name, status] : definition.components) components.emplace(name, status);
    for (const OvalDefinition::Claim& claim : definition.claims) {
      const OvalCheck check = tables_.check(claim.test);
      if (check.kind == Kind::unknown) tally_.leave_out("test that the file lacks");
      if (check.kind == Kind::version) tally_.leave_out("test for a version other than 'less than'");
      if (check.kind != Kind::installed && check.kind != Kind::earlier) continue;
      for (const std::string& package : check.packages)
        BANSOKO_CHECK(tell(definition, record(definition, claim, check, package, components)));
    }
    return tell_rest(definition, components);
  }

  PackageFix record(const OvalDefinition& definition, const OvalDefinition::Claim& claim,
                    const OvalCheck& check, const std::string& package, Components& components) {
    PackageFix fix{
        .package = package, .is_source = vendor_.names_sources, .arch = check.arch, .module = claim.module};
    if (check.kind == Kind::earlier) {
      const bool nothing = check.version == "0";
      if (nothing) tally_.leave_out(kEarlierThanNothing);
      fix.status = nothing ? FixStatus::undetermined : FixStatus::fixed;
      if (!nothing) fix.fixed_version = check.version;
    } else {
      const std::string whole = claim.module.empty() ? package : claim.module + "/" + package;
      const auto found = components.find(whole);
      fix.status = definition.unaffected       ? FixStatus::not_affected
                   : found != components.end() ? found->second
                                               : claim.status;
    }
    components.erase(claim.module.empty() ? package : claim.module + "/" + package);
    return fix;
  }

  /// Components that no test was about.
  Result<> tell_rest(const OvalDefinition& definition, const Components& components) {
    for (const auto& [name, status] : components) {
      const auto slash = name.find('/');
      const bool modular = slash != std::string_view::npos && name.substr(0, slash).find(':') != name.npos;
      if (slash != std::string_view::npos && !modular) {
        tally_.leave_out("component that is no package");
        continue;
      }
      PackageFix fix{.package = std::string(modular ? name.substr(slash + 1) : name), .status = status};
      if (modular) fix.module = name.substr(0, slash);
      BANSOKO_CHECK(tell(definition, std::move(fix)));
    }
    return {};
  }

  Result<> tell(const OvalDefinition& definition, PackageFix fix) {
    fix.distribution = vendor_.distribution;
    fix.advisory = definition.advisory;
    fix.published = definition.published;
    for (const std::string& release : definition.releases) {
      fix.release = release;
      for (const OvalDefinition::Hole& hole : definition.holes) {
        fix.cve = hole.cve;
        fix.severity = hole.severity;
        BANSOKO_CHECK(tally_.put(fix));
      }
    }
    return {};
  }

  const OvalVendor& vendor_;
  Tally tally_;
  OvalBudget budget_;
  OvalTables tables_;
  std::vector<OvalDefinition> definitions_;
  bool known_ = false;
};

bool is_record(const xml::Element& element) {
  std::string_view path = element.path;
  if (!path.starts_with(kRoot)) return false;
  path.remove_prefix(kRoot.size());
  if (path == "generator" || path == "definitions/definition") return true;
  for (const std::string_view section : {"tests/", "objects/", "states/", "variables/"})
    if (path.starts_with(section)) return true;
  return false;
}

}  // namespace

Result<Stamp> read_oval(const Input& input, Sink& sink, const Limits& limits, const OvalVendor& vendor,
                        std::size_t most_bytes) {
  Document document(sink, limits, vendor, most_bytes);
  xml::Records records(is_record,
                       [&](std::string_view path, xml::Node& node) { return document.take(path, node); });
  BANSOKO_CHECK(read_xml(input.bytes, limits, records));
  return document.finish(input.name);
}

bool is_oval(std::string_view head, std::string_view holds) noexcept {
  return xml_root(head) == "oval_definitions" && head.find(holds) != std::string_view::npos;
}

std::string_view oval_reference(const xml::Node& definition, std::string_view source) noexcept {
  const xml::Node* const metadata = definition.child("metadata");
  if (metadata == nullptr) return {};
  for (const xml::Node& child : metadata->children)
    if (child.name == "reference" && child.attribute("source") == source) return child.attribute("ref_id");
  return {};
}

}  // namespace bansoko::feed
