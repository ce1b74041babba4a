// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "patches/library.h"

namespace CLI {
class App;
}

namespace bansoko::app {

/// The commands below `bansoko patches`, each in a file of its own.
void add_patches_list(CLI::App& patches, int& exit_code);
void add_patches_show(CLI::App& patches, int& exit_code);
void add_patches_check(CLI::App& patches, int& exit_code);
void add_patches_test(CLI::App& patches, int& exit_code);
void add_patches_cost(CLI::App& patches, int& exit_code);
void add_patches_coverage(CLI::App& patches, int& exit_code);

/// What all of them take.
struct ContentOption {
  std::string content;
};
void add_content_option(CLI::App& command, ContentOption& option);

/// The library; every fault of it goes to standard error, and there may be none.
Result<patches::Library> sound_library(const ContentOption& option);

/// Those with these ids, or all where there are none.
Result<std::vector<const patches::LibraryPatch*>> patches_named(const patches::Library& library,
                                                                const std::vector<std::string>& ids);

/// Tells faults on standard error; fails if there are any.
Result<> tell_faults(const patches::Faults& faults);

}  // namespace bansoko::app
