// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/rules_view.h"
#include "base/file.h"
#include "patches/coverage.h"

namespace bansoko::app {
namespace {

using patches::Cover;
using patches::Coverage;

constexpr std::size_t kLargestRuleFile = std::size_t{256} << 20U;

struct Options {
  ContentOption content;
  std::vector<std::string> rules;
  std::string format = "table";
  bool all = false;
};

patches::ForeignRule foreign(const selection::SourceRule& rule) {
  patches::ForeignRule made{.message = rule.message, .protocol = rule.protocol};
  constexpr std::string_view kProduct = "affected_product ";
  for (const std::string& entry : rule.metadata)
    if (std::string_view(entry).starts_with(kProduct)) made.products += entry.substr(kProduct.size()) + " ";
  for (const std::string& cve : cves_of(rule)) made.cves.push_back("CVE-" + cve);
  return made;
}

Result<std::vector<patches::ForeignRule>> read_rules(const std::vector<std::string>& patterns) {
  std::vector<patches::ForeignRule> rules;
  for (const std::string& pattern : patterns) {
    BANSOKO_TRY(const auto files, expand_glob(pattern));
    for (const std::string& file : files) {
      BANSOKO_TRY(const std::string text, read_file(file, kLargestRuleFile));
      for (const selection::SourceRule& rule : selection::parse_source_rules(text, file))
        if (rule.enabled) rules.push_back(foreign(rule));
    }
  }
  return rules;
}

std::string joined(const std::set<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

void print_row(const Options& options, std::string_view name, std::string_view role, const Cover& cover) {
  const std::string patches = cover.patches.empty() ? "-" : joined(cover.patches);
  const std::string rules =
      cover.rules == 0 ? "-" : fmt::format("{} ({})", cover.rules, joined(cover.protocols));
  const std::string visible = cover.visible.empty() ? "-" : joined(cover.visible);
  if (options.format == "markdown")
    print(fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", name, role, patches, cover.own_cves.size(),
                      visible, rules, cover.rule_cves.size()));
  else
    print(fmt::format("{:<36} {:<14} {:<24} {:<28} {}\n", name, role, patches, rules, visible));
}

void print_rows(const Options& options, const patches::Library& library, const Coverage& coverage) {
  if (options.format == "markdown")
    print(
        "| application | role | our patches | CVEs | visible | rules of others (protocols) | CVEs "
        "|\n|---|---|---|---|---|---|---|\n");
  else
    print(fmt::format("{:<36} {:<14} {:<24} {:<28} {}\n", "application", "role", "our patches",
                      "rules of others", "what our patches can see"));
  for (const patches::Application& each : library.applications.all) {
    const Cover& cover = coverage.applications.at(each.id);
    if (options.all || !cover.patches.empty() || cover.rules != 0)
      print_row(options, each.name, each.role, cover);
  }
  std::size_t ours = 0;
  std::size_t others = 0;
  for (const auto& [cve, cover] : coverage.cves) {
    ours += cover.patches.empty() ? 0 : 1;
    others += cover.rules == 0 ? 0 : 1;
  }
  print(
      fmt::format("{}{} server applications listed: {} with patches of ours, {} with rules of others. CVEs: "
                  "{} of ours, {} of others.\n",
                  options.format == "markdown" ? "\n" : "", library.applications.all.size(),
                  coverage.with_patches, coverage.with_rules, ours, others));
}

nlohmann::json to_json(const Cover& cover) {
  return {{"patches", cover.patches},          {"cves", cover.own_cves},
          {"visible", cover.visible},          {"rules", cover.rules},
          {"rule_protocols", cover.protocols}, {"rule_cves", cover.rule_cves}};
}

nlohmann::json to_json(const patches::Library& library, const Coverage& coverage) {
  nlohmann::json applications = nlohmann::json::array();
  for (const patches::Application& each : library.applications.all) {
    nlohmann::json one = to_json(coverage.applications.at(each.id));
    one["id"] = each.id;
    one["name"] = each.name;
    one["vendor"] = each.vendor;
    one["role"] = each.role;
    applications.push_back(std::move(one));
  }
  nlohmann::json cves = nlohmann::json::object();
  for (const auto& [cve, cover] : coverage.cves)
    cves[cve] = {{"patches", cover.patches}, {"visible", cover.visible}, {"rules", cover.rules}};
  return {{"applications", std::move(applications)},
          {"cves", std::move(cves)},
          {"applications_with_patches", coverage.with_patches},
          {"applications_with_rules", coverage.with_rules}};
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  BANSOKO_TRY(const auto rules, read_rules(options.rules));
  const Coverage coverage = patches::coverage_of(library, rules);
  if (options.format == "json")
    print(text_of(to_json(library, coverage)));
  else
    print_rows(options, library, coverage);
  return {};
}

}  // namespace

void add_patches_coverage(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand(
      "coverage",
      "Tell which server applications and CVEs are covered, by our patches and by rules of others");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("--rules", options->rules, "rules of others: a file or pattern; may be given again");
  command->add_flag("--all", options->all, "name applications that nothing covers as well");
  auto* format = command->add_option("--format", options->format, "table, markdown or json")
                     ->check(CLI::IsMember({"table", "markdown", "json"}));
  command
      ->add_flag_callback(
          "--json", [options] { options->format = "json"; }, "the same as --format json")
      ->excludes(format);
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
