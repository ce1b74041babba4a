// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "app/bansoko/assess_commands.h"
#include "app/bansoko/output.h"
#include "assess/report/diff.h"
#include "base/file.h"

namespace bansoko::app {
namespace {

constexpr std::size_t kLargestFile = std::size_t{2} << 30U;

struct Options {
  std::string before, after, form = "text", lang;
};

Result<int> run(const Options& options) {
  BANSOKO_TRY(const std::string before, read_file(options.before, kLargestFile));
  BANSOKO_TRY(const std::string after, read_file(options.after, kLargestFile));
  BANSOKO_TRY(const auto changes, assess::compare(before, after));
  print(options.form == "json" ? to_json(changes) : to_text(changes, lang_of_report(options.lang)));
  return changes.empty() ? kOk : kFailed;
}

}  // namespace

void add_assess_diff_command(CLI::App& assess, int& exit_code) {
  auto* command = assess.add_subcommand(
      "diff", "What two assessments (--format json) say differently. Exit code 0: nothing; 1: something");
  const auto options = std::make_shared<Options>();
  command->add_option("old", options->before, "the earlier one")->required();
  command->add_option("new", options->after, "the later one")->required();
  command->add_option("--format", options->form, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--lang", options->lang, "en or ja")->check(CLI::IsMember({"en", "ja"}));
  command->callback([options, &exit_code] {
    const auto done = run(*options);
    exit_code = done ? *done : complain(done.error());
  });
}

}  // namespace bansoko::app
