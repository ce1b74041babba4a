// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/assess_commands.h"
#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "app/bansoko/patch_view.h"
#include "app/bansoko/settings_file.h"
#include "assess/content/content.h"
#include "assess/engine/assess.h"
#include "assess/inventory/reader.h"
#include "assess/inventory/roles.h"
#include "assess/inventory/tree.h"
#include "assess/report/render.h"
#include "base/content_folder.h"
#include "base/file.h"
#include "explain/voice.h"
#include "patches/engine_library.h"

namespace bansoko::app {
namespace {

enum class Form : std::uint8_t { text, json, csv, html, md, sarif, vex };
constexpr std::array kForms{"text", "json", "csv", "html", "md", "sarif", "cyclonedx-vex"};

enum class FailOn : std::uint8_t { never, worm, exploited, missing, unconfirmed, checks };
constexpr std::array kFailOn{"never", "worm", "exploited", "missing", "unconfirmed", "checks"};

struct Options {
  std::vector<std::string> paths;
  std::string config, root, store = knowledge::kDefaultStore, content, form = "text", lang, today, output;
  std::vector<std::string> fail_on;  // FailOn, or the ids of checks
  bool all = false;
};

template <std::size_t N>
std::size_t place_of(const std::array<const char*, N>& words, const std::string& word) {
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

/// What the shield's library has against each CVE. A patch with a fault is left out, as the shield does.
assess::Plasters plasters_in(const std::string& content) {
  assess::Plasters plasters;
  patches::Faults unheeded;
  for (const patches::Patch& patch : patches::read_patches(content, unheeded)) {
    const bool clear = std::ranges::all_of(patch.visible, [](const patches::Transport& each) {
      return each.visible == patches::Visible::clear;
    });
    for (const std::string& cve : patch.cves)
      plasters.emplace(
          cve, assess::Plaster{patch.id, {patch.title.en, patch.title.ja}, visible_text(patch), clear});
  }
  return plasters;
}

assess::InventoriedHost with_roles(assess::Host host) {
  inventory::add_features(host);
  assess::InventoriedHost one{std::move(host), {}};
  for (const inventory::FoundRole& found : inventory::roles_of(one.host)) one.roles.push_back(found.role);
  return one;
}

/// The hosts that were named, or this one.
Result<std::vector<assess::InventoriedHost>> hosts_of(const Options& options,
                                                      std::vector<std::string>& not_understood) {
  std::vector<assess::InventoriedHost> hosts;
  if (options.paths.empty()) {
    BANSOKO_TRY(auto host, inventory::read_tree(options.root.empty() ? "/" : options.root, {}));
    hosts.push_back(with_roles(std::move(host)));
  }
  for (const std::string& path : options.paths) {
    BANSOKO_TRY(auto read, inventory::read_inventory(path, {}));
    for (assess::Host& host : read.hosts) hosts.push_back(with_roles(std::move(host)));
    for (std::string& name : read.unknown) not_understood.push_back(std::move(name));
    for (std::string& name : read.unreadable) not_understood.push_back(std::move(name));
  }
  return hosts;
}

Result<assess::Date> today_of(const Options& options) {
  if (!options.today.empty()) return assess::parse_date(options.today);
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

Result<content::Content> sound_content(const std::string& folder) {
  settings::Faults faults;
  content::Content content = content::read_content(folder, faults);
  if (faults.empty()) return content;
  return fail(Errc::invalid, "{}; {} faults in all: bansoko content check {}", to_text(faults.front()),
              faults.size(), folder);
}

std::string rendered(const assess::Assessment& assessment, const Options& options, assess::Lang lang) {
  switch (static_cast<Form>(place_of(kForms, options.form))) {
    case Form::text:
      return to_text(assessment, lang, options.all);
    case Form::json:
      return to_json(assessment, lang);
    case Form::csv:
      return to_csv(assessment, lang);
    case Form::html:
      return to_html(assessment, lang);
    case Form::md:
      return to_markdown(assessment, lang);
    case Form::sarif:
      return to_sarif(assessment, lang);
    case Form::vex:
      return to_cyclonedx_vex(assessment, lang);
  }
  return {};
}

bool fails(const assess::JudgedFinding& judged, FailOn on) noexcept {
  const bool is_missing = judged.finding.state == assess::State::missing;
  switch (on) {
    case FailOn::never:
    case FailOn::checks:
      return false;
    case FailOn::worm:
      return is_missing && judged.priority.worm;
    case FailOn::exploited:
      return is_missing && judged.priority.inputs.known_exploited;
    case FailOn::missing:
      return is_missing;
    case FailOn::unconfirmed:
      return is_missing || judged.finding.state == assess::State::unconfirmed;
  }
  return false;
}

bool fails(const assess::JudgedHost& host, FailOn on) noexcept {
  if (on == FailOn::checks) return count(host, assess::CheckState::failed) != 0;
  if (on == FailOn::unconfirmed && !host.host.missing.empty()) return true;
  return std::ranges::any_of(host.findings,
                             [on](const assess::JudgedFinding& judged) { return fails(judged, on); });
}

bool fails(const assess::Assessment& assessment, const std::string& word) {
  const auto on = static_cast<FailOn>(place_of(kFailOn, word));
  if (on == FailOn::unconfirmed && !assessment.not_understood.empty()) return true;
  const auto is_it = [&](const assess::CheckResult& result) {
    return result.state == assess::CheckState::failed && result.check->id == word;
  };
  return std::ranges::any_of(assessment.hosts, [&](const assess::JudgedHost& host) {
    return on <= FailOn::checks ? fails(host, on) : std::ranges::any_of(host.checks, is_it);
  });
}

/// 0: nothing that the operator asked to be told of; 2: something is.
int verdict(const assess::Assessment& assessment, const Options& options) {
  const bool found =
      std::ranges::any_of(options.fail_on, [&](const std::string& word) { return fails(assessment, word); });
  return found ? kFound : kOk;
}

/// Each is one of the words, or a check that there is.
Result<> check_fail_on(const Options& options, const content::Content& content) {
  const auto has_check = [&content](const std::string& id) {
    return std::ranges::any_of(content.checklists, [&id](const assess::Checklist& list) {
      return std::ranges::find(list.checks, id, &assess::Check::id) != list.checks.end();
    });
  };
  for (const std::string& word : options.fail_on)
    if (place_of(kFailOn, word) == kFailOn.size() && !has_check(word))
      return fail(Errc::invalid, "--fail-on: '{}' is neither {} nor a check in content/checklists", word,
                  fmt::join(kFailOn, ", "));
  return {};
}

Result<int> run(const Options& options) {
  const std::string folder = options.content.empty() ? content_folder() : options.content;
  // Half of the time of one host is reading YAML: the library is read beside the rest.
  auto reading_plasters = std::async(std::launch::async, plasters_in, folder);
  BANSOKO_TRY(const content::Content content, sound_content(folder));
  BANSOKO_CHECK(check_fail_on(options, content));
  BANSOKO_TRY(const assess::Date today, today_of(options));
  BANSOKO_TRY(auto store, open_if_there(options.store));
  std::vector<std::string> not_understood;
  BANSOKO_TRY(auto hosts, hosts_of(options, not_understood));
  BANSOKO_TRY(const assess::AssessSettings settings, assess_settings(options.config));
  const assess::Plasters plasters = reading_plasters.get();
  BANSOKO_TRY(assess::Assessment assessment,
              assess::assess(std::move(hosts),
                             {content, store ? &*store : nullptr, plasters, settings.hosts, today}));
  assessment.not_understood = std::move(not_understood);
  const std::string text = rendered(assessment, options, lang_of_report(options.lang));
  if (options.output.empty())
    print(text);
  else
    BANSOKO_CHECK(write_file_atomic(options.output, text, 0600));
  return verdict(assessment, options);
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("paths", options.paths,
                     "files, folders or archives with inventories; without any, this host itself");
  command.add_option(
      "--config", options.config,
      fmt::format("the settings, with what you know of hosts; by default {}, if it is there", kSettingsFile));
  command.add_option("--root", options.root, "a mounted image to look at instead of this host");
  command
      .add_option("--store", options.store,
                  "the file that 'bansoko feeds import' fills; it need not be there")
      ->capture_default_str();
  command.add_option("--content", options.content,
                     "the folder of shipped facts; by default ./content, or else the installed one");
  command.add_option("--format", options.form, "how to show it")
      ->check(CLI::IsMember(kForms))
      ->capture_default_str();
  command.add_option("--lang", options.lang, "en or ja; by default as LC_MESSAGES or LANG say")
      ->check(CLI::IsMember({"en", "ja"}));
  command.add_option("--output", options.output,
                     "a file, which only its owner may read, instead of standard output");
  command.add_option("--today", options.today, "judge as on this day (2015-07-15)");
  command
      .add_option(
          "--fail-on", options.fail_on,
          "exit with 2 if a worm's hole, an exploited one, any is missing, or anything is unconfirmed; if "
          "any "
          "of the checks fails, or the one whose id this is: never, worm, exploited, missing, unconfirmed, "
          "checks, windows-smb1-on; several with commas")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--all", options.all, "as text: every finding with its reasons, also of what is fixed");
}

}  // namespace

assess::Lang lang_of_report(const std::string& asked) {
  if (!asked.empty()) return asked == "ja" ? assess::Lang::ja : assess::Lang::en;
  const auto lang =
      explain::lang_of_environment(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG"));
  return lang == patches::Lang::ja ? assess::Lang::ja : assess::Lang::en;
}

Result<std::optional<knowledge::Knowledge>> open_if_there(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 && errno == ENOENT) return std::optional<knowledge::Knowledge>();
  BANSOKO_TRY(auto knowledge, knowledge::Knowledge::open(path));
  return std::optional(std::move(knowledge));
}

void add_assess_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "assess",
      "What is past its support, what is exposed, what to do first; of this host, or of inventories");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->require_subcommand(0, 1);
  add_assess_diff_command(*command, exit_code);
  add_assess_stats_command(*command, exit_code);
  command->callback([command, options, &exit_code] {
    if (!command->get_subcommands().empty()) return;
    const auto done = run(*options);
    exit_code = done ? *done : complain(done.error());
  });
}

}  // namespace bansoko::app
