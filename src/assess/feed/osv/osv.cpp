// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "assess/feed/json_reader.h"
#include "assess/feed/osv/ecosystem.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"
#include "base/printable.h"
#include "base/text.h"

/// The Open Source Vulnerability format, version 1 (https://ossf.github.io/osv-schema/): one hole per file.
namespace bansoko::feed::osv {
namespace {

using assess::FixStatus;
using assess::PackageFix;
using nlohmann::json;

/// What is common to all packages of a record.
struct Hole {
  std::string advisory = {};
  std::vector<std::string> cves = {};
  std::string severity = {};
  std::optional<assess::Date> published = {};
};

void add_cves(const json& list, std::vector<std::string>& cves) {
  for (const json& one : list) {
    if (!one.is_string()) continue;
    const auto& id = one.get_ref<const std::string&>();
    if (is_cve(id)) cves.push_back(id);
  }
  std::sort(cves.begin(), cves.end());
  cves.erase(std::unique(cves.begin(), cves.end()), cves.end());
}

/// "UBUNTU-CVE-2022-1234" is another name of the CVE, not an advisory.
std::string_view cve_of(std::string_view id) noexcept {
  const auto at = id.find("CVE-");
  return at != std::string_view::npos && is_cve(id.substr(at)) ? id.substr(at) : std::string_view();
}

/// An advisory of a distribution has its CVEs under "upstream", in older records under "related"; elsewhere
/// what is related is another hole.
Hole hole_of(const json& record, bool of_distribution) {
  Hole hole{.published = date_in(record, "published")};
  const std::string_view id = text_in(record, "id"), cve = cve_of(id);
  if (!cve.empty()) {
    hole.cves.emplace_back(cve);
  } else {
    hole.advisory = id;
    add_cves(list_in(record, "aliases"), hole.cves);
    if (of_distribution) add_cves(list_in(record, "upstream"), hole.cves);
    if (of_distribution && hole.cves.empty()) add_cves(list_in(record, "related"), hole.cves);
  }
  if (hole.cves.empty()) hole.cves.emplace_back();
  if (const json* const specific = find(record, "database_specific"))
    hole.severity = text_in(*specific, "severity");
  for (const json& severity : list_in(record, "severity"))
    if (hole.severity.empty() && text_in(severity, "type") == "Ubuntu")
      hole.severity = text_in(severity, "score");
  return hole;
}

std::string version_of(std::string_view text) {
  if (text.starts_with("0:")) text.remove_prefix(2);
  return std::string(text == "0" ? "" : text);
}

class Record {
 public:
  explicit Record(Tally& tally) noexcept : tally_(tally) {}

  Result<> put(const json& record) {
    if (find(record, "withdrawn") != nullptr) {
      tally_.leave_out("withdrawn");
      return {};
    }
    const Hole elsewhere = hole_of(record, false), of_distribution = hole_of(record, true);
    for (const json& affected : list_in(record, "affected"))
      BANSOKO_CHECK(put_affected(affected, elsewhere, of_distribution));
    if (list_in(record, "affected").empty()) tally_.leave_out("no package");
    return {};
  }

 private:
  Result<> put_affected(const json& affected, const Hole& elsewhere, const Hole& of_distribution) {
    const json* const package = find(affected, "package");
    const std::string_view ecosystem =
        package == nullptr ? std::string_view() : text_in(*package, "ecosystem");
    if (ecosystem.empty() || text_in(*package, "name").empty()) {
      tally_.leave_out("no package");
      return {};
    }
    const Ecosystem known = ecosystem_of(ecosystem);
    hole_ = known.is_distribution ? &of_distribution : &elsewhere;
    severity_ = hole_->severity;
    if (const json* const specific = find(affected, "ecosystem_specific"))
      for (const std::string_view key : {"urgency", "severity"})
        if (const auto text = text_in(*specific, key); !text.empty()) severity_ = text;
    PackageFix fix{
        .distribution = known.distribution, .release = known.release, .is_source = known.names_sources};
    fix.package = text_in(*package, "name");
    bool told = false;
    for (const json& range : list_in(affected, "ranges")) {
      const bool commits = text_in(range, "type") == "GIT";
      if (commits)
        tally_.leave_out("range of commits");
      else
        BANSOKO_CHECK(put_range(list_in(range, "events"), fix));
      told = true;
    }
    if (!told) tally_.leave_out("versions without a range");
    return {};
  }

  /// "introduced" opens an interval that "fixed" or "last_affected" closes; more than one may follow.
  Result<> put_range(const json& events, PackageFix fix) {
    bool open = false;
    for (const json& event : events) {
      const std::string_view begin = text_in(event, "introduced"), fixed = text_in(event, "fixed"),
                             last = text_in(event, "last_affected");
      if (!begin.empty()) {
        if (open) BANSOKO_CHECK(put_interval(fix, FixStatus::affected, {}, {}));
        open = true;
        fix.introduced = version_of(begin);
      } else if (open && (!fixed.empty() || !last.empty())) {
        open = false;
        BANSOKO_CHECK(put_interval(fix, fixed.empty() ? FixStatus::affected : FixStatus::fixed, fixed, last));
      } else if (!fixed.empty() || !last.empty()) {
        tally_.leave_out("end of a range without its beginning");
      }
    }
    if (open) return put_interval(fix, FixStatus::affected, {}, {});
    return {};
  }

  Result<> put_interval(PackageFix fix, FixStatus status, std::string_view fixed, std::string_view last) {
    fix.status = status;
    fix.fixed_version = version_of(fixed);
    fix.last_affected = version_of(last);
    fix.advisory = hole_->advisory;
    fix.severity = severity_;
    fix.published = hole_->published;
    for (const std::string& cve : hole_->cves) {
      fix.cve = cve;
      BANSOKO_CHECK(tally_.put(fix));
    }
    return {};
  }

  Tally& tally_;
  const Hole* hole_ = nullptr;  // of the package that is read
  std::string severity_;
};

/// "Debian" of "Debian:11": all.zip has the records of one ecosystem.
std::string family_of(const json& record) {
  for (const json& affected : list_in(record, "affected"))
    if (const json* const package = find(affected, "package")) {
      const std::string_view ecosystem = text_in(*package, "ecosystem");
      return printable(ecosystem.substr(0, ecosystem.find(':')));
    }
  return {};
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  static constexpr std::array<std::string_view, 1> kWhole{""};
  Tally tally(sink, limits);
  tally.stamp.together = "";
  BANSOKO_CHECK(read_json(input.bytes, limits, kWhole,
                          [&](std::size_t, std::span<const std::string>, const json& record) -> Result<> {
                            const std::string_view id = text_in(record, "id");
                            if (id.empty()) return fail(Errc::invalid, "an OSV record without id");
                            tally.stamp.scope = printable(id);
                            tally.stamp.together = family_of(record);
                            tally.stamp.version = text_in(record, "schema_version");
                            tally.stamp.date = date_in(record, "modified");
                            return Record(tally).put(record);
                          }));
  return std::move(tally.stamp);
}

/// "GHSA-..." below a key "id": each database has a prefix of its own.
bool has_id(std::string_view head) noexcept {
  constexpr std::string_view kKey = "\"id\"";
  auto at = head.find(kKey);
  if (at == std::string_view::npos) return false;
  head = trim(head.substr(at + kKey.size()));
  if (!head.starts_with(':')) return false;
  head = trim(head.substr(1));
  if (!head.starts_with('"')) return false;
  head = head.substr(1, head.find('"', 1) - 1);
  at = head.find('-');
  return at != std::string_view::npos && at >= 2 && at + 1 < head.size() &&
         std::all_of(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; });
}

/// Details may be long and stand first, so little can be asked for.
bool recognises(std::string_view, std::string_view head) {
  const auto holds = [head](std::string_view text) { return head.find(text) != std::string_view::npos; };
  if (!trim(head).starts_with('{')) return false;
  if (holds("\"affected\"") && holds("\"ecosystem\"")) return true;
  const bool other = holds("\"cve\"") || holds("\"cveMetadata\"") || holds("\"document\"");
  return !other && has_id(head) &&
         (holds("\"details\"") || holds("\"summary\"") || holds("\"affected\"") ||
          holds("\"schema_version\"") || holds("\"modified\""));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "osv",
                                      .title = "OSV, open source vulnerabilities",
                                      .licence = "CC-BY-4.0, or as the database behind the record says",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::osv
