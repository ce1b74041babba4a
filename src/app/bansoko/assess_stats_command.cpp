// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/bansoko/assess_commands.h"
#include "app/bansoko/output.h"
#include "assess/content/content.h"
#include "assess/report/counts.h"
#include "base/content_folder.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string product, from, to, form = "table", store = knowledge::kDefaultStore, content, lang;
};

/// The CVEs whose entries name the product, under any spelling that content knows of it.
Result<std::vector<std::string>> cves_of(const Options& options, knowledge::Knowledge& store) {
  settings::Faults unheeded;
  const content::Content content =
      content::read_content(options.content.empty() ? content_folder() : options.content, unheeded);
  std::set<std::string> names{options.product};
  if (const assess::Product* const product = content.find(options.product))
    for (const std::string& also : product->also)
      names.insert(also.substr(0, also.find(':', also.find(':') + 1)));
  BANSOKO_TRY(const auto rows, store.affected_products(std::vector<std::string>(names.begin(), names.end())));
  std::set<std::string> cves;
  for (const assess::AffectedProduct& row : rows) {
    const assess::Product* const product = content.spelled(row.product, row.version);
    if (row.product == options.product || (product != nullptr && product->id == options.product))
      cves.insert(row.cve);
  }
  return std::vector<std::string>(cves.begin(), cves.end());
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const assess::Date from, assess::parse_date(options.from));
  BANSOKO_TRY(const assess::Date to, assess::parse_date(options.to));
  if (to < from) return fail(Errc::invalid, "--to {} is before --from {}", options.to, options.from);
  BANSOKO_TRY(auto store, knowledge::Knowledge::open(options.store));
  BANSOKO_TRY(const auto cves, cves_of(options, store));
  BANSOKO_TRY(const auto vulnerabilities, store.vulnerabilities(cves));
  const assess::Counts counts = assess::count(options.product, vulnerabilities, from, to);
  const assess::Lang lang = lang_of_report(options.lang);
  print(options.form == "json"  ? to_json(counts)
        : options.form == "svg" ? to_svg(counts, lang)
                                : to_text(counts, lang));
  return {};
}

}  // namespace

void add_assess_stats_command(CLI::App& assess, int& exit_code) {
  auto* command = assess.add_subcommand(
      "stats", "How many vulnerabilities of a product were published, by month and IPA level");
  const auto options = std::make_shared<Options>();
  command->add_option("--product", options->product, "vendor:product, as products.yaml or CPE names it")
      ->required();
  command->add_option("--from", options->from, "the first day")->required();
  command->add_option("--to", options->to, "the last day")->required();
  command->add_option("--format", options->form, "table, json or svg")
      ->check(CLI::IsMember({"table", "json", "svg"}))
      ->capture_default_str();
  command->add_option("--store", options->store, "the file that 'bansoko feeds import' fills")
      ->capture_default_str();
  command->add_option("--content", options->content, "the folder of shipped facts");
  command->add_option("--lang", options->lang, "en or ja")->check(CLI::IsMember({"en", "ja"}));
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
