// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/json_reader.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"
#include "base/text.h"

/// https://security-tracker.debian.org/tracker/data/json: package, hole, release.
namespace bansoko::feed::debian_tracker {
namespace {

using assess::FixStatus;

/// A fix in version 0 says that no version of the release ever had the hole.
FixStatus status_of(const nlohmann::json& release) {
  const std::string_view status = text_in(release, "status");
  if (status == "resolved")
    return text_in(release, "fixed_version") == "0" ? FixStatus::not_affected : FixStatus::fixed;
  if (status == "undetermined") return FixStatus::undetermined;
  const bool given_up =
      text_in(release, "nodsa_reason") == "ignored" || text_in(release, "urgency") == "end-of-life";
  return given_up ? FixStatus::will_not_fix : FixStatus::affected;
}

Result<> put_release(const std::string& name, const nlohmann::json& release, assess::PackageFix& fix,
                     Tally& tally) {
  fix.release = name;
  fix.status = status_of(release);
  fix.fixed_version = fix.status == FixStatus::fixed ? text_in(release, "fixed_version") : "";
  fix.severity = text_in(release, "urgency");
  const std::string_view status = text_in(release, "status");
  const bool known = status == "resolved" || status == "open" || status == "undetermined";
  if (known && (fix.status != FixStatus::fixed || !fix.fixed_version.empty())) return tally.put(fix);
  tally.leave_out("neither fixed, open nor undetermined");
  return {};
}

Result<> put_hole(const std::string& package, const std::string& hole, const nlohmann::json& record,
                  Tally& tally) {
  const nlohmann::json* const releases = find(record, "releases");
  if (releases == nullptr || !releases->is_object())
    return fail(Errc::invalid, "{} of {} has no releases", hole, package);
  assess::PackageFix fix{.distribution = "debian", .package = package, .is_source = true};
  (is_cve(hole) ? fix.cve : fix.advisory) = hole;  // "TEMP-0000000-0CA7E3" until it has a CVE
  for (const auto& [name, release] : releases->items()) BANSOKO_CHECK(put_release(name, release, fix, tally));
  return {};
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  static constexpr std::array<std::string_view, 1> kPlaces{"*/*"};
  Tally tally(sink, limits);
  BANSOKO_CHECK(read_json(input.bytes, limits, kPlaces,
                          [&](std::size_t, std::span<const std::string> path, const nlohmann::json& record) {
                            return put_hole(path[0], path[1], record, tally);
                          }));
  return std::move(tally.stamp);
}

/// Takes a JSON object's beginning and its first key off the text; "" where something else stands there.
std::string_view first_key(std::string_view& text) noexcept {
  for (const char mark : {'{', '"'}) {
    text = trim(text);
    if (!text.starts_with(mark)) return {};
    text.remove_prefix(1);
  }
  const std::string_view key = text.substr(0, text.find('"'));
  text.remove_prefix(std::min(key.size() + 1, text.size()));
  text = trim(text);
  if (!text.starts_with(':')) return {};
  text.remove_prefix(1);
  return key;
}

/// {"package": {"CVE-2014-6271": {...
bool recognises(std::string_view, std::string_view head) {
  if (first_key(head).empty()) return false;
  const std::string_view hole = first_key(head);
  return (is_cve(hole) || hole.starts_with("TEMP-")) && trim(head).starts_with('{');
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "debian-tracker",
                                      .title = "Debian security tracker, JSON",
                                      .licence = "as Debian publishes it: no licence is stated",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::debian_tracker
