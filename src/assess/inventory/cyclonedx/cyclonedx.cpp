// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/bill.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/json_records.h"
#include "assess/inventory/text.h"
#include "assess/xml/records.h"
#include "base/printable.h"
#include "base/text.h"

/// CycloneDX 1.0 to 1.6 (ECMA-424), JSON and XML.
namespace bansoko::inventory::cyclonedx {
namespace {

using assess::Host;

BillEntry entry_of(const xml::Node& node) {
  BillEntry made;
  const std::string_view type = node.attribute("type");  // XML has it as an attribute
  made.kind = lowered(type.empty() ? node.text_at("type") : type);
  made.name = node.text_at("name");
  made.version = node.text_at("version");
  made.purl = node.text_at("purl");
  made.cpe = node.text_at("cpe");
  const std::string_view group = node.text_at("group");
  if (!group.empty() && made.purl.empty()) made.name = std::string(group) + "/" + made.name;
  return made;
}

/// A component and those in it: JSON lists them as "components", XML puts "component" into "components". The
/// readers bound how deep they lie.
void add_all(const xml::Node& node, Bill& bill) {  // NOLINT(misc-no-recursion)
  bill.add(entry_of(node));
  for (const xml::Node& child : node.children) {
    if (child.name != "components") continue;
    if (child.child("component") == nullptr && child.child("name") != nullptr) add_all(child, bill);
    for (const xml::Node& one : child.children)
      if (one.name == "component") add_all(one, bill);
  }
}

/// What the bill is about: a host, if it is a device or a container; else one entry more.
void take_subject(const xml::Node& node, Bill& bill) {
  const BillEntry entry = entry_of(node);
  if (entry.kind == "device" || entry.kind == "container")
    bill.host().name = shown(entry.name);
  else if (entry.kind == "operating-system")
    bill.add(entry);
}

bool is_json(const Document& document) { return trim(beginning(document.bytes, 64)).starts_with('{'); }

Result<> read_xml(const Document& document, const Limits& limits, Bill& bill) {
  const auto wanted = [](const xml::Element& element) {
    return element.path == "bom/components/component" || element.path == "bom/metadata/component" ||
           element.path == "bom/metadata/timestamp";
  };
  const auto take = [&](std::string_view path, xml::Node& node) -> Result<> {
    if (path == "bom/components/component")
      add_all(node, bill);
    else if (path == "bom/metadata/component")
      take_subject(node, bill);
    else if (const auto date = assess::parse_date(node.text))
      bill.host().collected = *date;
    return {};
  };
  xml::Records records(wanted, take);
  return xml::parse(document.bytes, records, {.max_bytes = limits.max_bytes, .max_depth = limits.max_depth});
}

Result<> read_bom(const Document& document, const Limits& limits, Bill& bill) {
  JsonRecords records;
  records.max_depth = limits.max_depth;
  records.wanted = [](std::string_view path) { return path == "components" || path == "metadata/component"; };
  records.take = [&](std::string_view path, xml::Node& node) -> Result<> {
    if (path == "components")
      add_all(node, bill);
    else
      take_subject(node, bill);
    return {};
  };
  records.text = [&](std::string_view path, std::string_view text) {
    if (const auto date = assess::parse_date(text); path == "metadata/timestamp" && date)
      bill.host().collected = *date;
  };
  return read_json(to_utf8(document.bytes), records);
}

bool recognises(const Document& document) {
  const std::string text = beginning(document.bytes);
  if (trim(text).starts_with('{')) return has(text, "\"bomFormat\"") && has(text, "CycloneDX");
  return trim(text).starts_with('<') && has(text, "cyclonedx.org/schema/bom");
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  Bill bill(document, limits);
  const auto done = is_json(document) ? read_bom(document, limits, bill) : read_xml(document, limits, bill);
  if (!done && (bill.entries() == 0 || done.error().code == Errc::denied))
    return fail(done.error().code, "{}: {}", printable(document.name), done.error().message);
  return std::vector<Host>{bill.finish(done ? "" : done.error().message)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "cyclonedx", .title = "CycloneDX, JSON and XML", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::cyclonedx
