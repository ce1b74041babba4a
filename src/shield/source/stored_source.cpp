// SPDX-License-Identifier: Apache-2.0
#include "shield/source/stored_source.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <limits>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "shield/rule/lines.h"

namespace bansoko::source {
namespace {

using selection::SourceRule;

constexpr std::size_t kLargestFile = std::size_t{256} << 20U;
constexpr std::string_view kDivider = " | ";
constexpr std::string_view kHeading = "# file\tline\treason\tchanged by\tas shipped\n";

settings::Part part_of(SourceFacts& facts) {
  const auto bind = [&facts](settings::Section& section) {
    constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
    section.text("name", facts.name, "");
    section.text("origin", facts.origin, "");
    section.text("sha256", facts.sha256, "");
    section.text("imported", facts.imported, "");
    section.text("dated", facts.dated, "");
    section.text("version", facts.version, "");
    section.text("licence", facts.licence, "");
    section.text("licence_files", facts.licence_files, "");
    section.number("rules", facts.rules, 0, kMost, "");
    section.number("enabled", facts.enabled, 0, kMost, "");
    section.number("faulty", facts.faulty, 0, kMost, "");
    section.map("files", facts.files, "");
  };
  return {"source", "", bind};
}

/// As one field of a line.
std::string field(std::string_view text) {
  std::string one(text);
  std::ranges::replace_if(
      one, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return one;
}

std::vector<std::string_view> split(std::string_view text, std::string_view divider) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(divider);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + divider.size());
  }
}

void apply_decision(const std::vector<std::string_view>& fields, SourceRule& rule) {
  rule.reason = fields[2];
  if (!fields[3].empty())
    for (const std::string_view edit : split(fields[3], kDivider)) rule.edits.emplace_back(edit);
  rule.shipped_text = fields[4];
}

}  // namespace

std::string to_yaml(const SourceFacts& facts) {
  SourceFacts copy = facts;
  return settings::write(part_of(copy), settings::Comments::none);
}

Result<SourceFacts> parse_facts(std::string_view yaml, std::string_view file) {
  SourceFacts facts;
  settings::Faults faults;
  if (!settings::read(yaml, file, part_of(facts), {}, faults))
    return fail(Errc::invalid, "{}", settings::to_text(faults.front()));
  return facts;
}

std::string write_decisions(const std::vector<SourceRule>& rules) {
  std::string text(kHeading);
  for (const SourceRule& rule : rules)
    if (!rule.reason.empty() || !rule.edits.empty())
      text +=
          fmt::format("{}\t{}\t{}\t{}\t{}\n", field(rule.file), rule.line, field(rule.reason),
                      field(fmt::format("{}", fmt::join(rule.edits, kDivider))), field(rule.shipped_text));
  return text;
}

void apply_decisions(std::string_view text, std::vector<SourceRule>& rules) {
  std::map<std::pair<std::string_view, std::uint32_t>, SourceRule*> places;
  for (SourceRule& rule : rules) places.emplace(std::pair(std::string_view(rule.file), rule.line), &rule);
  for (rule::Lines lines(text); !lines.at_end();) {
    const std::string_view line = lines.take().text;
    const auto fields = split(line, "\t");
    if (line.starts_with('#') || fields.size() != 5) continue;
    std::uint32_t number = 0;
    std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), number);
    if (const auto found = places.find({fields[0], number}); found != places.end())
      apply_decision(fields, *found->second);
  }
}

bool is_source_name(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 64;
  static constexpr std::string_view kSigns = ".-_";
  return !name.empty() && name.size() <= kLongest && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kSigns.find(c) != std::string_view::npos;
         });
}

Result<std::vector<std::string>> source_names(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::string name = at->path().filename().string();
    std::error_code unreadable;
    if (is_source_name(name) && fs::exists(at->path() / kFactsFile, unreadable))
      names.push_back(std::move(name));
  }
  if (error) return fail_errno("cannot read the folder " + folder, error.value());
  std::ranges::sort(names);
  return names;
}

Result<StoredSource> read_source(const std::string& folder, const std::string& name) {
  if (!is_source_name(name)) return fail(Errc::invalid, "'{}' cannot be a source's name", name);
  const std::string home = folder + "/" + name;
  StoredSource source;
  const std::string facts_file = fmt::format("{}/{}", home, kFactsFile);
  BANSOKO_TRY(const std::string yaml, read_file(facts_file, settings::kMaxFileSize));
  BANSOKO_TRY(source.facts, parse_facts(yaml, facts_file));
  BANSOKO_TRY(const auto files, expand_glob(home + "/*.rules"));
  for (const std::string& file : files) {
    BANSOKO_TRY(const std::string text, read_file(file, kLargestFile));
    auto rules = selection::parse_source_rules(text, file.substr(home.size() + 1));
    std::ranges::move(rules, std::back_inserter(source.rules));
  }
  BANSOKO_TRY(const std::string decisions,
              read_file(fmt::format("{}/{}", home, kDecisionsFile), kLargestFile));
  apply_decisions(decisions, source.rules);
  for (SourceRule& rule : source.rules) rule.file = fmt::format("{}/{}", home, rule.file);
  return source;
}

}  // namespace bansoko::source
