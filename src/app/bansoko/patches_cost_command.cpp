// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/rules_view.h"
#include "patches/cost.h"

namespace bansoko::app {
namespace {

struct Options {
  ContentOption content;
  std::vector<std::string> ids;
  double most = 5;
  patches::CostSettings settings;
  bool json = false;
};

struct Row {
  std::string patch;
  patches::PatchCost cost;

  double microseconds() const { return cost.added / 1000; }
};

void print_table(const std::vector<Row>& rows) {
  print(fmt::format("{:<24} {:>9} {:>9}  {}\n", "patch", "added us", "of us", "dearest dialogue"));
  for (const Row& row : rows)
    print(fmt::format("{:<24} {:>9.2f} {:>9.2f}  {}\n", row.patch, row.microseconds(),
                      (row.cost.without + row.cost.added) / 1000, row.cost.dialogue->name));
}

void print_json(const std::vector<Row>& rows) {
  nlohmann::json all = nlohmann::json::array();
  for (const Row& row : rows)
    all.push_back({{"patch", row.patch},
                   {"added_ns", row.cost.added},
                   {"without_ns", row.cost.without},
                   {"dialogue", row.cost.dialogue->name}});
  print(text_of(all));
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  BANSOKO_TRY(const auto wanted, patches_named(library, options.ids));
  BANSOKO_TRY(const auto bench, patches::CostBench::open(options.settings));
  std::vector<Row> rows;
  for (const patches::LibraryPatch* patch : wanted) {
    BANSOKO_TRY(const patches::PatchCost cost, bench->measure(*patch));
    if (cost.dialogue != nullptr) rows.push_back({patch->patch.id, cost});
  }
  std::ranges::stable_sort(rows, std::ranges::greater(), &Row::microseconds);
  if (options.json)
    print_json(rows);
  else
    print_table(rows);
  const auto dear =
      std::ranges::count_if(rows, [&](const Row& row) { return row.microseconds() > options.most; });
  if (dear != 0) return fail(Errc::invalid, "{} patches take more than {} us", dear, options.most);
  return {};
}

}  // namespace

void add_patches_cost(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand(
      "cost",
      "Tell what each patch adds to the inspection of one transaction that passes: processor time, by the "
      "dearest of its benign dialogues. Exit code 1: one takes more than --most");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("ID", options->ids, "patches; by default all");
  command->add_option("--most", options->most, "microseconds")->capture_default_str();
  command->add_option("--rounds", options->settings.rounds, "the fastest counts")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_flag("--near", options->settings.near_misses, "time the near misses as well");
  command->add_flag("--json", options->json, "one JSON array");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
