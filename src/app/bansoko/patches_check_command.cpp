// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patches_commands.h"
#include "patches/literals.h"
#include "patches/trial.h"

namespace bansoko::app {
namespace {

struct Options {
  ContentOption content;
  std::vector<std::string> against;
};

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  patches::Faults faults;
  BANSOKO_TRY(const auto bench, patches::TrialBench::open(library, {}, faults));
  BANSOKO_CHECK(patches::check_literals(library, options.against, faults));
  BANSOKO_CHECK(tell_faults(faults));
  std::size_t rules = 0;
  std::size_t tests = 0;
  for (const patches::LibraryPatch& each : library.patches) {
    rules += each.rules.size();
    tests += each.tests.size();
  }
  print(fmt::format("{} patches, {} rules, {} tests: 0 faults\n", library.patches.size(), rules, tests));
  return {};
}

}  // namespace

void add_patches_check(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand(
      "check", "Find what is wrong with the library's files. Exit code 0: nothing; 1: something is");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("--against", options->against,
                      "rules of others: a content of ours with more than 12 bytes of theirs is refused");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
