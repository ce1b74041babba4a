// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/jvn.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"

/// JVNRSS (https://jvndb.jvn.jp/schema/jvnrss.html): RSS 1.0 with mod_sec, versions 2 and 3.
namespace bansoko::feed::jvn_rss {
namespace {

assess::JapaneseEntry entry_of(const xml::Node& item) {
  assess::JapaneseEntry entry;
  for (const xml::Node& child : item.children) {
    if (child.name == "identifier") entry.id = child.text;
    if (child.name == "title") entry.title = jvn_text(child.text);
    if (child.name == "description") entry.overview = jvn_text(child.text);
    if (child.name == "link") entry.link = child.text;
    if (child.name == "issued") entry.published = date_of(child.text);
    if (child.name == "references") add_cve(entry, child.attribute("id"));
    const std::string_view type = child.attribute("type");
    if (child.name == "cvss" && (type.empty() || type == "Base"))
      add_cvss(entry, child.attribute("version"), child.attribute("score"), child.attribute("vector"));
  }
  return entry;
}

void read_channel(const xml::Node& channel, Stamp& stamp) {
  const std::string_view stem = file_stem(channel.attribute("about"));
  if (!stem.empty()) stamp.scope = stem;
  stamp.date = date_of(channel.text_at("date"));
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  tally.stamp.scope = file_stem(input.name);
  bool known = false;
  xml::Records records(
      [&known](const xml::Element& element) {
        known |= element.path == "RDF";
        return element.path == "RDF/item" || element.path == "RDF/channel";
      },
      [&tally](std::string_view path, const xml::Node& node) -> Result<> {
        if (path == "RDF/channel") {
          read_channel(node, tally.stamp);
          return {};
        }
        const assess::JapaneseEntry entry = entry_of(node);
        if (!entry.id.empty()) return tally.put(entry);
        tally.leave_out("no identifier");
        return {};
      });
  BANSOKO_CHECK(read_xml(input.bytes, limits, records));
  if (!known) return fail(Errc::invalid, "no RDF document");
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  return xml_root(head) == "RDF" && head.find("//jvn.jp/rss/mod_sec/") != std::string_view::npos;
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "jvn-rss",
                                      .title = "JVN iPedia, JVNRSS",
                                      .licence = "JVN iPedia's terms of use: with attribution",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::jvn_rss
