// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/config.h"

#include <fmt/format.h>

#include "assess/inventory/lines.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

constexpr std::size_t kMaxIncludeDepth = 16;
constexpr std::size_t kMaxIncludedFiles = 1000;
constexpr std::size_t kMaxSettings = 20'000;  // of one program

bool has_wildcard(std::string_view pattern) noexcept {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

/// Whether a list has an item.
bool lists(std::string_view list, std::string_view item) noexcept {
  constexpr std::string_view kBetween = ", ";
  for (std::size_t at = list.find(item); at != std::string_view::npos; at = list.find(item, at + 1)) {
    const bool begins = at == 0 || list.substr(0, at).ends_with(kBetween);
    const std::string_view after = list.substr(at + item.size());
    if (begins && (after.empty() || after.starts_with(kBetween))) return true;
    if (item.empty()) return false;
  }
  return false;
}

}  // namespace

assess::Setting* Config::setting(std::string_view name) {
  std::string key = fmt::format("{}:{}", group_, kept_text(lowered(name), limits_.max_text));
  const auto found = host_.settings.find(key);
  if (found != host_.settings.end()) return &found->second;
  if (host_.settings.size() < kMaxSettings) return &host_.settings[std::move(key)];
  return nullptr;
}

void Config::set(assess::Setting& setting, std::string_view value, const Place& place) const {
  setting.value = kept_text(value, limits_.max_text);
  setting.evidence = evidence_of(place.document, place.line, trim(place.text));
}

void Config::first(std::string_view name, std::string_view value, const Place& place) {
  auto* const known = setting(name);
  if (known != nullptr && known->evidence.line == 0) set(*known, value, place);
}

void Config::last(std::string_view name, std::string_view value, const Place& place) {
  if (auto* const known = setting(name); known != nullptr) set(*known, value, place);
}

void Config::each(std::string_view name, std::string_view value, const Place& place) {
  auto* const known = setting(name);
  if (known == nullptr) return;
  if (known->evidence.line == 0) {
    set(*known, value, place);
    return;
  }
  const std::string kept = kept_text(value, limits_.max_text);
  if (lists(known->value, kept)) return;
  if (known->value.size() + kept.size() + 2 > limits_.max_text)
    unreadable(fmt::format("{}:{} has more values than are kept", group_, lowered(name)), place);
  else
    known->value += ", " + kept;
}

void Config::any(std::string_view name, bool yes, const Place& place) {
  auto* const known = setting(name);
  if (known == nullptr || known->value == "yes") return;
  if (yes || known->evidence.line == 0) set(*known, yes ? "yes" : "no", place);
}

void Config::follow(const std::string& pattern, const Place& place, bool optional, const Read& read) {
  if (includes_ == nullptr) {
    unreadable(fmt::format("{} is included and not at hand", kept_text(pattern, 200)), place);
    return;
  }
  if (depth_ >= kMaxIncludeDepth || files_ >= kMaxIncludedFiles) {
    unreadable(fmt::format("{} is not read: included more than {} deep, or beyond {} files",
                           kept_text(pattern, 200), kMaxIncludeDepth, kMaxIncludedFiles),
               place);
    return;
  }
  const auto documents = includes_->find(place.document, pattern);
  if (documents.empty() && !optional && !has_wildcard(pattern))
    unreadable(fmt::format("{} is included and not there", kept_text(pattern, 200)), place);
  ++depth_;
  for (const Document& document : documents) {
    if (++files_ > kMaxIncludedFiles) break;
    host_.sources.push_back(document.name);
    read(document);
  }
  --depth_;
}

void Config::unreadable(std::string what, const Place& place) {
  for (const assess::Missing& one : host_.missing)
    if (one.what == what) return;
  constexpr std::size_t kMost = 100;
  if (host_.missing.size() < kMost)
    note(host_, assess::Gap::unreadable, std::move(what),
         evidence_of(place.document, place.line, trim(place.text)));
}

Result<std::vector<assess::Host>> read_config(const ConfigFormat& format, const Document& document,
                                              Includes* includes, const Limits& limits) {
  assess::Host host;
  host.sources.push_back(document.name);
  Config config(format.group, includes, limits, host);
  format.read(document, config);
  if (host.settings.size() >= kMaxSettings)
    config.unreadable(fmt::format("only the first {} settings are kept", kMaxSettings), {document});
  if (document.bytes.find('\0') != std::string::npos) config.unreadable("the file is no text", {document});
  note(host, assess::Gap::no_os, "the file says only how a program is set up", {.source = document.name});
  return std::vector<assess::Host>{std::move(host)};
}

std::optional<NamedValue> split_at_equals(std::string_view line) noexcept {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return NamedValue{trim(line.substr(0, equals)), trim(line.substr(equals + 1))};
}

std::string_view before_comment(std::string_view line, std::string_view marks) noexcept {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0)
      quote = c == quote ? '\0' : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (marks.find(c) != std::string_view::npos)
      return line.substr(0, i);
  }
  return line;
}

std::optional<std::string_view> section_of(std::string_view line) noexcept {
  const auto end = line.find(']');
  if (!line.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  return trim(line.substr(1, end - 1));
}

std::string in_folder(std::string_view folder, std::string_view pattern) {
  return pattern.starts_with('/') ? std::string(pattern) : fmt::format("{}/{}", folder, pattern);
}

bool is_yes(std::string_view value) noexcept {
  for (const std::string_view yes : {"yes", "on", "true", "1", "enabled"})
    if (same_text(value, yes)) return true;
  return false;
}

void each_joined_line(std::string_view text,
                      const std::function<void(std::string_view line, std::uint32_t number)>& take) {
  Lines lines(text);
  std::string joined;
  while (lines.next()) {
    const std::uint32_t number = lines.number();
    joined = lines.text();
    while (joined.ends_with('\\') && lines.next()) {
      joined.back() = ' ';
      joined += trim(lines.text());
    }
    take(trim(joined), number);
  }
}

}  // namespace bansoko::inventory
