// SPDX-License-Identifier: Apache-2.0
#include "patches/library.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "patches/consistency.h"
#include "patches/patch_reader.h"

namespace bansoko::patches {
namespace {

namespace fs = std::filesystem;

/// What of a folder has this ending, or is a folder; sorted by name.
std::vector<std::string> entries(const std::string& folder, std::string_view ending, bool folders = false) {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::error_code unknown;
    if (folders ? entry.is_directory(unknown) : entry.path().extension() == ending)
      found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  return found;
}

std::string unquoted(std::string_view value) {
  const auto quoted = rule::unquote(value);
  return quoted ? std::string(quoted->text) : std::string(value);
}

PatchRule facts_of(rule::RuleText text) {
  PatchRule rule;
  for (const rule::Option& option : text.options) {
    if (option.name == "sid") rule.sid = settings::number_in(option.value);
    if (option.name == "rev") rule.rev = settings::number_in(option.value);
    if (option.name == "msg") rule.message = unquoted(option.value);
    const auto comma = option.value.find(',');
    if (option.name == "reference" && trim(std::string_view(option.value).substr(0, comma)) == "cve" &&
        comma != std::string::npos)
      rule.cves.push_back(fmt::format("CVE-{}", trim(std::string_view(option.value).substr(comma + 1))));
  }
  rule.text = std::move(text);
  return rule;
}

void read_rule_files(LibraryPatch& made, Faults& faults) {
  made.rule_files = entries(made.patch.folder, ".rules");
  if (made.rule_files.empty()) faults.push_back({made.patch.folder, 0, 0, {}, "has no rules", "NAME.rules"});
  for (const std::string& file : made.rule_files) {
    const auto text = read_file(file, settings::kLargestFile);
    if (!text) {
      faults.push_back({file, 0, 0, {}, text.error().message, {}});
      continue;
    }
    rule::Diagnostics wrong;
    rule::read_rules(*text, file, rule::default_variables(), wrong,
                     [&made](rule::RuleText rule) { made.rules.push_back(facts_of(std::move(rule))); });
    for (const rule::Diagnostic& each : wrong)
      faults.push_back({each.file, each.line, each.column, {}, each.message, each.valid});
  }
}

void read_tests(LibraryPatch& made, const Templates& templates, Faults& faults) {
  const std::string folder = made.patch.folder + "/tests";
  const auto files = entries(folder, ".yaml");
  if (files.empty()) faults.push_back({folder, 0, 0, {}, "has no tests", "NAME.yaml"});
  for (const std::string& file : files) {
    auto cases = read_cases(file, made.patch, templates, faults);
    std::move(cases.begin(), cases.end(), std::back_inserter(made.tests));
  }
}

}  // namespace

const LibraryPatch* Library::find(std::string_view id) const noexcept {
  for (const LibraryPatch& each : patches)
    if (each.patch.id == id) return &each;
  return nullptr;
}

Library read_library(const std::string& content, Faults& faults) {
  Library library;
  const auto folders = entries(content + "/patches", {}, true);
  if (folders.empty()) {
    faults.push_back({content + "/patches", 0, 0, {}, "has no patches", "a folder for each"});
    return library;
  }
  library.applications = read_applications(content + "/applications.yaml", faults);
  for (const std::string& file : entries(content + "/templates", ".yaml"))
    library.templates.add_file(file, faults);
  for (const std::string& folder : folders) {
    auto patch = read_patch(folder, faults);
    if (!patch) continue;
    LibraryPatch made{.patch = std::move(*patch)};
    read_rule_files(made, faults);
    read_tests(made, library.templates, faults);
    library.patches.push_back(std::move(made));
  }
  check_consistency(library, faults);
  return library;
}

}  // namespace bansoko::patches
