// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/rule_trial.h"
#include "app/bansoko/rules_commands.h"
#include "app/bansoko/rules_view.h"
#include "app/bansoko/settings_file.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string config;
  std::string folder;
  bool json = false;
};

using Counts = std::map<std::string, std::size_t>;

struct Stats {
  Counts sources, states, actions, protocols, classes, faults, keywords, buffers;
};

void count(const KnownRule& known, Stats& stats) {
  const selection::SourceRule& rule = known.rule;
  ++stats.sources[known.source];
  ++stats.states[!rule.enabled ? "off" : known.in_rule_files ? "on" : "on, but not in rule_files"];
  ++stats.actions[rule.action];
  ++stats.protocols[rule.protocol];
  ++stats.classes[rule.classtype.empty() ? "(none)" : rule.classtype];
  if (rule.reason.starts_with(source::kDoesNotLoad) && !rule.enabled)
    ++stats.faults[rule.reason.substr(source::kDoesNotLoad.size())];
  std::set<std::string> names;
  for (const rule::Option& option : selection::options_of(rule)) names.insert(option.name);
  for (const std::string& name : names) ++(is_buffer(name) ? stats.buffers : stats.keywords)[name];
}

/// Faults of rules that are on; those that an import has switched off are told by their reason.
Result<> count_faults(const RuleView& view, const engine::ShieldSettings& settings, Stats& stats) {
  std::set<std::string> files;
  for (const KnownRule& known : view.rules) files.insert(known.rule.file);
  BANSOKO_TRY(const auto faults, faults_of(settings, {files.begin(), files.end()}));
  for (const rule::Diagnostic& fault : faults)
    if (fault.severity == rule::Severity::error) ++stats.faults[fault.message];
  return {};
}

void show(std::string_view title, const Counts& counts) {
  if (counts.empty()) return;
  std::vector<std::pair<std::string, std::size_t>> rows(counts.begin(), counts.end());
  std::ranges::stable_sort(rows, std::greater(), &std::pair<std::string, std::size_t>::second);
  print(fmt::format("\n{}\n", title));
  for (const auto& [name, number] : rows) print(fmt::format("{:>8}  {}\n", number, printable(name)));
}

void show_sources(const RuleView& view) {
  for (const source::SourceFacts& facts : view.sources)
    print(fmt::format("{}: {} rules, {} on; imported {}{}{}; licence: {}\n", facts.name, facts.rules,
                      facts.enabled, facts.imported, facts.version.empty() ? "" : ", version ",
                      printable(facts.version), facts.licence.empty() ? "none named" : facts.licence));
}

nlohmann::json to_json(const RuleView& view, const Stats& stats) {
  nlohmann::json sources = nlohmann::json::array();
  for (const source::SourceFacts& facts : view.sources)
    sources.push_back({{"name", facts.name},
                       {"rules", facts.rules},
                       {"enabled", facts.enabled},
                       {"faulty", facts.faulty},
                       {"origin", facts.origin},
                       {"sha256", facts.sha256},
                       {"imported", facts.imported},
                       {"dated", facts.dated},
                       {"version", facts.version},
                       {"licence", facts.licence}});
  return {{"rules", view.rules.size()}, {"sources", std::move(sources)}, {"by_source", stats.sources},
          {"by_state", stats.states},   {"by_action", stats.actions},    {"by_protocol", stats.protocols},
          {"by_class", stats.classes},  {"faults", stats.faults},        {"keywords", stats.keywords},
          {"buffers", stats.buffers}};
}

int run(const Options& options) {
  const auto settings = settings_in_force(options.config);
  if (!settings) return complain(settings.error());
  const auto view = rules_in_view(*settings, options.folder);
  if (!view) return complain(view.error());
  Stats stats;
  for (const KnownRule& known : view->rules) count(known, stats);
  if (const auto counted = count_faults(*view, *settings, stats); !counted) return complain(counted.error());
  if (options.json) {
    print(text_of(to_json(*view, stats)));
    return kOk;
  }
  print(fmt::format("{} rules\n", view->rules.size()));
  show_sources(*view);
  show("rules by source", stats.sources);
  show("rules by state", stats.states);
  show("rules by action", stats.actions);
  show("rules by protocol", stats.protocols);
  show("rules by class", stats.classes);
  show("faults", stats.faults);
  show("rules by option", stats.keywords);
  show("rules by buffer", stats.buffers);
  return kOk;
}

}  // namespace

void add_rules_stats(CLI::App& rules, int& exit_code) {
  auto* command =
      rules.add_subcommand("stats", "Count the rules of all sources and of the settings' rule files");
  const auto options = std::make_shared<Options>();
  command->add_option("--folder", options->folder, "where sources are kept, instead of the settings' folder");
  command->add_option("--config", options->config, fmt::format("settings; by default {}", kSettingsFile));
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bansoko::app
