// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/matcher.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fnmatch.h>

#include <fmt/format.h>

#include "base/text.h"
#include "shield/selection/conf_lines.h"

namespace bansoko::selection {
namespace {

// An operator's expression over one rule: generous, yet it ends.
constexpr std::uint32_t kMatchLimit = 1000000;

bool fits(const std::string& pattern, const std::string& name) {
  // No backslash escapes, and a star goes over slashes: as Python's fnmatch has it.
  return ::fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
}

std::optional<RuleIds::Id> parse_id(std::string_view text) {
  std::vector<std::uint32_t> parts;
  for (bool more = true; more;) {
    const auto part = trim(text.substr(0, text.find(':')));
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) return {};
    parts.push_back(number);
    more = text.find(':') != std::string_view::npos;
    if (more) text.remove_prefix(text.find(':') + 1);
  }
  switch (parts.size()) {
    case 1:
      return RuleIds::Id{.gid = 1, .sid = parts[0]};
    case 2:
      return RuleIds::Id{.gid = parts[0], .sid = parts[1]};
    case 3:
      return RuleIds::Id{.gid = parts[0], .sid = parts[1], .rev = parts[2], .any_rev = false};
    default:
      return {};
  }
}

std::optional<RuleIds> parse_ids(std::string_view text) {
  RuleIds ids;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const auto id = parse_id(trim(text.substr(0, comma)));
    if (!id) return {};
    ids.ids.push_back(*id);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return ids;
}

Result<Matcher::Kind> parse_metadata(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return fail(Errc::invalid, "metadata: without a key and a value");
  return MetadataEntry{lowered(text.substr(0, blank)), lowered(trim(text.substr(blank)))};
}

Result<Matcher::Kind> parse_kind(std::string_view text) {
  if (trim(text) == "*") return EveryRule{};
  if (auto ids = parse_ids(text)) return std::move(*ids);
  const auto after = [text](std::string_view prefix) { return trim(text.substr(prefix.size())); };
  if (text.starts_with("re:")) {
    BANSOKO_TRY(auto regex,
                pattern::Regex::compile(after("re:"), {.nocase = true, .match_limit = kMatchLimit}));
    return TextExpression{std::move(regex)};
  }
  if (text.starts_with("filename:")) return FileGlob{std::string(after("filename:"))};
  if (text.starts_with("group:")) return GroupGlob{std::string(after("group:"))};
  if (text.ends_with(".rules")) return GroupGlob{std::string(trim(text))};
  if (text.starts_with("metadata:")) return parse_metadata(after("metadata:"));
  return fail(Errc::invalid, "'{}' names no rules", text);
}

struct Matches {
  const SourceRule& rule;
  pattern::Regex::Workspace& workspace;

  bool operator()(const EveryRule&) const { return true; }
  bool operator()(const RuleIds& named) const {
    return std::ranges::any_of(named.ids, [this](const RuleIds::Id& id) {
      return id.gid == rule.gid && id.sid == rule.sid && (id.any_rev || id.rev == rule.rev);
    });
  }
  bool operator()(const TextExpression& expression) const {
    return expression.regex.search(as_bytes(rule.text), 0, workspace).outcome ==
           pattern::Regex::Outcome::found;
  }
  bool operator()(const FileGlob& glob) const { return fits(glob.pattern, rule.file); }
  bool operator()(const GroupGlob& glob) const {
    const auto name = rule.file.substr(rule.file.rfind('/') + 1);
    const auto dot = name.rfind('.');
    return fits(glob.pattern, name) ||
           (dot != std::string::npos && dot != 0 && fits(glob.pattern, name.substr(0, dot)));
  }
  bool operator()(const MetadataEntry& wanted) const {
    return std::ranges::any_of(rule.metadata, [&wanted](const std::string& entry) {
      const auto blank = std::min(entry.find(' '), entry.size());
      return same_text(std::string_view(entry).substr(0, blank), wanted.key) &&
             same_text(trim(std::string_view(entry).substr(blank)), wanted.value);
    });
  }
};

std::uint64_t key_of(std::uint32_t gid, std::uint32_t sid) { return std::uint64_t{gid} << 32U | sid; }

}  // namespace

Result<Matcher> Matcher::parse(std::string_view text) {
  Matcher matcher;
  if (!text.starts_with("multi:")) {
    BANSOKO_TRY(auto kind, parse_kind(text));
    matcher.all_of_.push_back(std::move(kind));
    return matcher;
  }
  for (auto rest = text.substr(std::string_view("multi:").size()); !rest.empty();) {
    const auto part = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (trim(part).empty()) continue;
    BANSOKO_TRY(auto kind, parse_kind(trim(part)));
    matcher.all_of_.push_back(std::move(kind));
  }
  if (matcher.all_of_.empty()) return fail(Errc::invalid, "multi: without a part");
  return matcher;
}

bool Matcher::matches(const SourceRule& rule, pattern::Regex::Workspace& workspace) const {
  return std::ranges::all_of(all_of_, [&](const Kind& kind) {
    return std::visit(Matches{rule, workspace}, kind);
  });
}

const RuleIds* Matcher::ids() const noexcept {
  return all_of_.size() == 1 ? std::get_if<RuleIds>(&all_of_.front()) : nullptr;
}

std::string place_of(std::string_view file, std::uint32_t line, std::string_view text) {
  return fmt::format("{}:{}: {}", file.substr(file.rfind('/') + 1), line, text);
}

MatcherList MatcherList::parse(std::string_view text, std::string_view file, rule::Diagnostics& diagnostics) {
  MatcherList list;
  for (const ConfLine& line : conf_lines(text)) {
    auto matcher = Matcher::parse(line.text);
    if (!matcher) {
      diagnostics.push_back({.file = std::string(file),
                             .line = line.number,
                             .column = 1,
                             .severity = rule::Severity::warning,
                             .message = matcher.error().message,
                             .valid = std::string(kMatcherForms)});
      continue;
    }
    list.places_.push_back(place_of(file, line.number, line.text));
    list.add(std::move(*matcher));
  }
  return list;
}

void MatcherList::add(Matcher matcher) {
  const std::size_t place = places_.size() - 1;
  if (const RuleIds* const named = matcher.ids()) {
    for (const RuleIds::Id& id : named->ids) ids_[key_of(id.gid, id.sid)].push_back({id, place});
  } else {
    others_.push_back({std::move(matcher), place});
  }
}

const std::string* MatcherList::find(const SourceRule& rule) const {
  if (const auto found = ids_.find(key_of(rule.gid, rule.sid)); found != ids_.end())
    for (const ById& each : found->second)
      if (each.id.any_rev || each.id.rev == rule.rev) return &places_[each.place];
  for (const ByOther& each : others_)
    if (each.matcher.matches(rule, workspace_)) return &places_[each.place];
  return nullptr;
}

}  // namespace bansoko::selection
