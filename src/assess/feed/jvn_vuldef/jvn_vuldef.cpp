// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "assess/feed/jvn.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"

/// VULDEF (https://jvndb.jvn.jp/schema/vuldef.html), the whole entries of JVN iPedia.
namespace bansoko::feed::jvn_vuldef {
namespace {

/// "https://jvndb.jvn.jp/ja/contents/2021/JVNDB-2021-005429.html"; "" for another identifier.
std::string link_of(std::string_view id) {
  constexpr std::string_view kBegin = "JVNDB-";
  if (!id.starts_with(kBegin) || id.size() < kBegin.size() + 5) return {};
  return fmt::format("https://jvndb.jvn.jp/ja/contents/{}/{}.html", id.substr(kBegin.size(), 4), id);
}

/// The descriptions of its items, a blank line between.
std::string descriptions(const xml::Node* items) {
  std::string all;
  if (items == nullptr) return all;
  for (const xml::Node& item : items->children) {
    const std::string_view text = item.text_at("Description");
    if (!text.empty()) all += (all.empty() ? "" : "\n\n") + jvn_text(text);
  }
  return all;
}

assess::JapaneseEntry entry_of(const xml::Node& vulinfo) {
  assess::JapaneseEntry entry;
  entry.id = vulinfo.text_at("VulinfoID");
  entry.link = link_of(entry.id);
  const xml::Node* const data = vulinfo.child("VulinfoData");
  if (data == nullptr) return entry;
  entry.title = jvn_text(data->text_at("Title"));
  entry.overview = jvn_text(data->text_at("VulinfoDescription/Overview"));
  entry.solution = descriptions(data->child("Solution"));
  entry.published = date_of(data->text_at("DateFirstPublished"));
  if (const xml::Node* const impact = data->child("Impact"))
    for (const xml::Node& child : impact->children)
      if (child.name == "Cvss")
        add_cvss(entry, child.attribute("version"), child.text_at("Base"), child.text_at("Vector"));
  if (const xml::Node* const related = data->child("Related"))
    for (const xml::Node& child : related->children) add_cve(entry, child.text_at("VulinfoID"));
  return entry;
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  tally.stamp.scope = file_stem(input.name);
  bool known = false;
  xml::Records records(
      [&](const xml::Element& element) {
        if (element.path == "VULDEF-Document") {
          known = true;
          tally.stamp.version = element.attribute("version");
        }
        return element.path == "VULDEF-Document/Vulinfo";
      },
      [&tally](std::string_view, const xml::Node& node) -> Result<> {
        const auto updated = date_of(node.text_at("VulinfoData/DateLastUpdated"));
        if (updated) tally.stamp.date = std::max(tally.stamp.date.value_or(*updated), *updated);
        const assess::JapaneseEntry entry = entry_of(node);
        if (!entry.id.empty()) return tally.put(entry);
        tally.leave_out("no identifier");
        return {};
      });
  BANSOKO_CHECK(read_xml(input.bytes, limits, records));
  if (!known) return fail(Errc::invalid, "no VULDEF document");
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) { return xml_root(head) == "VULDEF-Document"; }

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "jvn-vuldef",
                                      .title = "JVN iPedia, VULDEF",
                                      .licence = "JVN iPedia's terms of use: with attribution",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::jvn_vuldef
