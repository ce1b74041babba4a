// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "app/bansoko/rules_commands.h"
#include "app/bansoko/settings_file.h"
#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"

namespace bansoko::app {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string config;
  bool json = false;
};

nlohmann::json to_json(const rule::Diagnostic& diagnostic) {
  return {{"file", diagnostic.file},
          {"line", diagnostic.line},
          {"column", diagnostic.column},
          {"severity", diagnostic.severity == rule::Severity::error ? "error" : "warning"},
          {"message", diagnostic.message},
          {"valid", diagnostic.valid}};
}

void show(const engine::LoadedRules& loaded, std::size_t errors) {
  for (const rule::Diagnostic& diagnostic : loaded.diagnostics) print(to_text(diagnostic) + "\n");
  const detect::RuleSetCounts& counts = loaded.set->counts();
  print(fmt::format(
      "{} files: {} rules ready, {} errors, {} warnings; {} rules without a literal, {} literals\n",
      loaded.files.size(), loaded.rules, errors, loaded.diagnostics.size() - errors, counts.without_literal,
      counts.literals));
}

void show_json(const engine::LoadedRules& loaded, std::size_t errors) {
  nlohmann::json faults = nlohmann::json::array();
  for (const rule::Diagnostic& diagnostic : loaded.diagnostics) faults.push_back(to_json(diagnostic));
  const nlohmann::json answer{{"files", loaded.files},
                              {"rules", loaded.rules},
                              {"errors", errors},
                              {"warnings", loaded.diagnostics.size() - errors},
                              {"diagnostics", std::move(faults)}};
  print(answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

int check(const Options& options) {
  auto settings = settings_from(options.config);
  if (!settings) return complain(settings.error());
  settings->rule_files = options.files;
  engine::Loader loader(keyword::all_keywords(), proto::all_protocols(), settings->inspection.max_flowbits);
  use_pattern_cache(loader, *settings, options.config);
  const auto loaded = loader.load(*settings);
  if (!loaded) return complain(loaded.error());
  for (const std::string& fault : loaded->cache_faults) fmt::print(stderr, "{}\n", fault);
  if (loaded->files.empty())
    return complain({Errc::not_found, fmt::format("no file fits {}", fmt::join(options.files, ", "))});
  const std::size_t errors = count_errors(loaded->diagnostics);
  if (options.json)
    show_json(*loaded, errors);
  else
    show(*loaded, errors);
  return errors == 0 ? kOk : kFailed;
}

}  // namespace

void add_rules_command(CLI::App& program, int& exit_code) {
  auto* rules = program.add_subcommand("rules", "Work with rule files");
  rules->require_subcommand(1);
  auto* command = rules->add_subcommand(
      "check",
      "Report every fault with file, line, column and what would be valid. Exit code 1 if there is one");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->files, "rule files, or patterns such as 'rules/*.rules'")->required();
  command->add_option("--config", options->config, "settings with the variables that the rules name");
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options, &exit_code] { exit_code = check(*options); });
  add_rules_import(*rules, exit_code);
  add_rules_list(*rules, exit_code);
  add_rules_show(*rules, exit_code);
  add_rules_stats(*rules, exit_code);
}

}  // namespace bansoko::app
