// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/csaf/holes.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/tally.h"
#include "base/printable.h"
#include "base/text.h"

/// CSAF 2.0 (https://docs.oasis-open.org/csaf/csaf/v2.0/): advisories, and VEX by CVE.
namespace bansoko::feed::csaf {
namespace {

using nlohmann::json;

enum Place {
  section_document,
  section_branches,
  section_products,
  section_relationships,
  section_vulnerabilities
};
constexpr std::array<std::string_view, 5> kPlaces{"document", "product_tree/branches/*",
                                                  "product_tree/full_product_names/*",
                                                  "product_tree/relationships/*", "vulnerabilities/*"};

/// Whose packages: by the namespace of the publisher.
std::string distribution_of(const json& document) {
  const json* const publisher = find(document, "publisher");
  const std::string_view space = publisher == nullptr ? std::string_view() : text_in(*publisher, "namespace");
  if (space.find("redhat.com") != std::string_view::npos) return "redhat";
  if (space.find("suse.com") != std::string_view::npos) return "suse";
  return {};
}

Result<> read_document(const json& document, Holes& holes, Stamp& stamp) {
  holes.common.distribution = distribution_of(document);
  if (holes.common.distribution.empty())
    return fail(Errc::unsupported, "CSAF of a publisher other than Red Hat and SUSE");
  if (const json* const severity = find(document, "aggregate_severity"))
    holes.common.severity = text_in(*severity, "text");
  const json* const tracking = find(document, "tracking");
  if (tracking == nullptr || text_in(*tracking, "id").empty())
    return fail(Errc::invalid, "a document without tracking/id");
  stamp.scope = printable(text_in(*tracking, "id"));
  stamp.version = text_in(*tracking, "version");
  stamp.date = date_in(*tracking, "current_release_date");
  if (stamp.scope.starts_with("CVE-")) return {};  // VEX: each fix has an advisory of its own
  holes.common.advisory = stamp.scope;
  holes.common.published = date_in(*tracking, "initial_release_date");
  return {};
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  Holes holes(limits);
  BANSOKO_CHECK(read_json(input.bytes, limits, kPlaces,
                          [&](std::size_t place, std::span<const std::string>, const json& record) {
                            if (place == section_document) return read_document(record, holes, tally.stamp);
                            if (place == section_branches) return holes.products.add_branch(record);
                            if (place == section_products) return holes.products.add_product(record);
                            if (place == section_relationships)
                              return holes.products.add_relationship(record);
                            return holes.add(record);
                          }));
  if (tally.stamp.scope.empty()) return fail(Errc::invalid, "no CSAF document");
  BANSOKO_CHECK(holes.put(tally));
  tally.stamp.together = "";
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  const auto holds = [head](std::string_view text) { return head.find(text) != std::string_view::npos; };
  return trim(head).starts_with('{') && holds("\"document\"") &&
         (holds("\"csaf_version\"") || holds("\"csaf_vex\"") || holds("\"csaf_security_advisory\""));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "csaf",
                                      .title = "CSAF 2.0 and VEX, of Red Hat and SUSE",
                                      .licence = "CC-BY-4.0",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::csaf
