// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/feed.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "assess/feed/nvd.h"
#include "base/printable.h"

/// NVD's data feeds until December 2023, nvdcve-1.1-YEAR.json.gz, and 1.0, which was the same but for its
/// number (https://csrc.nist.gov/schema/nvd/feed/1.1/nvd_cve_feed_json_1.1.schema).
namespace bansoko::feed::nvd_json_1 {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> kPlaces{"CVE_Items/*", "CVE_data_timestamp", "CVE_data_version",
                                                  "CVE_data_numberOfCVEs"};
constexpr NvdNames kNames{.nodes = "children", .matches = "cpe_match", .cpe = "cpe23Uri"};

const Json* below(const Json& value, std::initializer_list<std::string_view> keys) {
  const Json* at = &value;
  for (const std::string_view key : keys)
    if (at != nullptr) at = find(*at, key);
  return at;
}

Result<> put_item(const Json& item, Tally& tally) {
  const Json* const meta = below(item, {"cve", "CVE_data_meta"});
  assess::Vulnerability record{.cve = meta == nullptr ? std::string() : cve_of(text_in(*meta, "ID"))};
  if (record.cve.empty()) {
    tally.leave_out("entries without a CVE");
    return {};
  }
  record.published = date_in(item, "publishedDate");
  record.modified = date_in(item, "lastModifiedDate");
  if (const Json* const description = below(item, {"cve", "description"}))
    record.description = english_of(list_in(*description, "description_data"));
  record.rejected =
      record.description.starts_with("** REJECT **") || record.description.starts_with("Rejected reason:");
  record.cvss2 = cvss_of(below(item, {"impact", "baseMetricV2", "cvssV2"}));
  record.cvss3 = cvss_of(below(item, {"impact", "baseMetricV3", "cvssV3"}));
  BANSOKO_CHECK(tally.put(record));
  const Json* const configurations = find(item, "configurations");
  if (configurations == nullptr) return {};
  return put_configurations(list_in(*configurations, "nodes"), kNames, record.cve, tally);
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  std::uint64_t items = 0;
  std::string announced;
  BANSOKO_CHECK(
      read_json(input.bytes, limits, kPlaces,
                [&](std::size_t place, std::span<const std::string>, const Json& value) -> Result<> {
                  if (place == 0) {
                    ++items;
                    return put_item(value, tally);
                  }
                  if (!value.is_string()) return {};
                  const auto& text = value.get_ref<const std::string&>();
                  const auto day = assess::parse_date(text);
                  if (place == 1 && day) tally.stamp.date = *day;
                  if (place == 2) tally.stamp.version = printable(text.substr(0, 80));
                  if (place == 3) announced = text;
                  return {};
                }));
  if (!announced.empty() && announced != std::to_string(items))
    return fail(Errc::invalid, "{} entries where it announces {}", items, printable(announced.substr(0, 40)));
  tally.stamp.scope = nvd_scope(input.name);
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  return holds(head, "CVE_data_type") && (holds(head, "CVE_data_numberOfCVEs") || holds(head, "CVE_Items"));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "nvd-1.1",
                                     .title = "NVD CVE, JSON 1.0 and 1.1",
                                     .licence = "public domain",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::nvd_json_1
