// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "patches/application.h"
#include "patches/patch.h"
#include "patches/templates.h"
#include "patches/test_case.h"
#include "patches/yaml.h"
#include "shield/rule/rule_text.h"

namespace bansoko::patches {

/// A rule of a patch, and what the library asks about it.
struct PatchRule {
  rule::RuleText text = {};
  std::uint32_t sid = 0;
  std::uint32_t rev = 0;
  std::string message = {};
  std::vector<std::string> cves = {};
};

/// One folder of content/patches.
struct LibraryPatch {
  Patch patch = {};
  std::vector<std::string> rule_files = {};
  std::vector<PatchRule> rules = {};
  std::vector<TestCase> tests = {};
};

/// Everything in content/: patches by id, applications, templates.
struct Library {
  std::vector<LibraryPatch> patches = {};
  Applications applications = {};
  Templates templates = {};

  /// Null: there is none.
  const LibraryPatch* find(std::string_view id) const noexcept;
};

/// Reads a folder of content. All that is wrong with what stands there goes to `faults`; rules are read but
/// not compiled.
Library read_library(const std::string& content, Faults& faults);

}  // namespace bansoko::patches
