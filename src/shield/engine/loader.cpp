// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/loader.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include <malloc.h>

#include <fmt/core.h>

#include "base/file.h"
#include "shield/engine/canary.h"
#include "shield/keyword/aliases.h"

namespace bansoko::engine {
namespace {

constexpr std::size_t kLargestFile = 256U << 20U;

/// Faults of the canary's own text would be ours, and would keep any set from being used.
Result<> add_canary(std::vector<rule::RuleText>& texts) {
  rule::Diagnostics faults;
  auto canary = rule::parse_rules(canary_rule(), "canary", {}, faults);
  if (canary.size() != 1)
    return fail(Errc::invalid, "the canary rule cannot be read: {}",
                faults.empty() ? "" : to_text(faults.front()));
  texts.push_back(std::move(canary.front()));
  return {};
}

/// Leaves out rules with the sid that tells the canary from the operator's rules.
void refuse_canary_sid(std::vector<rule::RuleText>& texts, rule::Diagnostics& diagnostics) {
  std::erase_if(texts, [&diagnostics](const rule::RuleText& text) {
    const auto sid = std::ranges::find(text.options, "sid", &rule::Option::name);
    if (sid == text.options.end()) return false;
    std::uint32_t number = 0;
    std::from_chars(sid->value.data(), sid->value.data() + sid->value.size(), number);
    if (number != kCanarySid) return false;
    diagnostics.push_back(
        {.file = text.file,
         .line = sid->value_line,
         .column = sid->value_column,
         .severity = rule::Severity::error,
         .message = fmt::format("sid: {} is the canary's, by which rules are tried before they "
                                "come into force",
                                kCanarySid),
         .valid = fmt::format("a number from 1 to {}", kCanarySid - 1)});
    return true;
  });
}

}  // namespace

Loader::Loader(std::span<const detect::Keyword* const> keywords,
               std::span<const proto::Protocol* const> protocols, std::uint32_t max_flowbits)
    : keywords_(keywords), protocols_(protocols), flowbits_(max_flowbits) {}

Result<LoadedRules> Loader::load(const ShieldSettings& settings) {
  LoadedRules loaded;
  loaded.may_be_empty = settings.rule_files.empty();
  rule::Classifications classes = rule::default_classifications();
  if (!settings.classification_file.empty()) {
    BANSOKO_TRY(const std::string text, read_file(settings.classification_file, kLargestFile));
    classes = rule::parse_classifications(text, settings.classification_file, loaded.diagnostics);
  }
  for (const std::string& pattern : settings.rule_files) {
    BANSOKO_TRY(const auto files, expand_glob(pattern));
    for (const std::string& file : files)
      if (std::find(loaded.files.begin(), loaded.files.end(), file) == loaded.files.end())
        loaded.files.push_back(file);
  }
  std::vector<rule::RuleText> texts;
  for (const std::string& file : loaded.files) {
    BANSOKO_TRY(const std::string text, read_file(file, kLargestFile));
    auto rules = rule::parse_rules(text, file, settings.variables, loaded.diagnostics);
    std::move(rules.begin(), rules.end(), std::back_inserter(texts));
  }
  refuse_canary_sid(texts, loaded.diagnostics);
  BANSOKO_CHECK(add_canary(texts));
  const detect::CompileSettings compile{.keywords = keywords_,
                                        .protocols = protocols_,
                                        .aliases = keyword::all_aliases(),
                                        .classifications = &classes,
                                        .flowbits = &flowbits_};
  BANSOKO_TRY(loaded.set,
              detect::RuleSet::compile(std::move(texts), compile, generation_ + 1, loaded.diagnostics));
  loaded.rules = loaded.set->rules().size();
  for (const detect::RuleInfo& rule : loaded.set->rules())
    if (rule.gid == 1 && rule.sid == kCanarySid) --loaded.rules;
  // Compiling takes several times what the set keeps; the allocator would hold on to it.
  ::malloc_trim(0);
  return loaded;
}

}  // namespace bansoko::engine
