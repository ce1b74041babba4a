// SPDX-License-Identifier: Apache-2.0
#include "shield/source/import.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include <fnmatch.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "shield/rule/lines.h"
#include "shield/selection/licence.h"
#include "shield/source/intake.h"
#include "shield/source/staging.h"

namespace bansoko::source {
namespace {

using selection::SourceRule;

std::string time_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

/// The rules of one file, within those of the whole source.
struct FileSpan {
  std::size_t member = 0;
  std::size_t first = 0;
  std::size_t count = 0;
};

class Importer {
 public:
  Importer(const ImportRequest& request, Intake intake) : request_(request), intake_(std::move(intake)) {
    names_ = names_to_keep(intake_.contents.members);
    report_.ignored = std::move(intake_.contents.ignored);
  }

  Result<ImportReport> run(const std::string& name, const selection::Choices& choices, const Check& check) {
    report_.facts.name = name;
    read_rules();
    if (rules_.empty()) return fail(Errc::invalid, "{} holds no rule (*.rules)", request_.from);
    report_.changes = selection::select(rules_, choices, report_.warnings);
    BANSOKO_TRY(Staging staging, Staging::open(request_.folder, name));
    BANSOKO_CHECK(write_files(staging));
    BANSOKO_CHECK(find_faults(staging, check));
    state_facts();
    BANSOKO_CHECK(staging.write(kFactsFile, to_yaml(report_.facts)));
    BANSOKO_CHECK(staging.write(kDecisionsFile, write_decisions(rules_)));
    BANSOKO_TRY(report_.replaced, staging.commit());
    return std::move(report_);
  }

 private:
  const std::vector<archive::Member>& members() const { return intake_.contents.members; }

  std::span<SourceRule> rules_of(const FileSpan& file) {
    return std::span(rules_).subspan(file.first, file.count);
  }

  bool is_ignored(std::string_view path) {
    const std::string name(base_name(path));
    for (const std::string& pattern : request_.ignore) {
      if (::fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) != 0) continue;
      report_.ignored.push_back(fmt::format("{}: left out as '{}' says", path, pattern));
      return true;
    }
    return false;
  }

  void read_rules() {
    for (std::size_t i = 0; i < members().size(); ++i) {
      const archive::Member& member = members()[i];
      if (!is_rule_file(member.path) || is_ignored(member.path)) continue;
      auto rules = selection::parse_source_rules(member.bytes, member.path);
      files_.push_back({i, rules_.size(), rules.size()});
      std::ranges::move(rules, std::back_inserter(rules_));
    }
  }

  Result<> write_files(const Staging& staging) {
    for (const FileSpan& file : files_) BANSOKO_CHECK(write_file(staging, file));
    for (std::size_t i = 0; i < members().size(); ++i)
      if (!is_rule_file(members()[i].path)) BANSOKO_CHECK(staging.write(names_[i], members()[i].bytes));
    return {};
  }

  Result<> write_file(const Staging& staging, const FileSpan& file) {
    const auto rules = rules_of(file);
    const std::string text = selection::write_source_rules(members()[file.member].bytes, rules);
    for (SourceRule& rule : rules) rule.file = names_[file.member];
    return staging.write(names_[file.member], text);
  }

  Result<> find_faults(const Staging& staging, const Check& check) {
    std::vector<std::string> paths;
    for (const FileSpan& file : files_)
      paths.push_back(fmt::format("{}/{}", staging.path(), names_[file.member]));
    BANSOKO_TRY(const rule::Diagnostics found, check(paths));
    for (std::size_t i = 0; i < files_.size(); ++i) {
      rule::Diagnostics faults;
      for (const rule::Diagnostic& each : found)
        if (each.file == paths[i] && each.severity == rule::Severity::error) faults.push_back(each);
      BANSOKO_CHECK(take_faults(staging, files_[i], std::move(faults)));
    }
    return {};
  }

  Result<> take_faults(const Staging& staging, const FileSpan& file, rule::Diagnostics faults) {
    const archive::Member& member = members()[file.member];
    ImportedFile told{.path = member.path, .kept_as = names_[file.member], .rules = file.count};
    const auto rules = rules_of(file);
    for (rule::Diagnostic& fault : faults) {
      fault.file = told.kept_as;
      const auto rule = std::ranges::find_if(rules, [&fault](const SourceRule& each) {
        return fault.line >= each.line && fault.line < each.line + each.lines;
      });
      // Of a rule with several faults the first is its reason.
      if (rule == rules.end() || rule->reason.starts_with(kDoesNotLoad)) continue;
      rule->reason = fmt::format("{}{}", kDoesNotLoad, fault.message);
      if (!request_.keep_faulty) rule->enabled = false;
      if (told.faulty++ == 0) told.first_fault = fmt::format("line {}: {}", fault.line, fault.message);
    }
    for (const SourceRule& rule : rules) told.enabled += rule.enabled ? 1 : 0;
    report_.facts.faulty += told.faulty;
    std::ranges::move(faults, std::back_inserter(report_.faults));
    const bool rewrite = told.faulty > 0 && !request_.keep_faulty;
    report_.files.push_back(std::move(told));
    return rewrite ? write_file(staging, file) : Result<>();
  }

  void state_facts() {
    SourceFacts& facts = report_.facts;
    std::error_code error;
    const auto origin = std::filesystem::absolute(request_.from, error);
    facts.origin = error ? request_.from : origin.string();
    facts.sha256 = intake_.sha256;
    facts.imported = time_text(request_.now);
    std::int64_t newest = 0;
    for (const FileSpan& file : files_) newest = std::max(newest, members()[file.member].modified);
    if (newest > 0) facts.dated = time_text(newest);
    facts.rules = rules_.size();
    for (const ImportedFile& file : report_.files) facts.enabled += file.enabled;
    for (const FileSpan& file : files_) facts.files.emplace(names_[file.member], members()[file.member].path);
    state_version();
    state_licence();
  }

  void state_version() {
    for (const archive::Member& member : members()) {
      if (!same_text(base_name(member.path), "version.txt") || member.bytes.empty()) continue;
      constexpr std::size_t kLongest = 64;
      const auto line = trim(rule::Lines(member.bytes).peek().text).substr(0, kLongest);
      for (const char c : line)
        if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f)
          report_.facts.version += c;
      return;
    }
  }

  /// What its licence files name; without such files, what the comments at the head of its rules name.
  void state_licence() {
    std::vector<std::string> named;
    const bool has_file = std::ranges::any_of(
        members(), [](const archive::Member& member) { return is_licence_file(member.path); });
    for (const archive::Member& member : members()) {
      if (has_file != is_licence_file(member.path)) continue;
      const std::string_view text = member.bytes;
      const auto found = selection::licences_named(has_file ? text : selection::leading_comments(text));
      for (const std::string& licence : found)
        if (std::ranges::find(named, licence) == named.end()) named.push_back(licence);
      if (found.empty()) continue;
      std::string& files = report_.facts.licence_files;
      files += (files.empty() ? "" : ", ") + member.path;
    }
    report_.facts.licence = fmt::format("{}", fmt::join(named, ", "));
  }

  const ImportRequest& request_;
  Intake intake_;
  std::vector<std::string> names_;  // by member
  std::vector<SourceRule> rules_;
  std::vector<FileSpan> files_;
  ImportReport report_;
};

}  // namespace

std::string name_after(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  auto name = base_name(path);
  for (const std::string_view extension : {".gz", ".tgz", ".tar", ".zip", ".rules"})
    if (name.size() > extension.size() && name.ends_with(extension)) name.remove_suffix(extension.size());
  return std::string(name);
}

Result<ImportReport> import_source(const ImportRequest& request, const selection::Choices& choices,
                                   const Check& check) {
  const std::string name = request.name.empty() ? name_after(request.from) : request.name;
  if (!is_source_name(name))
    return fail(Errc::invalid, "'{}' cannot be a source's name: letters, digits, '.', '-' and '_'", name);
  BANSOKO_TRY(Intake intake, take_in(request.from, request.limits));
  return Importer(request, std::move(intake)).run(name, choices, check);
}

}  // namespace bansoko::source
