// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <optional>

#include "assess/feed/debian_dsa/lines.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"
#include "base/printable.h"
#include "base/text.h"

/// The lists of advisories in Debian's security tracker (data/DSA/list, data/DLA/list):
///   [24 Sep 2014] DSA-3032-1 bash - security update
///   <tab>{CVE-2014-6271}
///   <tab>[wheezy] - bash 4.2+dfsg-0.1+deb7u1
namespace bansoko::feed::debian_dsa {
namespace {

using assess::FixStatus;

struct Advisory {
  std::string id = {};
  std::optional<assess::Date> published = {};
  std::vector<std::string> cves = {};
};

/// Takes the next word off the text.
std::string_view word(std::string_view& text) noexcept {
  text = trim(text);
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(end);
  return first;
}

std::optional<unsigned> number(std::string_view text) noexcept {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "24 Sep 2014"
std::optional<assess::Date> day_of(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = number(word(text));
  const std::string_view month = word(text);
  const auto year = number(word(text));
  if (!day || !year || *year > 9999) return std::nullopt;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] != month) continue;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(i + 1), std::chrono::day(*day));
    if (date.ok()) return assess::Date(date);
  }
  return std::nullopt;
}

/// "[24 Sep 2014] DSA-3032-1 bash - security update"
std::optional<Advisory> heading(std::string_view line) {
  const auto end = line.find(']');
  if (!line.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  Advisory made{.published = day_of(line.substr(1, end - 1))};
  line.remove_prefix(end + 1);
  made.id = word(line);
  const bool advisory =
      made.id.starts_with("DSA-") || made.id.starts_with("DLA-") || made.id.starts_with("DTSA-");
  if (!advisory || !made.published) return std::nullopt;
  return made;
}

/// What stands where a version would: "<not-affected>".
FixStatus marked(std::string_view mark) noexcept {
  if (mark == "<not-affected>") return FixStatus::not_affected;
  if (mark == "<undetermined>") return FixStatus::undetermined;
  return mark == "<unfixed>" ? FixStatus::affected : FixStatus::will_not_fix;
}

class List {
 public:
  List(Sink& sink, const Limits& limits) : tally_(sink, limits) {}

  Result<> take(std::string_view line, std::uint64_t number) {
    if (trim(line).empty()) return {};
    if (line.front() != ' ' && line.front() != '\t') return begin(line, number);
    line = trim(line);
    if (line.front() == '{') return add_cves(line);
    if (line.front() == '[') return put(line, number);
    if (!line.starts_with("NOTE:") && !line.starts_with("TODO:")) tally_.leave_out("line of another kind");
    return {};
  }

  Result<Stamp> finish() {
    if (advisory_.id.empty()) return fail(Errc::invalid, "line 1: no advisory");
    return std::move(tally_.stamp);
  }

 private:
  Result<> begin(std::string_view line, std::uint64_t number) {
    auto made = heading(line);
    if (!made)
      return fail(Errc::invalid, "line {}: '{}' is no advisory (valid: [24 Sep 2014] DSA-3032-1 bash)",
                  number, printable(line.substr(0, 60)));
    advisory_ = std::move(*made);
    Stamp& stamp = tally_.stamp;
    if (stamp.scope.empty()) stamp.scope = advisory_.id.substr(0, advisory_.id.find('-'));
    stamp.date = std::max(stamp.date.value_or(*advisory_.published), *advisory_.published);
    return {};
  }

  Result<> add_cves(std::string_view line) {
    line.remove_prefix(1);
    if (line.ends_with('}')) line.remove_suffix(1);
    while (!trim(line).empty()) {
      const std::string_view cve = word(line);
      if (is_cve(cve))
        advisory_.cves.emplace_back(cve);
      else
        tally_.leave_out("name that is no CVE");
    }
    return {};
  }

  /// "[wheezy] - bash 4.2+dfsg-0.1+deb7u1"
  Result<> put(std::string_view line, std::uint64_t number) {
    const auto end = line.find(']');
    std::string_view rest = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
    const bool dash = word(rest) == "-";
    assess::PackageFix fix{.distribution = "debian", .is_source = true, .status = FixStatus::fixed};
    fix.package = word(rest);
    const std::string_view version = word(rest);
    if (!dash || version.empty() || advisory_.id.empty())
      return fail(Errc::invalid, "line {}: '{}' is no fix (valid: [wheezy] - bash 4.2)", number,
                  printable(line.substr(0, 60)));
    fix.release = line.substr(1, end - 1);
    fix.advisory = advisory_.id;
    fix.published = advisory_.published;
    if (version.front() == '<')
      fix.status = marked(version);
    else
      fix.fixed_version = version;
    if (advisory_.cves.empty()) return tally_.put(fix);
    for (const std::string& cve : advisory_.cves) {
      fix.cve = cve;
      BANSOKO_CHECK(tally_.put(fix));
    }
    return {};
  }

  Tally tally_;
  Advisory advisory_;
};

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  List list(sink, limits);
  BANSOKO_CHECK(read_lines(input.bytes, limits, [&list](std::string_view line, std::uint64_t number) {
    return list.take(line, number);
  }));
  return list.finish();
}

bool recognises(std::string_view, std::string_view head) {
  return heading(head.substr(0, head.find('\n'))).has_value();
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "debian-dsa",
                                      .title = "Debian security advisories, the tracker's list",
                                      .licence = "as Debian publishes it: no licence is stated",
                                      .recognises = recognises,
                                      .read = read};
  return kFormat;
}

}  // namespace bansoko::feed::debian_dsa
