// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "base/result.h"

namespace bansoko::source {

/// What was read of a source, before anything is decided.
struct Intake {
  archive::Contents contents;
  std::string sha256;
};

/// An archive, a folder, or a single *.rules file.
Result<Intake> take_in(const std::string& from, const archive::Limits& limits);

/// Rule files, texts about licences, classification.config and version.txt.
bool is_wanted(std::string_view path);
bool is_rule_file(std::string_view path);
bool is_licence_file(std::string_view path);
std::string_view base_name(std::string_view path);

/// Names under which the members may stand side by side in one folder: a path's last step where that is
/// unique, and without signs that a shell or a glob would take for something else.
std::vector<std::string> names_to_keep(const std::vector<archive::Member>& members);

}  // namespace bansoko::source
