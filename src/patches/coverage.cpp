// SPDX-License-Identifier: Apache-2.0
#include "patches/coverage.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace bansoko::patches {
namespace {

bool is_word_sign(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Both in lower case. A word ends where letters and digits do: "Tomcat" is in "Apache_Tomcat", not in
/// "Tomcats".
bool has_word(std::string_view text, std::string_view word) noexcept {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_word_sign(text[at - 1]);
    if (begins && (end == text.size() || !is_word_sign(text[end]))) return true;
  }
  return false;
}

/// The words of one application, in lower case.
struct Wanted {
  Cover* cover;
  std::vector<std::string> words;
};

std::vector<std::string> lower_all(const std::vector<std::string>& words) {
  std::vector<std::string> made;
  made.reserve(words.size());
  for (const std::string& word : words) made.push_back(lowered(word));
  return made;
}

void add_patch(const Patch& patch, Cover& cover) {
  cover.patches.insert(patch.id);
  cover.own_cves.insert(patch.cves.begin(), patch.cves.end());
  for (const Transport& each : patch.visible)
    cover.visible.insert(fmt::format("{} {}", each.name, name_of(kVisible, each.visible)));
}

void add_rule(const ForeignRule& rule, Cover& cover) {
  ++cover.rules;
  cover.protocols.insert(rule.protocol);
  cover.rule_cves.insert(rule.cves.begin(), rule.cves.end());
}

}  // namespace

Coverage coverage_of(const Library& library, const std::vector<ForeignRule>& rules) {
  Coverage coverage;
  std::vector<Wanted> wanted;
  for (const Application& application : library.applications.all)
    wanted.push_back({&coverage.applications[application.id], lower_all(application.match)});
  for (const LibraryPatch& each : library.patches) {
    for (const std::string& id : each.patch.applications) add_patch(each.patch, coverage.applications[id]);
    for (const std::string& cve : each.patch.cves) add_patch(each.patch, coverage.cves[cve]);
  }
  const std::vector<std::string> passed_over = lower_all(library.applications.passed_over);
  for (const ForeignRule& rule : rules) {
    const std::string text = lowered(rule.message + "\n" + rule.products);
    const auto stands_there = [&text](const std::string& word) { return has_word(text, word); };
    if (std::ranges::any_of(passed_over, stands_there)) continue;
    for (const Wanted& each : wanted)
      if (std::ranges::any_of(each.words, stands_there)) add_rule(rule, *each.cover);
    for (const std::string& cve : rule.cves) add_rule(rule, coverage.cves[cve]);
  }
  for (const auto& [id, cover] : coverage.applications) {
    coverage.with_patches += cover.patches.empty() ? 0 : 1;
    coverage.with_rules += cover.rules == 0 ? 0 : 1;
  }
  return coverage;
}

}  // namespace bansoko::patches
