// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "patches/library.h"

namespace CLI {
class App;
}

namespace bansoko::app {

/// "tcp/445 clear, SMB3 encryption sealed".
std::string visible_text(const patches::Patch& patch);

/// Everything that patch.yaml says, in both languages, with the rules' numbers and how many tests there are.
nlohmann::json to_json(const patches::LibraryPatch& patch);

/// The same for people.
std::string to_text(const patches::LibraryPatch& patch, patches::Lang lang);

patches::Lang lang_of(const std::string& name) noexcept;
void add_lang_option(CLI::App& command, std::string& lang);

}  // namespace bansoko::app
