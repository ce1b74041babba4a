// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "patches/patch.h"
#include "patches/yaml.h"
#include "shield/engine/patch_settings.h"

namespace bansoko::patches {

/// What patch.yaml of each patch in the folder `content` says; rules and tests are not looked at. A patch
/// with a fault is left out, and told.
std::vector<Patch> read_patches(const std::string& content, Faults& faults);

/// The library in the folder `content` as the engine knows it: the patch.yaml of each patch is read, and its
/// rule files are named; tests are not looked at. A patch with a fault is left out.
engine::PatchLibrary library_for_engine(const std::string& content);

}  // namespace bansoko::patches
