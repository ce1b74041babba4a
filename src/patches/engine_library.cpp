// SPDX-License-Identifier: Apache-2.0
#include "patches/engine_library.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "patches/patch_reader.h"

namespace bansoko::patches {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders_in(const std::string& folder) {
  std::vector<std::string> folders;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::error_code unknown;
    if (entry.is_directory(unknown)) folders.push_back(entry.path().string());
  }
  std::ranges::sort(folders);
  return folders;
}

Result<engine::PatchRules> rules_of(const Patch& patch) {
  engine::PatchRules rules{.id = patch.id, .is_final = patch.stage == Stage::final};
  BANSOKO_TRY(rules.rule_files, expand_glob(patch.folder + "/*.rules"));
  for (const SidRange& range : patch.sids) rules.sids.push_back({range.first, range.last});
  return rules;
}

void note(const Faults& faults, engine::PatchLibrary& library) {
  for (const settings::Fault& fault : faults)
    library.faults.push_back({.file = fault.file,
                              .line = fault.line,
                              .column = fault.column,
                              .message = fault.key.empty() ? fault.message : fault.key + ": " + fault.message,
                              .valid = fault.valid});
}

}  // namespace

std::vector<Patch> read_patches(const std::string& content, Faults& faults) {
  std::vector<Patch> patches;
  for (const std::string& folder : folders_in(content + "/patches")) {
    Faults own;
    auto patch = read_patch(folder, own);
    if (patch && own.empty()) patches.push_back(std::move(*patch));
    faults.insert(faults.end(), own.begin(), own.end());
  }
  return patches;
}

engine::PatchLibrary library_for_engine(const std::string& content) {
  engine::PatchLibrary library;
  std::error_code failed;
  library.is_there = fs::is_directory(content + "/patches", failed);
  Faults faults;
  for (const Patch& patch : read_patches(content, faults)) {
    auto rules = rules_of(patch);
    if (rules) library.patches.push_back(std::move(*rules));
  }
  note(faults, library);
  return library;
}

}  // namespace bansoko::patches
