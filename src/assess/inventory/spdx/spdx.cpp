// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/bill.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/json_records.h"
#include "assess/inventory/text.h"
#include "base/printable.h"
#include "base/text.h"

/// SPDX 2.1 to 2.3 (ISO/IEC 5962), JSON and tag-value.
namespace bansoko::inventory::spdx {
namespace {

using assess::Host;

/// "purl" and "cpe23Type", "cpe22Type" (Annex F).
void take_reference(std::string_view type, std::string_view locator, BillEntry& entry) {
  if (type == "purl" && entry.purl.empty()) entry.purl = locator;
  if ((type == "cpe23Type" || type == "cpe22Type") && entry.cpe.empty()) entry.cpe = locator;
}

Result<> read_package(xml::Node& node, Bill& bill) {
  BillEntry entry;
  entry.kind = lowered(node.text_at("primaryPackagePurpose"));
  entry.name = node.text_at("name");
  entry.version = node.text_at("versionInfo");
  for (const xml::Node& child : node.children)
    if (child.name == "externalRefs")
      take_reference(child.text_at("referenceType"), child.text_at("referenceLocator"), entry);
  bill.add(entry);
  return {};
}

Result<> read_document(const Document& document, const Limits& limits, Bill& bill) {
  JsonRecords records;
  records.max_depth = limits.max_depth;
  records.wanted = [](std::string_view path) { return path == "packages"; };
  records.take = [&](std::string_view, xml::Node& node) { return read_package(node, bill); };
  records.text = [&](std::string_view path, std::string_view text) {
    if (const auto date = assess::parse_date(text); path == "creationInfo/created" && date)
      bill.host().collected = *date;
  };
  return read_json(to_utf8(document.bytes), records);
}

/// "Tag: value"; a text between <text> and </text> may go over lines and holds no tags.
Result<> read_tags(const Document& document, Bill& bill) {
  const std::string text = to_utf8(document.bytes);
  BillEntry entry;
  bool open = false, in_text = false;
  const auto close = [&] {
    if (open) bill.add(entry);
    entry = {};
    open = false;
  };
  for (const Line& line : lines_of(text)) {
    if (in_text || line.text.find("<text>") != std::string_view::npos) {
      in_text = line.text.find("</text>") == std::string_view::npos;
      continue;
    }
    const std::size_t colon = line.text.find(':');
    if (colon == std::string_view::npos || line.text.starts_with('#')) continue;
    if (!line.ended) return fail(Errc::invalid, "line {}: the file ends within it", line.number);
    const std::string_view tag = trim(line.text.substr(0, colon)), value = trim(line.text.substr(colon + 1));
    if (tag == "PackageName" || tag == "FileName" || tag == "SnippetSPDXID") close();
    if (tag == "PackageName") {
      open = true;
      entry.name = value;
    } else if (tag == "PackageVersion") {
      entry.version = value;
    } else if (tag == "PrimaryPackagePurpose") {
      entry.kind = lowered(value);
    } else if (tag == "ExternalRef") {
      const auto parts = split(value, ' ', 3);
      if (parts.size() == 3) take_reference(parts[1], trim(parts[2]), entry);
    } else if (const auto date = assess::parse_date(value); tag == "Created" && date) {
      bill.host().collected = *date;
    }
  }
  close();
  return in_text ? fail(Errc::invalid, "the file ends within a text") : Result<>();
}

bool is_json(std::string_view text) { return trim(text).starts_with('{'); }

bool recognises(const Document& document) {
  const std::string text = beginning(document.bytes);
  if (is_json(text))
    return has(text, "\"spdxVersion\"") || (has(text, "\"SPDXID\"") && has(text, "\"SPDXRef-"));
  for (const Line& line : lines_of(text))
    if (line.text.starts_with("SPDXVersion:")) return true;
  return false;
}

Result<std::vector<Host>> read(const Document& document, const Limits& limits) {
  if (document.bytes.size() > limits.max_bytes)
    return fail(Errc::limit, "{}: larger than {} bytes", printable(document.name), limits.max_bytes);
  Bill bill(document, limits);
  const bool json = is_json(beginning(document.bytes, 64));
  const auto done = json ? read_document(document, limits, bill) : read_tags(document, bill);
  if (!done && bill.entries() == 0)
    return fail(done.error().code, "{}: {}", printable(document.name), done.error().message);
  return std::vector<Host>{bill.finish(done ? "" : done.error().message)};
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "spdx", .title = "SPDX, JSON and tag-value", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::spdx
