// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "shield/selection/source_rule.h"

/// Where imported rules are kept: one folder for each source, below one for all.
///
/// FOLDER/NAME/*.rules are what the engine loads, FOLDER/NAME/source.yaml says what was read, and
/// decisions.tsv why rules are not as their source ships them. Nothing else writes there.
namespace bansoko::source {

inline constexpr const char* kFactsFile = "source.yaml";
inline constexpr const char* kDecisionsFile = "decisions.tsv";

/// How the reason of a rule begins that is off since the engine cannot load it.
inline constexpr std::string_view kDoesNotLoad = "does not load: ";

/// source.yaml: what a source was at its import.
struct SourceFacts {
  std::string name;
  std::string origin;         // the archive or folder
  std::string sha256;         // of the archive; of a folder: of all that was taken from it
  std::string imported;       // "2026-11-22T10:00:00Z"
  std::string dated;          // of its newest rule file; may be empty
  std::string version;        // as its version.txt says; may be empty
  std::string licence;        // licences that it names: "BSD, GPLv2"; empty: none found
  std::string licence_files;  // where it names them
  std::uint64_t rules = 0;
  std::uint64_t enabled = 0;
  std::uint64_t faulty = 0;  // of them that would be on but cannot be loaded
  settings::Words files;     // by the name under which each is kept: its path within the source
};

std::string to_yaml(const SourceFacts& facts);
Result<SourceFacts> parse_facts(std::string_view yaml, std::string_view file);

/// A source as it stands on the disk.
struct StoredSource {
  SourceFacts facts;
  std::vector<selection::SourceRule> rules;  // `file` is the path on the disk
};

/// decisions.tsv: one line for each rule that is not as shipped. Rules must be those of this source, each
/// `file` the name under which it is kept.
std::string write_decisions(const std::vector<selection::SourceRule>& rules);
/// Puts what such a text says onto the rules of the file and line that it names.
void apply_decisions(std::string_view text, std::vector<selection::SourceRule>& rules);

/// May it be a source's name: letters, digits, '.', '-' and '_', at most 64, not beginning with a dot.
bool is_source_name(std::string_view name) noexcept;

/// The sources below a folder, sorted; none if there is no such folder.
Result<std::vector<std::string>> source_names(const std::string& folder);

Result<StoredSource> read_source(const std::string& folder, const std::string& name);

}  // namespace bansoko::source
