// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/rules_view.h"
#include "patches/trial.h"

namespace bansoko::app {
namespace {

using patches::LibraryPatch;
using patches::TestKind;
using patches::TrialReport;

struct Options {
  ContentOption content;
  std::vector<std::string> ids;
  std::size_t splits = patches::TrialSettings{}.most_splits;
  bool json = false;
};

struct Row {
  const LibraryPatch* patch = nullptr;
  TrialReport report;

  auto count(TestKind kind) const { return std::ranges::count(patch->tests, kind, &patches::TestCase::kind); }
  double seconds() const { return std::chrono::duration<double>(report.spent).count(); }
};

void print_table(const std::vector<Row>& rows) {
  print(fmt::format("{:<24} {:>7} {:>5} {:>7} {:>7} {:>9} {:>7}  {}\n", "patch", "attacks", "near", "benign",
                    "runs", "packets", "seconds", "result"));
  for (const Row& row : rows)
    print(fmt::format(
        "{:<24} {:>7} {:>5} {:>7} {:>7} {:>9} {:>7.2f}  {}\n", row.patch->patch.id,
        row.count(TestKind::attack), row.count(TestKind::near), row.count(TestKind::benign), row.report.runs,
        row.report.packets, row.seconds(),
        row.report.failures.empty() ? "ok" : fmt::format("{} failed", row.report.failures.size())));
}

void print_json(const std::vector<Row>& rows) {
  nlohmann::json all = nlohmann::json::array();
  for (const Row& row : rows) {
    nlohmann::json failures = nlohmann::json::array();
    for (const patches::TrialFailure& failure : row.report.failures) failures.push_back(to_text(failure));
    all.push_back({{"patch", row.patch->patch.id},
                   {"attacks", row.count(TestKind::attack)},
                   {"near", row.count(TestKind::near)},
                   {"benign", row.count(TestKind::benign)},
                   {"runs", row.report.runs},
                   {"packets", row.report.packets},
                   {"seconds", row.seconds()},
                   {"failures", std::move(failures)}});
  }
  print(text_of(all));
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  BANSOKO_TRY(const auto wanted, patches_named(library, options.ids));
  patches::Faults faults;
  BANSOKO_TRY(const auto bench, patches::TrialBench::open(library, {.most_splits = options.splits}, faults));
  BANSOKO_CHECK(tell_faults(faults));
  std::vector<Row> rows;
  std::size_t failed = 0;
  for (const LibraryPatch* patch : wanted) {
    BANSOKO_TRY(TrialReport report, bench->run(*patch));
    failed += report.failures.size();
    rows.push_back({patch, std::move(report)});
  }
  if (options.json)
    print_json(rows);
  else
    print_table(rows);
  for (const Row& row : rows)
    for (const patches::TrialFailure& failure : row.report.failures)
      fmt::print(stderr, "{}\n", to_text(failure));
  if (failed != 0)
    return fail(Errc::invalid, "{} expectations of {} patches were not met", failed, rows.size());
  return {};
}

}  // namespace

void add_patches_test(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand(
      "test",
      "Lead the tests of patches through the engine, whole and split, in both modes. Exit code 0: all as "
      "expected; 1: not so");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("ID", options->ids, "patches; by default all");
  command
      ->add_option("--splits", options->splits,
                   "places at which the messages of a dialogue are split, evenly spread; beyond their "
                   "length: every byte")
      ->check(CLI::Range(1, 1 << 20));
  command->add_flag("--json", options->json, "one JSON array");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
