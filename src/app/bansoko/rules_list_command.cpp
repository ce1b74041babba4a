// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/rules_commands.h"
#include "app/bansoko/rules_view.h"
#include "app/bansoko/settings_file.h"
#include "base/printable.h"
#include "base/text.h"
#include "shield/pattern/regex.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string config;
  std::string folder;
  std::string source;
  std::string classtype;
  std::string cve;
  std::string grep;
  std::string protocol;
  bool enabled = false;
  bool disabled = false;
  bool json = false;
};

class Filter {
 public:
  static Result<Filter> of(const Options& options) {
    Filter filter(options);
    if (!options.grep.empty()) {
      BANSOKO_TRY(auto regex,
                  pattern::Regex::compile(options.grep, {.nocase = true, .match_limit = 1000000}));
      filter.grep_.emplace(std::move(regex));
    }
    return filter;
  }

  bool passes(const KnownRule& known) {
    const selection::SourceRule& rule = known.rule;
    const auto is = [](const std::string& wanted, const std::string& value) {
      return wanted.empty() || same_text(wanted, value);
    };
    return is(options_->source, known.source) && is(options_->classtype, rule.classtype) &&
           is(options_->protocol, rule.protocol) && (!options_->enabled || rule.enabled) &&
           (!options_->disabled || !rule.enabled) && passes_cve(rule) && passes_grep(rule);
  }

 private:
  explicit Filter(const Options& options) : options_(&options) {}

  bool passes_cve(const selection::SourceRule& rule) const {
    if (options_->cve.empty()) return true;
    const auto cves = cves_of(rule);
    return std::ranges::find(cves, plain_cve(options_->cve)) != cves.end();
  }

  bool passes_grep(const selection::SourceRule& rule) {
    return !grep_ ||
           grep_->search(as_bytes(rule.text), 0, workspace_).outcome == pattern::Regex::Outcome::found;
  }

  const Options* options_;
  std::optional<pattern::Regex> grep_;
  pattern::Regex::Workspace workspace_;
};

std::string to_line(const KnownRule& known) {
  const selection::SourceRule& rule = known.rule;
  return fmt::format("{:<3} {:<6} {:>12} {:<12} {:<8} {}\n", rule.enabled ? "on" : "off", rule.action,
                     fmt::format("{}:{}:{}", rule.gid, rule.sid, rule.rev), known.source, rule.protocol,
                     printable(rule.message));
}

int run(const Options& options) {
  const auto settings = settings_in_force(options.config);
  if (!settings) return complain(settings.error());
  auto filter = Filter::of(options);
  if (!filter) return complain(filter.error());
  const auto view = rules_in_view(*settings, options.folder);
  if (!view) return complain(view.error());
  nlohmann::json listed = nlohmann::json::array();
  for (const KnownRule& known : view->rules) {
    if (!filter->passes(known)) continue;
    if (options.json)
      listed.push_back(to_json(known));
    else
      print(to_line(known));
  }
  if (options.json) print(text_of(listed));
  return kOk;
}

}  // namespace

void add_rules_list(CLI::App& rules, int& exit_code) {
  auto* command =
      rules.add_subcommand("list", "List the rules of all sources and of the settings' rule files");
  const auto options = std::make_shared<Options>();
  command->add_option("--source", options->source,
                      "of this source; 'local' for files that were not imported");
  auto* enabled = command->add_flag("--enabled", options->enabled, "that are on");
  command->add_flag("--disabled", options->disabled, "that are off")->excludes(enabled);
  command->add_option("--classtype", options->classtype, "of this class");
  command->add_option("--cve", options->cve, "about this CVE: 2021-44228 or CVE-2021-44228");
  command->add_option("--grep", options->grep, "whose text this expression matches, whatever the case");
  command->add_option("--protocol", options->protocol, "whose header has this protocol");
  command->add_option("--folder", options->folder, "where sources are kept, instead of the settings' folder");
  command->add_option("--config", options->config, fmt::format("settings; by default {}", kSettingsFile));
  command->add_flag("--json", options->json, "one JSON array");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bansoko::app
