// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/rules_commands.h"
#include "app/bansoko/rules_view.h"
#include "app/bansoko/settings_file.h"
#include "base/file.h"
#include "base/printable.h"
#include "shield/source/import.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string from;
  std::string name;
  std::string folder;
  std::string config;
  std::string disable;
  std::string enable;
  std::string modify;
  std::string drop;
  std::vector<std::string> ignore;
  bool no_ignore = false;
  bool keep_faulty = false;
  bool json = false;
};

constexpr std::size_t kLargestChoices = std::size_t{16} << 20U;

struct ChoicesFile {
  std::string path;
  std::string text;
};

/// The file named, which must be there, or else that of the settings' folder, if it is.
Result<ChoicesFile> choices_file(const std::string& named, const std::string& folder, std::string_view name) {
  ChoicesFile file{named.empty() ? fmt::format("{}/{}", folder, name) : named, ""};
  std::error_code error;
  if (named.empty() && !std::filesystem::exists(file.path, error)) return file;
  BANSOKO_TRY(file.text, read_file(file.path, kLargestChoices));
  return file;
}

Result<selection::Choices> choices_of(const Options& options, const std::string& folder,
                                      rule::Diagnostics& diagnostics) {
  selection::Choices choices;
  BANSOKO_TRY(const auto disable, choices_file(options.disable, folder, "disable.conf"));
  choices.disable = selection::MatcherList::parse(disable.text, disable.path, diagnostics);
  BANSOKO_TRY(const auto enable, choices_file(options.enable, folder, "enable.conf"));
  choices.enable = selection::MatcherList::parse(enable.text, enable.path, diagnostics);
  BANSOKO_TRY(const auto drop, choices_file(options.drop, folder, "drop.conf"));
  choices.drop = selection::MatcherList::parse(drop.text, drop.path, diagnostics);
  BANSOKO_TRY(const auto modify, choices_file(options.modify, folder, "modify.conf"));
  choices.modify = selection::parse_edits(modify.text, modify.path, diagnostics);
  if (count_errors(diagnostics) > 0)
    return fail(Errc::invalid, "{} has faults: nothing was imported", modify.path);
  return choices;
}

source::ImportRequest request_of(const Options& options, const engine::SourceSettings& settings) {
  source::ImportRequest request;
  request.from = options.from;
  request.name = options.name;
  request.folder = options.folder.empty() ? settings.folder : options.folder;
  request.limits = {.max_bytes = settings.max_bytes,
                    .max_member_bytes = settings.max_file_bytes,
                    .max_archive_bytes = settings.max_bytes,
                    .max_members = settings.max_files};
  if (!options.ignore.empty() || options.no_ignore) request.ignore = options.ignore;
  request.now = std::time(nullptr);
  request.keep_faulty = options.keep_faulty;
  return request;
}

void show_line(std::string_view name, const std::string& value) {
  if (!value.empty()) print(fmt::format("{:<11} {}\n", name, printable(value)));
}

void show_files(const source::ImportReport& report, bool keep_faulty) {
  if (report.facts.faulty == 0) return;
  print(fmt::format("faults      {} rules cannot be loaded{}\n", report.facts.faulty,
                    keep_faulty ? "" : " and are off"));
  for (const source::ImportedFile& file : report.files)
    if (file.faulty > 0)
      print(fmt::format("            {}: {} of {}; the first: {}\n", printable(file.path), file.faulty,
                        file.rules, printable(file.first_fault)));
}

void show(const source::ImportReport& report, const Options& options) {
  const source::SourceFacts& facts = report.facts;
  const selection::Changes& changes = report.changes;
  print(fmt::format("{} {}: {} rules, {} of them on\n", report.replaced ? "replaced" : "imported", facts.name,
                    facts.rules, facts.enabled));
  show_line("from", facts.origin);
  show_line("sha256", facts.sha256);
  show_line("dated", facts.dated);
  show_line("version", facts.version);
  show_line("licence", facts.licence.empty()
                           ? "none is named: ask whoever gave you the rules"
                           : fmt::format("{} (named in {})", facts.licence, facts.licence_files));
  print(fmt::format("changed     {} switched off, {} on, {} on for flowbits; {} made drop, {} modified\n",
                    changes.disabled, changes.enabled, changes.for_flowbits, changes.dropped,
                    changes.modified));
  if (changes.superseded > 0)
    show_line("doubles", fmt::format("{} are off: another rule has the same number", changes.superseded));
  for (const std::string& ignored : report.ignored) show_line("left out", ignored);
  show_files(report, options.keep_faulty);
}

nlohmann::json to_json(const source::ImportReport& report) {
  nlohmann::json files = nlohmann::json::array();
  for (const source::ImportedFile& file : report.files)
    files.push_back({{"file", file.path},
                     {"kept_as", file.kept_as},
                     {"rules", file.rules},
                     {"enabled", file.enabled},
                     {"faulty", file.faulty},
                     {"first_fault", file.first_fault}});
  const source::SourceFacts& facts = report.facts;
  const selection::Changes& changes = report.changes;
  return {{"name", facts.name},
          {"origin", facts.origin},
          {"sha256", facts.sha256},
          {"imported", facts.imported},
          {"dated", facts.dated},
          {"version", facts.version},
          {"licence", facts.licence},
          {"licence_files", facts.licence_files},
          {"rules", facts.rules},
          {"enabled", facts.enabled},
          {"faulty", facts.faulty},
          {"replaced", report.replaced},
          {"left_out", report.ignored},
          {"files", std::move(files)},
          {"changes",
           {{"disabled", changes.disabled},
            {"enabled", changes.enabled},
            {"for_flowbits", changes.for_flowbits},
            {"dropped", changes.dropped},
            {"modified", changes.modified},
            {"superseded", changes.superseded}}}};
}

/// Whether the engine would load what was imported.
void show_next_step(const source::ImportReport& report, const std::string& folder,
                    const engine::ShieldSettings& settings) {
  const auto files = files_to_load(settings);
  const bool named = files && std::ranges::all_of(report.files, [&](const source::ImportedFile& file) {
                       return std::ranges::find(*files, fmt::format("{}/{}/{}", folder, report.facts.name,
                                                                    file.kept_as)) != files->end();
                     });
  print(named ? std::string("to put them in force: bansoko shield reload\n")
              : fmt::format(
                    "the engine does not load them yet: add \"{}/*/*.rules\" to shield.rule_files, then: "
                    "bansoko shield reload\n",
                    printable(folder)));
}

int run(const Options& options) {
  const auto settings = settings_in_force(options.config);
  if (!settings) return complain(settings.error());
  rule::Diagnostics diagnostics;
  const auto choices = choices_of(options, settings->sources.choices, diagnostics);
  for (const rule::Diagnostic& each : diagnostics) fmt::print(stderr, "{}\n", printable(to_text(each)));
  if (!choices) return complain(choices.error());
  const source::ImportRequest request = request_of(options, settings->sources);
  // rule_files is a list of patterns: no such folder could ever be named there.
  if (request.folder.find_first_of("*?[") != std::string::npos)
    return complain({Errc::invalid, fmt::format("{} cannot be a folder of sources: it has a '*', '?' or '['",
                                                printable(request.folder))});
  const auto report = source::import_source(
      request, *choices,
      [&settings](const std::vector<std::string>& files) { return faults_of(*settings, files); });
  if (!report) return complain(report.error());
  for (const rule::Diagnostic& each : report->warnings) fmt::print(stderr, "{}\n", printable(to_text(each)));
  if (options.json) {
    print(text_of(to_json(*report)));
    return kOk;
  }
  show(*report, options);
  show_next_step(*report, request.folder, *settings);
  return kOk;
}

void add_choices(CLI::App& command, Options& options) {
  command.add_option("--disable-conf", options.disable,
                     "rules to switch off; by default /etc/bansoko/disable.conf");
  command.add_option("--enable-conf", options.enable,
                     "rules to switch on; by default /etc/bansoko/enable.conf");
  command.add_option("--drop-conf", options.drop,
                     "rules to turn into drop; by default /etc/bansoko/drop.conf");
  command.add_option("--modify-conf", options.modify,
                     "rules to change by expressions; by default /etc/bansoko/modify.conf");
}

}  // namespace

void add_rules_import(CLI::App& rules, int& exit_code) {
  auto* command = rules.add_subcommand(
      "import", "Take in rules of others from an archive or a folder. Never uses the network");
  const auto options = std::make_shared<Options>();
  command->add_option("FROM", options->from, "a .tar.gz, .tar or .zip archive, a folder, or one .rules file")
      ->required();
  command->add_option("--name", options->name, "the source's name; by default after the file");
  command->add_option("--to,--folder", options->folder,
                      "where sources are kept, instead of the settings' folder");
  command->add_option("--config", options->config, fmt::format("settings; by default {}", kSettingsFile));
  add_choices(*command, *options);
  command->add_option("--ignore", options->ignore, "rule files to leave out; by default '*deleted.rules'");
  command->add_flag("--no-ignore", options->no_ignore, "leave out none");
  command->add_flag("--keep-faulty", options->keep_faulty, "leave rules on that cannot be loaded");
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bansoko::app
