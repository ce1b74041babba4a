// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/feed.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "assess/feed/nvd.h"
#include "base/printable.h"
#include "base/text.h"

/// NVD's API 2.0: a page of it, a year's feed nvdcve-2.0-YEAR.json.gz, which has the same form, or one CVE in
/// a file (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema).
namespace bansoko::feed::nvd_json_2 {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kListPlaces{"vulnerabilities/*", "timestamp", "version"};
constexpr std::array<std::string_view, 1> kWhole{""};
constexpr NvdNames kNames{.nodes = "nodes", .matches = "cpeMatch", .cpe = "criteria"};

/// Of several scores of one version NVD's own, which is called primary.
std::optional<assess::Cvss> best_of(const Json& metrics, std::initializer_list<std::string_view> versions) {
  for (const std::string_view version : versions) {
    std::optional<assess::Cvss> best;
    for (const Json& metric : list_in(metrics, version)) {
      auto cvss = cvss_of(find(metric, "cvssData"));
      const bool primary = same_text(text_in(metric, "type"), "Primary");
      if (cvss && (!best || primary)) best = std::move(cvss);
      if (best && primary) break;
    }
    if (best) return best;
  }
  return {};
}

Result<> put_known_exploited(const Json& cve, const std::string& name, Tally& tally) {
  const auto added = date_in(cve, "cisaExploitAdd");
  if (!added) return {};
  assess::KnownExploited record{.cve = name};
  record.name = text_in(cve, "cisaVulnerabilityName");
  record.added = added;
  record.due = date_in(cve, "cisaActionDue");
  return tally.put(record);
}

/// `entry` is the CVE, or holds it below "cve".
Result<> put_entry(const Json& entry, Tally& tally) {
  const Json* const within = find(entry, "cve");
  const Json& cve = within != nullptr && within->is_object() ? *within : entry;
  assess::Vulnerability record{.cve = cve_of(text_in(cve, "id"))};
  if (record.cve.empty()) {
    tally.leave_out("entries without a CVE");
    return {};
  }
  record.published = date_in(cve, "published");
  record.modified = date_in(cve, "lastModified");
  record.description = english_of(list_in(cve, "descriptions"));
  record.rejected = same_text(text_in(cve, "vulnStatus"), "Rejected");
  if (const Json* const metrics = find(cve, "metrics")) {
    record.cvss2 = best_of(*metrics, {"cvssMetricV2"});
    record.cvss3 = best_of(*metrics, {"cvssMetricV31", "cvssMetricV30", "cvssMetricV40"});
  }
  BANSOKO_CHECK(tally.put(record));
  BANSOKO_CHECK(put_known_exploited(cve, record.cve, tally));
  return put_configurations(list_in(cve, "configurations"), kNames, record.cve, tally);
}

/// One CVE in a file.
Result<Stamp> read_one(const Input& input, Tally& tally, const Limits& limits) {
  BANSOKO_CHECK(read_json(input.bytes, limits, kWhole, [&](auto, auto, const Json& value) -> Result<> {
    tally.stamp.date = date_in(value, "lastModified");
    tally.stamp.scope = cve_of(text_in(value, "id"));
    return put_entry(value, tally);
  }));
  if (tally.stamp.scope.empty()) return fail(Errc::invalid, "it names no CVE");
  tally.stamp.version = "2.0";
  tally.stamp.together = "";
  return std::move(tally.stamp);
}

Result<Stamp> read_list(const Input& input, Tally& tally, const Limits& limits) {
  BANSOKO_CHECK(
      read_json(input.bytes, limits, kListPlaces,
                [&](std::size_t place, std::span<const std::string>, const Json& value) -> Result<> {
                  if (place == 0) return put_entry(value, tally);
                  if (!value.is_string()) return {};
                  const auto& text = value.get_ref<const std::string&>();
                  const auto day = assess::parse_date(text);
                  if (place == 1 && day) tally.stamp.date = *day;
                  if (place == 2) tally.stamp.version = printable(text.substr(0, 80));
                  return {};
                }));
  tally.stamp.scope = nvd_scope(input.name);
  return std::move(tally.stamp);
}

bool is_list(std::string_view head) { return holds(head, "NVD_CVE") || holds(head, "vulnerabilities"); }

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  return is_list(input.head) ? read_list(input, tally, limits) : read_one(input, tally, limits);
}

bool recognises(std::string_view, std::string_view head) {
  return holds(head, "NVD_CVE") || (holds(head, "vulnStatus") && holds(head, "sourceIdentifier"));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "nvd-2.0",
                                     .title = "NVD CVE, JSON 2.0",
                                     .licence = "public domain",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::nvd_json_2
