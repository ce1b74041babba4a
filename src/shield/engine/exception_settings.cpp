// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/exception_settings.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/engine/canary.h"
#include "shield/engine/settings.h"
#include "shield/engine/settings_hosts.h"

namespace bansoko::engine {
namespace {

using settings::Section;
using std::chrono::nanoseconds;

constexpr std::size_t kMostExceptions = 1024;
constexpr nanoseconds kNever = nanoseconds::max();

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "9100001" or "9100001-9100010". The canary must be dropped whatever is excepted.
Result<detect::SidRange> sid_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number_in(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number_in(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *first > *last || *last >= kCanarySid)
    return fail(Errc::invalid, "'{}' is neither a sid nor a range of them", text);
  return detect::SidRange{*first, *last};
}

Result<detect::SidRanges> patch_sids(const ExceptionSettings& said, const ShieldSettings& s) {
  detect::SidRanges ranges;
  if (!s.patches.found) return ranges;
  for (const std::string& id : said.patches) {
    const PatchRules* const patch = s.patches.found->find(id);
    if (patch == nullptr) return fail(Errc::invalid, "there is no patch '{}' in {}", id, s.patches.library);
    ranges.insert(ranges.end(), patch->sids.begin(), patch->sids.end());
  }
  return ranges;
}

Result<detect::SidRanges> said_sids(const ExceptionSettings& said) {
  detect::SidRanges ranges;
  for (const std::string& text : said.sids) {
    BANSOKO_TRY(const detect::SidRange range, sid_range(text));
    ranges.push_back(range);
  }
  return ranges;
}

/// A group's name, or addresses as rules write them.
Result<rule::AddressSet> ends_of(const std::string& text, const ShieldSettings& s) {
  const auto group = s.groups.find(text);
  const bool is_name = text != "any" && text.find_first_of("[]!$.:") == std::string::npos;
  if (group == s.groups.end() && is_name) {
    std::vector<std::string_view> names;
    for (const auto& entry : s.groups) names.emplace_back(entry.first);
    return fail(Errc::invalid, "'{}' is neither an address nor a group ({})", text,
                names.empty() ? "there are none" : fmt::format("{}", fmt::join(names, ", ")));
  }
  std::size_t offset = 0;
  return rule::parse_addresses(group == s.groups.end() ? text : group->second, s.variables, offset);
}

Result<std::string> host_of(const std::string& text) {
  const std::string_view name = std::string_view(text).substr(text.starts_with("*.") ? 2 : 0);
  const bool is_name = std::ranges::all_of(
      name, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != '*' && c != '/'; });
  if (!text.empty() && (name.empty() || !is_name))
    return fail(Errc::invalid, "'{}' is neither a host nor '*.' and a domain", text);
  return lowered(text);
}

Result<> check_uri(const std::string& text) {
  if (text.empty() || text.starts_with('/')) return {};
  return fail(Errc::invalid, "'{}' does not begin with '/'", text);
}

/// The first moment of the day after, in this host's time zone.
Result<nanoseconds> end_of(const std::string& until) {
  if (until == "never") return kNever;
  const auto part = [&until](std::size_t at, std::size_t size) {
    return number_in(std::string_view(until).substr(at, size)).value_or(0);
  };
  const bool has_form = until.size() == 10 && until[4] == '-' && until[7] == '-';
  const auto day = !has_form ? std::chrono::year_month_day()
                             : std::chrono::year(static_cast<int>(part(0, 4))) /
                                   std::chrono::month(part(5, 2)) / std::chrono::day(part(8, 2));
  if (!has_form || !day.ok() || day.year() < std::chrono::year(2000) || day.year() > std::chrono::year(2200))
    return fail(Errc::invalid, "must say how long: the last day (2027-03-31), or never");
  std::tm after{};
  after.tm_year = static_cast<int>(day.year()) - 1900;
  after.tm_mon = static_cast<int>(static_cast<unsigned>(day.month())) - 1;
  after.tm_mday = static_cast<int>(static_cast<unsigned>(day.day())) + 1;
  after.tm_isdst = -1;
  return std::chrono::seconds(std::mktime(&after));
}

bool is_limited(const ExceptionSettings& said) {
  return !said.patches.empty() || !said.sids.empty() || said.source != "any" || said.dest != "any" ||
         !said.host.empty() || !said.uri.empty();
}

std::string about(const ExceptionSettings& said) {
  std::string text;
  const auto add = [&text](std::string_view what, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, value);
  };
  add("patches", fmt::format("{}", fmt::join(said.patches, " ")));
  add("sids", fmt::format("{}", fmt::join(said.sids, " ")));
  if (said.source != "any") add("source", said.source);
  if (said.dest != "any") add("dest", said.dest);
  add("host", said.host);
  add("uri", said.uri);
  return text;
}

void bind_exception(Section& section, ExceptionSettings& said, const ShieldSettings& s) {
  section.list("patches", said.patches, "");
  section.list("sids", said.sids, "");
  section.text("source", said.source, "");
  section.text("dest", said.dest, "");
  section.text("host", said.host, "");
  section.text("uri", said.uri, "");
  section.text("until", said.until, "");
  section.text("reason", said.reason, "");
  const auto demand = [&section](std::string_view key, const auto& read) {
    section.require(key, read.has_value(), read ? "" : read.error().message);
  };
  demand("patches", patch_sids(said, s));
  demand("sids", said_sids(said));
  demand("source", ends_of(said.source, s));
  demand("dest", ends_of(said.dest, s));
  demand("host", host_of(said.host));
  demand("uri", check_uri(said.uri));
  demand("until", end_of(said.until));
  section.require("source", is_limited(said), "excepts everything; to stop dropping, use shield.mode");
}

}  // namespace

void bind_exceptions(Section& section, ShieldSettings& s) {
  section.map(
      "groups", s.groups,
      "Names for addresses, as rules write them, to be used in exceptions: scanner, backup, monitoring.");
  for (const auto& entry : s.groups) {
    std::size_t offset = 0;
    const auto ends = rule::parse_addresses(entry.second, s.variables, offset);
    section.require(fmt::format("groups.{}", entry.first), ends.has_value(),
                    ends ? "" : ends.error().message);
  }
  section.groups(
      "exceptions", s.exceptions,
      "Hits of rules that are neither dropped nor told as attacks, by a name of yours. Each says what "
      "it is about: patches (ids) or sids (numbers and ranges), source and dest (addresses or a "
      "group), host and uri (of HTTP: www.example.jp or *.example.jp; what the path begins with); and "
      "until: the last day on which it holds (2027-03-31) or never; and, if you like, a reason.",
      [&s](Section& inner, ExceptionSettings& said) { bind_exception(inner, said, s); });
  section.require("exceptions", s.exceptions.size() <= kMostExceptions,
                  fmt::format("more than {}", kMostExceptions));
}

Result<detect::Exception> exception_of(std::string_view name, const ExceptionSettings& said,
                                       const ShieldSettings& s) {
  detect::Exception made{
      .name = std::string(name), .about = about(said), .reason = said.reason, .uri = said.uri};
  BANSOKO_TRY(made.sids, patch_sids(said, s));
  BANSOKO_TRY(const detect::SidRanges sids, said_sids(said));
  made.sids.insert(made.sids.end(), sids.begin(), sids.end());
  if (said.patches.empty() && said.sids.empty()) made.sids = {{1, kCanarySid - 1}};
  BANSOKO_TRY(made.source, ends_of(said.source, s));
  BANSOKO_TRY(made.dest, ends_of(said.dest, s));
  BANSOKO_TRY(made.host, host_of(said.host));
  BANSOKO_TRY(made.until, end_of(said.until));
  return made;
}

Result<detect::HitPolicy> hit_policy_of(const ShieldSettings& s) {
  detect::HitPolicy policy;
  BANSOKO_TRY(policy.observed_hosts, observed_hosts(s.hosts));
  if (s.patches.found)
    for (const PatchRules& patch : s.patches.found->patches) {
      const PatchMode mode = mode_of(patch, s.patches);
      if (mode == PatchMode::enforce) continue;
      auto& ranges = mode == PatchMode::off ? policy.off : policy.observed;
      ranges.insert(ranges.end(), patch.sids.begin(), patch.sids.end());
    }
  for (const auto& [name, said] : s.exceptions) {
    BANSOKO_TRY(detect::Exception made, exception_of(name, said, s));
    policy.exceptions.push_back(std::move(made));
  }
  // Of several about one hit the first is asked: once that has ended, so have all of them.
  std::ranges::stable_sort(policy.exceptions, std::ranges::greater(), &detect::Exception::until);
  return policy;
}

}  // namespace bansoko::engine
