// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/settings.h"
#include "shield/detect/hit_policy.h"
#include "shield/rule/diagnostic.h"

namespace bansoko::engine {

/// What becomes of what a patch's rules would drop. Enforce is no more than shield.mode says.
enum class PatchMode : std::uint8_t { off, observe, enforce };

/// "off", "observe", "enforce".
std::string_view name_of(PatchMode mode) noexcept;

/// A virtual patch as the engine knows it: rules that bear a name.
struct PatchRules {
  std::string id = {};
  bool is_final = false;  // else it is in its time of grace: observed unless the operator says otherwise
  std::vector<std::string> rule_files = {};
  detect::SidRanges sids = {};  // its own alone, wherever rules with these numbers stand
};

/// What a folder of patches holds.
struct PatchLibrary {
  bool is_there = false;
  std::vector<PatchRules> patches = {};
  rule::Diagnostics faults = {};  // of patches that were left out for it

  /// Null: there is none.
  const PatchRules* find(std::string_view id) const noexcept;
};

/// How a program has a folder of patches read: what they are is no matter of the engine's.
using ReadLibrary = std::function<PatchLibrary(const std::string& folder)>;

/// `patches:` of the settings.
struct PatchSettings {
  std::string library = "/usr/share/bansoko/content";
  settings::Words modes = {};              // by id, or "*" for all others
  std::optional<PatchLibrary> found = {};  // nothing: nobody has read the library
};

/// The operator's word, or what follows from how far the patch is proven.
PatchMode mode_of(const PatchRules& patch, const PatchSettings& settings);

void bind_patches(settings::Section& section, PatchSettings& patches, const ReadLibrary& read_library);

}  // namespace bansoko::engine
