// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/oval_definition.h"

#include <algorithm>
#include <tuple>

#include "assess/feed/xml_feed.h"
#include "base/text.h"

namespace bansoko::feed {
namespace {

using assess::FixStatus;

std::string_view first_of(std::string_view a, std::string_view b, std::string_view c) noexcept {
  return !a.empty() ? a : !b.empty() ? b : c;
}

/// Of those with the same key the first stays.
template <class Value, class Key>
void keep_first(std::vector<Value>& values, Key key) {
  std::stable_sort(values.begin(), values.end(),
                   [&](const Value& a, const Value& b) { return key(a) < key(b); });
  values.erase(std::unique(values.begin(), values.end(),
                           [&](const Value& a, const Value& b) { return key(a) == key(b); }),
               values.end());
}

/// Those of <advisory> first: they have a severity each.
std::vector<OvalDefinition::Hole> holes_of(const xml::Node& definition) {
  std::vector<OvalDefinition::Hole> holes;
  const std::string_view severity = definition.text_at("metadata/advisory/severity");
  if (const xml::Node* const advisory = definition.at("metadata/advisory"))
    for (const xml::Node& child : advisory->children)
      if (child.name == "cve" && is_cve(child.text))
        holes.push_back({child.text, std::string(first_of(child.attribute("impact"),
                                                          child.attribute("priority"), severity))});
  const xml::Node* const metadata = definition.child("metadata");
  if (metadata == nullptr) return holes;
  for (const xml::Node& child : metadata->children) {
    const std::string_view id = child.attribute("ref_id");
    if (child.name == "reference" && is_cve(id)) holes.push_back({std::string(id), std::string(severity)});
  }
  keep_first(holes, [](const auto& hole) { return std::string_view(hole.cve); });
  return holes;
}

FixStatus resolution_status(std::string_view state) noexcept {
  if (same_text(state, "Will not fix") || same_text(state, "Out of support scope"))
    return FixStatus::will_not_fix;
  if (same_text(state, "Under investigation")) return FixStatus::undetermined;
  if (same_text(state, "Not affected")) return FixStatus::not_affected;
  return FixStatus::affected;  // "Affected", "Fix deferred", "New"
}

std::vector<OvalDefinition::Component> components_of(const xml::Node& definition) {
  std::vector<OvalDefinition::Component> components;
  const xml::Node* const affected = definition.at("metadata/advisory/affected");
  if (affected == nullptr) return components;
  for (const xml::Node& resolution : affected->children)
    for (const xml::Node& component : resolution.children)
      if (component.name == "component")
        components.push_back({component.text, resolution_status(resolution.attribute("state"))});
  return components;
}

/// "nodejs:18" of "Module nodejs:18 is enabled".
std::string_view module_of(const xml::Node& criterion) noexcept {
  std::string_view text = criterion.attribute("comment");
  constexpr std::string_view kBegin = "Module ", kEnd = " is enabled";
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd) || text.size() <= kBegin.size() + kEnd.size())
    return {};
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  return text;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the XML, which has a limit
void walk(const xml::Node& criteria, const OvalVendor& vendor, std::string_view module,
          std::vector<OvalDefinition::Claim>& claims) {
  if (criteria.attribute("operator") != "OR")
    for (const xml::Node& child : criteria.children)
      if (const std::string_view found = module_of(child); !found.empty()) module = found;
  for (const xml::Node& child : criteria.children) {
    if (child.attribute("negate") == "true") continue;
    if (child.name == "criteria") walk(child, vendor, module, claims);
    if (child.name != "criterion") continue;
    claims.push_back({std::string(child.attribute("test_ref")), std::string(module),
                      vendor.status(child.attribute("comment"))});
  }
}

}  // namespace

std::size_t OvalDefinition::bytes() const noexcept {
  std::size_t all = sizeof(OvalDefinition) + advisory.size();
  for (const Hole& one : holes) all += sizeof(Hole) + one.cve.size() + one.severity.size();
  for (const std::string& one : releases) all += sizeof(std::string) + one.size();
  for (const Claim& one : claims) all += sizeof(Claim) + one.test.size() + one.module.size();
  for (const Component& one : components) all += sizeof(Component) + one.name.size();
  return all;
}

OvalDefinition oval_definition(const xml::Node& definition, const OvalVendor& vendor) {
  OvalDefinition made{.holes = holes_of(definition),
                      .releases = vendor.releases(definition),
                      .advisory = vendor.advisory(definition),
                      .components = components_of(definition)};
  for (const std::string_view path : {"metadata/advisory/issued", "metadata/debian/date"})
    if (const xml::Node* const day = definition.at(path); day != nullptr && !made.published)
      made.published = date_of(first_of(day->attribute("date"), day->text, {}));
  made.unaffected = definition.attribute("id").find(".unaffected:") != std::string_view::npos;
  if (const xml::Node* const criteria = definition.child("criteria"))
    walk(*criteria, vendor, {}, made.claims);
  keep_first(made.claims, [](const auto& claim) { return std::tie(claim.test, claim.module); });
  return made;
}

}  // namespace bansoko::feed
