// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "shield/engine/settings.h"
#include "shield/source/stored_source.h"

namespace bansoko::app {

/// What a rule is called whose file was not imported.
inline constexpr const char* kLocal = "local";

/// A rule that this host has, in force or not.
struct KnownRule {
  std::string source;
  selection::SourceRule rule;
  bool in_rule_files = false;  // the settings' rule_files name its file
};

/// The rules of every source, and those of the settings' rule files beside them.
struct RuleView {
  std::vector<source::SourceFacts> sources;
  std::vector<KnownRule> rules;
};

/// `folder` is where sources are; empty: where the settings say.
Result<RuleView> rules_in_view(const engine::ShieldSettings& settings, const std::string& folder);

/// The files that the settings' rule_files name.
Result<std::vector<std::string>> files_to_load(const engine::ShieldSettings& settings);

/// What the engine says of files, under these settings.
Result<rule::Diagnostics> faults_of(engine::ShieldSettings settings, const std::vector<std::string>& files);

/// The CVE numbers that a rule names, as "2021-44228".
std::vector<std::string> cves_of(const selection::SourceRule& rule);
/// "CVE-2021-44228", "cve,2021-44228" and "2021_44228" are "2021-44228".
std::string plain_cve(std::string_view text);

nlohmann::json to_json(const KnownRule& known);
std::string text_of(const nlohmann::json& json);

}  // namespace bansoko::app
