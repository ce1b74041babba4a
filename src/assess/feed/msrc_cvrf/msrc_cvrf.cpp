// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/msrc_cvrf/vulnerability.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"

/// CVRF 1.1 (https://www.icasi.org/cvrf/) as the Microsoft Security Response Center publishes it each month.
namespace bansoko::feed::msrc_cvrf {
namespace {

constexpr std::string_view kRoot = "cvrfdoc/";

class Document {
 public:
  Document(Sink& sink, const Limits& limits) : tally_(sink, limits) {}

  Result<> take(std::string_view path, const xml::Node& node) {
    path.remove_prefix(kRoot.size());
    if (path == "Vulnerability") return put_vulnerability(node, products_, released_, tally_);
    if (path == "ProductTree") {
      add_products(node, products_);
      return {};
    }
    tally_.stamp.scope = node.text_at("Identification/ID");
    tally_.stamp.version = node.text_at("Version");
    tally_.stamp.date = date_of(node.text_at("CurrentReleaseDate"));
    released_ = date_of(node.text_at("InitialReleaseDate"));
    return {};
  }

  Result<Stamp> finish(std::string_view name) {
    if (tally_.stamp.scope.empty()) tally_.stamp.scope = file_stem(name);
    return std::move(tally_.stamp);
  }

 private:
  Tally tally_;
  Products products_;
  std::optional<assess::Date> released_;
};

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Document document(sink, limits);
  bool known = false;
  xml::Records records(
      [&known](const xml::Element& element) {
        known |= element.path == "cvrfdoc";
        return element.path == "cvrfdoc/Vulnerability" || element.path == "cvrfdoc/ProductTree" ||
               element.path == "cvrfdoc/DocumentTracking";
      },
      [&](std::string_view path, const xml::Node& node) { return document.take(path, node); });
  BANSOKO_CHECK(read_xml(input.bytes, limits, records));
  if (!known) return fail(Errc::invalid, "no CVRF document");
  return document.finish(input.name);
}

bool recognises(std::string_view, std::string_view head) {
  return xml_root(head) == "cvrfdoc" && head.find("icrosoft") != std::string_view::npos;
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "msrc-cvrf",
                                      .title = "Microsoft security updates, CVRF",
                                      .licence = "Microsoft's terms of use",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::msrc_cvrf
