// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/feed.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "assess/feed/tally.h"
#include "base/printable.h"
#include "base/text.h"

/// CISA's catalogue of known exploited vulnerabilities: known_exploited_vulnerabilities.json
/// (https://www.cisa.gov/known-exploited-vulnerabilities-catalog, which also has its schema).
namespace bansoko::feed::cisa_kev {
namespace {

constexpr std::array<std::string_view, 4> kPlaces{"vulnerabilities/*", "catalogVersion", "dateReleased",
                                                  "count"};

Result<> put_entry(const nlohmann::json& entry, Tally& tally) {
  assess::KnownExploited record;
  record.cve = cve_of(text_in(entry, "cveID"));
  record.vendor = text_in(entry, "vendorProject");
  record.product = text_in(entry, "product");
  record.name = text_in(entry, "vulnerabilityName");
  record.added = date_in(entry, "dateAdded");
  record.due = date_in(entry, "dueDate");
  record.ransomware = same_text(text_in(entry, "knownRansomwareCampaignUse"), "Known");
  if (record.cve.empty()) {
    tally.leave_out("entries without a CVE");
    return {};
  }
  return tally.put(record);
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  std::uint64_t entries = 0;
  std::optional<std::uint64_t> announced;
  BANSOKO_CHECK(read_json(
      input.bytes, limits, kPlaces,
      [&](std::size_t place, std::span<const std::string>, const nlohmann::json& value) -> Result<> {
        if (place == 0) {
          ++entries;
          return put_entry(value, tally);
        }
        if (place == 3 && value.is_number_unsigned()) announced = value.get<std::uint64_t>();
        if (!value.is_string()) return {};
        const auto& text = value.get_ref<const std::string&>();
        const auto day = assess::parse_date(text);
        if (place == 1) tally.stamp.version = printable(text.substr(0, 80));
        if (place == 2 && day) tally.stamp.date = *day;
        return {};
      }));
  if (announced && *announced != entries)
    return fail(Errc::invalid, "{} entries where it announces {}", entries, *announced);
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  return holds(head, "catalogVersion") || (holds(head, "cveID") && holds(head, "vulnerabilityName"));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "cisa-kev",
                                     .title = "CISA's known exploited vulnerabilities",
                                     .licence = "CC0-1.0",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::cisa_kev
