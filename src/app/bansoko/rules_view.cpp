// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/rules_view.h"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"

namespace bansoko::app {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} << 20U;

Result<> add_local(const std::string& file, RuleView& view) {
  BANSOKO_TRY(const std::string text, read_file(file, kLargestFile));
  for (selection::SourceRule& rule : selection::parse_source_rules(text, file))
    view.rules.push_back({kLocal, std::move(rule), true});
  return {};
}

}  // namespace

Result<std::vector<std::string>> files_to_load(const engine::ShieldSettings& settings) {
  std::vector<std::string> files;
  for (const std::string& pattern : settings.rule_files) {
    const auto found = expand_glob(pattern);
    if (!found && found.error().code == Errc::not_found) continue;  // a folder that is not there has no rules
    if (!found) return tl::unexpected<Error>(found.error());
    files.insert(files.end(), found->begin(), found->end());
  }
  return files;
}

Result<RuleView> rules_in_view(const engine::ShieldSettings& settings, const std::string& folder) {
  const std::string& home = folder.empty() ? settings.sources.folder : folder;
  BANSOKO_TRY(const auto to_load, files_to_load(settings));
  std::set<std::string, std::less<>> left(to_load.begin(), to_load.end());
  std::set<std::string, std::less<>> imported;
  RuleView view;
  BANSOKO_TRY(const auto names, source::source_names(home));
  for (const std::string& name : names) {
    BANSOKO_TRY(source::StoredSource stored, source::read_source(home, name));
    for (selection::SourceRule& rule : stored.rules) {
      const bool in_rule_files = left.contains(rule.file);
      imported.insert(rule.file);
      view.rules.push_back({name, std::move(rule), in_rule_files});
    }
    view.sources.push_back(std::move(stored.facts));
  }
  for (const std::string& file : left)
    if (!imported.contains(file)) BANSOKO_CHECK(add_local(file, view));
  return view;
}

Result<rule::Diagnostics> faults_of(engine::ShieldSettings settings, const std::vector<std::string>& files) {
  settings.rule_files = files;
  engine::Loader loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits);
  BANSOKO_TRY(engine::LoadedRules loaded, loader.load(settings));
  return std::move(loaded.diagnostics);
}

std::string plain_cve(std::string_view text) {
  const auto first = text.find_first_of("0123456789");
  std::string plain(text.substr(std::min(first, text.size())));
  std::ranges::replace(plain, '_', '-');
  return plain;
}

std::vector<std::string> cves_of(const selection::SourceRule& rule) {
  std::set<std::string> found;
  for (const std::string& reference : rule.references)
    if (same_text(trim(std::string_view(reference).substr(0, reference.find(','))), "cve"))
      found.insert(plain_cve(reference));
  for (const std::string& entry : rule.metadata)
    if (entry.size() > 4 && same_text(std::string_view(entry).substr(0, 4), "cve "))
      found.insert(plain_cve(entry));
  return {found.begin(), found.end()};
}

nlohmann::json to_json(const KnownRule& known) {
  const selection::SourceRule& rule = known.rule;
  return {{"source", known.source},
          {"file", rule.file},
          {"line", rule.line},
          {"gid", rule.gid},
          {"sid", rule.sid},
          {"rev", rule.rev},
          {"enabled", rule.enabled},
          {"in_rule_files", known.in_rule_files},
          {"action", rule.action},
          {"protocol", rule.protocol},
          {"classtype", rule.classtype},
          {"cve", cves_of(rule)},
          {"msg", rule.message},
          {"reason", rule.reason},
          {"changed_by", rule.edits}};
}

std::string text_of(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace bansoko::app
