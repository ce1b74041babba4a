// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/patch_view.h"
#include "app/bansoko/patches_commands.h"
#include "app/bansoko/rules_view.h"
#include "app/bansoko/settings_file.h"
#include "patches/engine_library.h"

namespace bansoko::app {
namespace {

struct Options {
  ContentOption content;
  std::string config;
  std::string lang = "en";
  bool json = false;
};

/// What an engine with these settings does about a patch; a dash: it does not know it.
class Modes {
 public:
  static Result<Modes> from(const std::string& config) {
    Modes modes;
    if (config.empty()) return modes;
    BANSOKO_TRY(modes.settings_, settings_from(config, patches::library_for_engine));
    return modes;
  }

  bool are_known() const noexcept { return settings_.has_value(); }
  const std::string& library() const { return settings_->patches.library; }

  std::string_view of(const std::string& id) const {
    const engine::PatchRules* const patch = settings_->patches.found->find(id);
    if (patch == nullptr) return "-";
    const engine::PatchMode mode = mode_of(*patch, settings_->patches);
    const bool observes = settings_->mode == engine::Mode::observe && mode == engine::PatchMode::enforce;
    return name_of(observes ? engine::PatchMode::observe : mode);
  }

 private:
  std::optional<engine::ShieldSettings> settings_;
};

void print_patch(const patches::Patch& patch, const Modes& modes, patches::Lang lang) {
  const std::string mode = modes.are_known() ? fmt::format("{:<8}", modes.of(patch.id)) : "";
  print(fmt::format("{:<20} {:<8} {:<8} {:<5} {}{}\n{:45}{}; {}\n", patch.id,
                    name_of(patches::kSeverities, patch.severity), name_of(patches::kKinds, patch.kind),
                    name_of(patches::kStages, patch.stage), mode, patch.title.in(lang), "",
                    fmt::join(patch.cves, " "), visible_text(patch)));
}

Result<> run(const Options& options) {
  BANSOKO_TRY(const Modes modes, Modes::from(options.config));
  ContentOption content = options.content;
  if (content.content.empty() && modes.are_known()) content.content = modes.library();
  BANSOKO_TRY(const patches::Library library, sound_library(content));
  if (!options.json)
    print(fmt::format("{:<20} {:<8} {:<8} {:<5} {}{}\n", "id", "severity", "kind", "stage",
                      modes.are_known() ? "mode    " : "", "title, CVEs, what is visible"));
  nlohmann::json all = nlohmann::json::array();
  for (const patches::LibraryPatch& each : library.patches) {
    if (!options.json) {
      print_patch(each.patch, modes, lang_of(options.lang));
      continue;
    }
    all.push_back(to_json(each));
    if (modes.are_known()) all.back()["mode"] = modes.of(each.patch.id);
  }
  if (options.json) print(text_of(all));
  return {};
}

}  // namespace

void add_patches_list(CLI::App& patches, int& exit_code) {
  auto* command = patches.add_subcommand("list", "List the virtual patches");
  const auto options = std::make_shared<Options>();
  add_content_option(*command, options->content);
  command->add_option("--config", options->config,
                      "settings: the library that they name, and the mode in force of each patch");
  add_lang_option(*command, options->lang);
  command->add_flag("--json", options->json, "one JSON array, in both languages");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = complain(done.error());
  });
}

}  // namespace bansoko::app
