// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

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
  std::string id;
  std::string lang = "en";
  bool json = false;
};

Result<> run(const Options& options) {
  BANSOKO_TRY(const patches::Library library, sound_library(options.content));
  const patches::LibraryPatch* const patch = library.find(options.id);
  if (patch == nullptr) return fail(Errc::not_found, "there is no patch '{}'", options.id);
  print(options.json ? text_of(to_json(*patch)) : to_text(*patch, lang_of(options.lang)));
  return {};
}

}  // namespace

void add_patches_show(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand("show", "Tell everything about one virtual patch");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("ID", options->id, "the patch: ms17-010")->required();
  add_lang_option(*command, options->lang);
  command->add_flag("--json", options->json, "one JSON object, in both languages");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
