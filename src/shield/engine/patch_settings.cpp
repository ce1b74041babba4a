// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/patch_settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace bansoko::engine {
namespace {

using settings::Choice;
using settings::Section;

constexpr std::array<Choice<PatchMode>, 3> kPatchModes{
    {{"off", PatchMode::off}, {"observe", PatchMode::observe}, {"enforce", PatchMode::enforce}}};
constexpr std::string_view kAllOthers = "*";

std::optional<PatchMode> mode_named(std::string_view word) {
  for (const Choice<PatchMode>& choice : kPatchModes)
    if (choice.name == word) return choice.value;
  return std::nullopt;
}

/// Why such an entry of `modes` cannot be; empty: it can.
std::string fault_of(const std::string& id, const std::string& word, const PatchSettings& patches) {
  if (!mode_named(word)) return fmt::format("'{}' is none of: off, observe, enforce", word);
  if (id == kAllOthers || !patches.found || patches.found->find(id) != nullptr) return {};
  return fmt::format("there is no patch '{}' in {}{}", id, patches.library,
                     patches.found->is_there ? "" : ", which is not there");
}

}  // namespace

std::string_view name_of(PatchMode mode) noexcept {
  return kPatchModes.at(static_cast<std::size_t>(mode)).name;
}

const PatchRules* PatchLibrary::find(std::string_view id) const noexcept {
  const auto found = std::ranges::find(patches, id, &PatchRules::id);
  return found == patches.end() ? nullptr : &*found;
}

PatchMode mode_of(const PatchRules& patch, const PatchSettings& settings) {
  auto said = settings.modes.find(patch.id);
  if (said == settings.modes.end()) said = settings.modes.find(kAllOthers);
  const auto mode = said == settings.modes.end() ? std::nullopt : mode_named(said->second);
  return mode.value_or(patch.is_final ? PatchMode::enforce : PatchMode::observe);
}

void bind_patches(Section& section, PatchSettings& patches, const ReadLibrary& read_library) {
  section.sub("patches", "Our library of virtual patches; \"bansoko patches list\" tells what is in it.",
              [&](Section& inner) {
                inner.text("library", patches.library,
                           "The folder of the library. Where it is not there, no patches are in force.");
                if (read_library) patches.found = read_library(patches.library);
                inner.map("modes", patches.modes,
                          "By id, or \"*\" for all others: enforce drops if shield.mode does, observe only "
                          "tells, off leaves the patch out. What is not named: enforce, but observe while "
                          "the patch is in its time of grace.");
                for (const auto& [id, word] : patches.modes) {
                  const std::string fault = fault_of(id, word, patches);
                  inner.require(fmt::format("modes.{}", id), fault.empty(), fault);
                }
              });
  if (read_library && !patches.found) patches.found = read_library(patches.library);
}

}  // namespace bansoko::engine
