// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
#include "shield/rule/rule_words.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string id;
  std::string config;
  std::string folder;
  bool json = false;
};

struct RuleId {
  std::optional<std::uint32_t> gid;
  std::uint32_t sid = 0;
};

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

Result<RuleId> parse_id(std::string_view text) {
  RuleId id;
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) id.gid = number_of(text.substr(0, colon));
  const auto sid = number_of(colon == std::string_view::npos ? text : text.substr(colon + 1));
  if (!sid || id.gid.has_value() != (colon != std::string_view::npos))
    return fail(Errc::invalid, "'{}' is not a rule's number (SID or GID:SID)", text);
  id.sid = *sid;
  return id;
}

std::string state_of(const selection::SourceRule& rule) {
  const std::string_view state = rule.enabled ? "on" : "off";
  return rule.reason.empty() ? fmt::format("{}, as its file has it", state)
                             : fmt::format("{}: {}", state, rule.reason);
}

void line(std::string_view name, std::string_view value) {
  if (!value.empty()) print(fmt::format("{:<10}  {}\n", name, printable(value)));
}

std::string prefilter_of(const RuleTrial& trial) {
  if (trial.literals.empty()) return {};
  std::string text;
  for (const TriedLiteral& each : trial.literals)
    text +=
        fmt::format("{}{}", text.empty() ? "" : "; ",
                    each.bytes.empty() ? "no literal: it is asked of all that its header fits"
                                       : fmt::format("\"{}\"{} in {}", each.bytes,
                                                     each.nocase ? " (whatever the case)" : "", each.buffer));
  return text;
}

void show(const KnownRule& known, const std::vector<std::string>& words, const RuleTrial& trial) {
  const selection::SourceRule& rule = known.rule;
  line("rule", fmt::format("{}:{}:{} {}", rule.gid, rule.sid, rule.rev, rule.message));
  line("source", fmt::format("{}, {}:{}", known.source, rule.file, rule.line));
  line("state", state_of(rule));
  if (!known.in_rule_files) line("", "shield.rule_files does not name its file: the engine does not load it");
  for (const std::string& edit : rule.edits) line("changed by", edit);
  line("class", rule.classtype);
  for (const std::string& reference : rule.references) line("reference", reference);
  line("header", rule.text.substr(0, rule.text.find('(')));
  for (std::size_t i = 0; i < words.size(); ++i) line(i == 0 ? "asks that" : "", words[i]);
  line("prefilter", prefilter_of(trial));
  line("loads", trial.loads ? "yes" : "no");
  for (const rule::Diagnostic& fault : trial.faults) line("fault", to_text(fault));
  line("text", selection::to_line(rule));
  line("as shipped", rule.shipped_text);
}

nlohmann::json to_json(const KnownRule& known, const std::vector<std::string>& words,
                       const RuleTrial& trial) {
  nlohmann::json json = to_json(known);
  nlohmann::json literals = nlohmann::json::array();
  for (const TriedLiteral& each : trial.literals)
    literals.push_back({{"bytes", each.bytes}, {"nocase", each.nocase}, {"buffer", each.buffer}});
  json["words"] = words;
  json["loads"] = trial.loads;
  json["prefilter"] = std::move(literals);
  json["faults"] = nlohmann::json::array();
  for (const rule::Diagnostic& fault : trial.faults) json["faults"].push_back(to_text(fault));
  json["text"] = known.rule.text;
  json["as_shipped"] = known.rule.shipped_text;
  return json;
}

int run(const Options& options) {
  const auto settings = settings_in_force(options.config);
  if (!settings) return complain(settings.error());
  const auto id = parse_id(options.id);
  if (!id) return complain(id.error());
  const auto view = rules_in_view(*settings, options.folder);
  if (!view) return complain(view.error());
  nlohmann::json shown = nlohmann::json::array();
  bool first = true;
  for (const KnownRule& known : view->rules) {
    if (known.rule.sid != id->sid || known.rule.gid != id->gid.value_or(known.rule.gid)) continue;
    const auto words = rule::rule_words(selection::options_of(known.rule), option_lookup());
    const RuleTrial trial = try_rule(known.rule, *settings);
    if (options.json) {
      shown.push_back(to_json(known, words, trial));
    } else {
      if (!first) print("\n");
      show(known, words, trial);
    }
    first = false;
  }
  if (first) return complain({Errc::not_found, fmt::format("no rule has the number {}", options.id)});
  if (options.json) print(text_of(shown));
  return kOk;
}

}  // namespace

void add_rules_show(CLI::App& rules, int& exit_code) {
  auto* command = rules.add_subcommand(
      "show", "Tell in words what a rule asks, where it is from, and why it is on or off");
  const auto options = std::make_shared<Options>();
  command->add_option("SID", options->id, "the rule's number: SID or GID:SID")->required();
  command->add_option("--folder", options->folder, "where sources are kept, instead of the settings' folder");
  command->add_option("--config", options->config, fmt::format("settings; by default {}", kSettingsFile));
  command->add_flag("--json", options->json, "one JSON array");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bansoko::app
