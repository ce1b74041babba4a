// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/rule_trial.h"

#include <algorithm>
#include <utility>

#include "app/bansoko/output.h"
#include "base/file.h"
#include "base/printable.h"
#include "shield/detect/literal_choice.h"
#include "shield/detect/rule_set.h"
#include "shield/detect/rule_set_state.h"
#include "shield/keyword/keywords.h"
#include "shield/rule/classification.h"

namespace bansoko::app {
namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20U;

TriedLiteral literal_of(const detect::CompiledRule& rule) {
  const auto chosen = detect::choose_literal(rule);
  if (!chosen) return {};
  return {printable(chosen->bytes), chosen->nocase, std::string(rule.parts[chosen->part].name)};
}

bool same(const TriedLiteral& one, const TriedLiteral& other) {
  return one.bytes == other.bytes && one.nocase == other.nocase && one.buffer == other.buffer;
}

rule::Classifications classes_of(const engine::ShieldSettings& settings) {
  rule::Diagnostics unheard;
  if (const auto& file = settings.classification_file; !file.empty())
    if (const auto text = read_file(file, kLargestFile))
      return rule::parse_classifications(*text, file, unheard);
  return rule::default_classifications();
}

std::string_view help_of(std::string_view name) {
  for (const detect::Keyword* keyword : keyword::all_keywords())
    if (keyword->name == name) return keyword->help;
  for (const proto::Protocol* protocol : proto::all_protocols())
    for (const proto::Field& field : protocol->fields)
      if (field.name == name) return field.help;
  return {};
}

}  // namespace

bool is_buffer(std::string_view name) {
  return std::ranges::any_of(proto::all_protocols(), [name](const proto::Protocol* protocol) {
    return std::ranges::any_of(protocol->buffers, [name](const auto& buffer) { return buffer.name == name; });
  });
}

const rule::OptionLookup& option_lookup() {
  static const rule::OptionLookup lookup{.is_buffer = is_buffer, .help = help_of};
  return lookup;
}

RuleTrial try_rule(const selection::SourceRule& rule, const engine::ShieldSettings& settings) {
  RuleTrial trial;
  const auto texts = rule::parse_rules(rule.text, rule.file, settings.variables, trial.faults);
  for (rule::Diagnostic& fault : trial.faults) fault.line = rule.line;
  const std::size_t told = trial.faults.size();
  const rule::Classifications classes = classes_of(settings);
  detect::NameTable flowbits(settings.inspection.max_flowbits);
  const detect::CompileSettings compile{.keywords = keyword::all_keywords(),
                                        .protocols = proto::all_protocols(),
                                        .classifications = &classes,
                                        .flowbits = &flowbits};
  const auto set = detect::RuleSet::compile(texts, compile, 1, trial.faults);
  // It was compiled as a text of its own.
  for (std::size_t i = told; i < trial.faults.size(); ++i) trial.faults[i].line = rule.line;
  if (!set) {
    trial.faults.push_back(
        {.file = rule.file, .line = rule.line, .column = 1, .message = set.error().message, .valid = ""});
    return trial;
  }
  for (const detect::CompiledRule& each : (*set)->state().rules) {
    trial.loads = true;
    TriedLiteral literal = literal_of(each);
    if (std::ranges::none_of(trial.literals, [&](const TriedLiteral& known) { return same(known, literal); }))
      trial.literals.push_back(std::move(literal));
  }
  return trial;
}

}  // namespace bansoko::app
