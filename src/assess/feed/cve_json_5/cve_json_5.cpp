// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <initializer_list>

#include <nlohmann/json.hpp>

#include "assess/feed/feed.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "assess/feed/nvd.h"
#include "base/printable.h"
#include "base/text.h"

/// CVE records, version 5, one in a file, with CISA's SSVC decisions where CISA enriched them
/// (https://github.com/CVEProject/cve-schema, https://github.com/cisagov/vulnrichment). The products that
/// they name are not read: NVD names them by rules.
namespace bansoko::feed::cve_json_5 {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 1> kWhole{""};

/// Of a container's list of metrics, the first score of these versions, in their order.
std::optional<assess::Cvss> score_in(const Json& container,
                                     std::initializer_list<std::string_view> versions) {
  for (const std::string_view version : versions)
    for (const Json& metric : list_in(container, "metrics"))
      if (auto cvss = cvss_of(find(metric, version))) return cvss;
  return {};
}

void add_scores(const Json& container, assess::Vulnerability& record) {
  if (!record.cvss2) record.cvss2 = score_in(container, {"cvssV2_0"});
  if (!record.cvss3) record.cvss3 = score_in(container, {"cvssV3_1", "cvssV3_0", "cvssV4_0"});
}

/// "content" of SSVC: {"id", "options": [{"Exploitation": "poc"}, ...], "timestamp"}.
assess::Ssvc ssvc_of(const Json& content, const std::string& cve) {
  assess::Ssvc record{.cve = cve};
  for (const Json& option : list_in(content, "options")) {
    if (const auto text = text_in(option, "Exploitation"); !text.empty()) record.exploitation = lowered(text);
    if (const auto text = text_in(option, "Automatable"); !text.empty()) record.automatable = lowered(text);
    if (const auto text = text_in(option, "Technical Impact"); !text.empty())
      record.technical_impact = lowered(text);
  }
  record.decided = date_in(content, "timestamp");
  return record;
}

Result<> put_ssvc(const Json& container, const std::string& cve, Tally& tally) {
  for (const Json& metric : list_in(container, "metrics")) {
    const Json* const metric_of_other = find(metric, "other");
    if (metric_of_other == nullptr || !same_text(text_in(*metric_of_other, "type"), "ssvc")) continue;
    const Json* const content = find(*metric_of_other, "content");
    if (content == nullptr || list_in(*content, "options").empty())
      tally.leave_out("SSVC decisions without options");
    else
      BANSOKO_CHECK(tally.put(ssvc_of(*content, cve)));
  }
  return {};
}

Result<> put_record(const Json& value, Tally& tally) {
  static const Json nothing = Json::object();
  const auto part = [](const Json& of, std::string_view key) -> const Json& {
    const Json* const found = find(of, key);
    return found == nullptr ? nothing : *found;
  };
  const Json& meta = part(value, "cveMetadata");
  const Json& containers = part(value, "containers");
  const Json& cna = part(containers, "cna");
  assess::Vulnerability record{.cve = cve_of(text_in(meta, "cveId"))};
  if (record.cve.empty()) return fail(Errc::invalid, "it names no CVE");
  tally.stamp.scope = record.cve;
  record.published = date_in(meta, "datePublished");
  record.modified = date_in(meta, "dateUpdated");
  record.title = text_in(cna, "title");
  record.description = english_of(list_in(cna, "descriptions"));
  record.rejected = same_text(text_in(meta, "state"), "REJECTED");
  if (record.rejected && record.description.empty())
    record.description = english_of(list_in(cna, "rejectedReasons"));
  add_scores(cna, record);
  for (const Json& adp : list_in(containers, "adp")) add_scores(adp, record);
  BANSOKO_CHECK(tally.put(record));
  tally.stamp.date = record.modified;
  tally.stamp.version = printable(text_in(value, "dataVersion").substr(0, 80));
  for (const Json& adp : list_in(containers, "adp")) BANSOKO_CHECK(put_ssvc(adp, record.cve, tally));
  return put_ssvc(cna, record.cve, tally);
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  BANSOKO_CHECK(read_json(input.bytes, limits, kWhole,
                          [&](auto, auto, const Json& value) { return put_record(value, tally); }));
  tally.stamp.together = "";
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  return holds(head, "CVE_RECORD") || holds(head, "cveMetadata") ||
         (holds(head, "containers") && holds(head, "cna"));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "cve-5",
                                     .title = "CVE records 5, with CISA's SSVC",
                                     .licence = "CC0-1.0 (CISA's), CVE terms of use (the records)",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::cve_json_5
