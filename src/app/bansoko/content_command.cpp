// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "assess/applicability/checks.h"
#include "assess/content/content.h"
#include "base/content_folder.h"

namespace bansoko::app {
namespace {

std::size_t checks_in(const content::Content& content) {
  std::size_t checks = 0;
  for (const assess::Checklist& list : content.checklists) checks += list.checks.size();
  return checks;
}

/// The checks that do not say of their own examples what they should.
void try_examples(const content::Content& content, const std::string& folder, settings::Faults& faults) {
  for (const assess::Checklist& list : content.checklists)
    for (const assess::Check& check : list.checks)
      if (const std::string wrong = assess::wrong_example(check); !wrong.empty())
        faults.push_back({fmt::format("{}/checklists/{}.yaml", folder, list.id),
                          check.bad.line,
                          0,
                          {},
                          fmt::format("{}: {}", check.id, wrong),
                          {}});
}

Result<> check(const std::string& folder) {
  settings::Faults faults;
  const content::Content content = content::read_content(folder, faults);
  if (faults.empty()) try_examples(content, folder, faults);
  for (const settings::Fault& fault : faults) fmt::print(stderr, "{}\n", to_text(fault));
  if (!faults.empty())
    return fail(Errc::invalid, "{} has {} {}", folder, faults.size(),
                faults.size() == 1 ? "fault" : "faults");
  print(fmt::format(
      "{} products, {} support dates, {} advisories, {} roll-ups, {} limits of middleware, {} exploited "
      "CVEs, {} checks, {} banners: 0 faults\n",
      content.products.size(), content.support.size(), content.advisories.size(), content.rollups.size(),
      content.middleware.ceilings.size() + content.middleware.protections.size(), content.kev.entries.size(),
      checks_in(content), content.banners.size()));
  return {};
}

}  // namespace

void add_content_command(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("content", "What ships for assess: support dates, advisories, checklists");
  command->require_subcommand(1);
  auto* checking = command->add_subcommand(
      "check", "Find what is wrong with the files. Exit code 0: nothing; 1: something is");
  const auto folder = std::make_shared<std::string>();
  checking->add_option("folder", *folder, "the folder; by default ./content, or else the installed one");
  checking->callback([folder, &exit_code] {
    if (const auto done = check(folder->empty() ? content_folder() : *folder); !done)
      exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
