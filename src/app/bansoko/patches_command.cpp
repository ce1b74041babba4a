// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/patches_commands.h"
#include "base/content_folder.h"

namespace bansoko::app {

void add_content_option(CLI::App& command, ContentOption& option) {
  command.add_option("--content", option.content,
                     "the folder of the library; by default ./content, or else the installed one");
}

Result<> tell_faults(const patches::Faults& faults) {
  for (const settings::Fault& fault : faults) fmt::print(stderr, "{}\n", to_text(fault));
  if (faults.empty()) return {};
  return fail(Errc::invalid, "the library has {} {}", faults.size(), faults.size() == 1 ? "fault" : "faults");
}

Result<patches::Library> sound_library(const ContentOption& option) {
  patches::Faults faults;
  const std::string content = option.content.empty() ? content_folder() : option.content;
  patches::Library library = patches::read_library(content, faults);
  BANSOKO_CHECK(tell_faults(faults));
  return library;
}

Result<std::vector<const patches::LibraryPatch*>> patches_named(const patches::Library& library,
                                                                const std::vector<std::string>& ids) {
  std::vector<const patches::LibraryPatch*> named;
  if (ids.empty())
    for (const patches::LibraryPatch& each : library.patches) named.push_back(&each);
  for (const std::string& id : ids) {
    named.push_back(library.find(id));
    if (named.back() == nullptr) return fail(Errc::not_found, "there is no patch '{}'", id);
  }
  return named;
}

void add_patches_command(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("patches", "The library of virtual patches: what is in it, and its proof");
  command->require_subcommand(1);
  add_patches_list(*command, exit_code);
  add_patches_show(*command, exit_code);
  add_patches_check(*command, exit_code);
  add_patches_test(*command, exit_code);
  add_patches_cost(*command, exit_code);
  add_patches_coverage(*command, exit_code);
}

}  // namespace bansoko::app
