// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patch_view.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/rules_view.h"

namespace bansoko::app {
namespace {

struct Options {
  ContentOption content;
  std::string lang = "en";
  bool json = false;
};

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  const patches::Lang lang = lang_of(options.lang);
  nlohmann::json all = nlohmann::json::array();
  if (!options.json)
    print(fmt::format("{:<20} {:<8} {:<8} {:<5} {}\n", "id", "severity", "kind", "stage",
                      "title, CVEs, what is visible"));
  for (const patches::LibraryPatch& each : library.patches) {
    const patches::Patch& patch = each.patch;
    if (options.json) {
      all.push_back(to_json(each));
      continue;
    }
    print(fmt::format("{:<20} {:<8} {:<8} {:<5} {}\n{:45}{}; {}\n", patch.id,
                      name_of(patches::kSeverities, patch.severity), name_of(patches::kKinds, patch.kind),
                      name_of(patches::kStages, patch.stage), patch.title.in(lang), "",
                      fmt::join(patch.cves, " "), visible_text(patch)));
  }
  if (options.json) print(text_of(all));
  return {};
}

}  // namespace

void add_patches_list(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand("list", "List the virtual patches");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  add_lang_option(*command, options->lang);
  command->add_flag("--json", options->json, "one JSON array, in both languages");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
