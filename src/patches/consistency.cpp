// SPDX-License-Identifier: Apache-2.0
#include "patches/consistency.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/fill_in.h"
#include "patches/library.h"
#include "shield/keyword/aliases.h"
#include "shield/proto/protocol.h"

namespace bansoko::patches {
namespace {

using rule::Option;
using rule::RuleText;

const Option* option_of(const RuleText& rule, std::string_view name) noexcept {
  const auto found = std::ranges::find(rule.options, name, &Option::name);
  return found == rule.options.end() ? nullptr : &*found;
}

void add(Faults& faults, const RuleText& rule, const Option* option, std::string message,
         std::string valid = {}) {
  faults.push_back({rule.file,
                    option == nullptr ? rule.line : option->line,
                    option == nullptr ? 1 : option->name_column,
                    {},
                    std::move(message),
                    std::move(valid)});
}

/// A fault of what stands at `key` of patch.yaml, of that item of it if there is one.
void add(Faults& faults, const Patch& patch, std::string_view key, std::string message,
         std::string_view item = {}) {
  const settings::Node* at = value_of(patch.tree, key);
  if (at == nullptr) at = &patch.tree;
  if (const auto found = std::ranges::find(at->items, item, &settings::Node::text);
      found != at->items.end() && !item.empty())
    at = &*found;
  faults.push_back({patch.file, at->line, at->column, {}, std::move(message), {}});
}

void check_rule(const Patch& patch, const PatchRule& rule, Faults& faults) {
  for (const std::string_view name : {"sid", "msg", "classtype", "rev"})
    if (option_of(rule.text, name) == nullptr)
      add(faults, rule.text, nullptr, fmt::format("the rule has no {}", name));
  if (option_of(rule.text, "sid") != nullptr && !patch.owns(rule.sid))
    add(faults, rule.text, option_of(rule.text, "sid"),
        fmt::format("sid {} is not among those of the patch '{}'", rule.sid, patch.id),
        "one within sids of patch.yaml");
  for (const std::string& cve : rule.cves)
    if (std::ranges::find(patch.cves, cve) == patch.cves.end())
      add(faults, rule.text, option_of(rule.text, "reference"),
          fmt::format("names {}, which patch.yaml does not cover", cve));
}

void check_actions(const LibraryPatch& each, Faults& faults) {
  const bool can_drop = std::ranges::any_of(each.rules, [](const PatchRule& rule) {
    return rule.text.action == rule::Action::drop || rule.text.action == rule::Action::reject;
  });
  if (each.patch.stage == Stage::final && !can_drop && !each.rules.empty())
    add(faults, each.patch, "stage", "the stage is final, but no rule drops anything");
  for (const PatchRule& rule : each.rules)
    if (rule.text.action == rule::Action::pass)
      add(faults, rule.text, nullptr, "a patch lets nothing pass", "drop, reject, alert");
}

void check_cves(const LibraryPatch& each, Faults& faults) {
  for (const std::string& cve : each.patch.cves) {
    const bool is_named = std::ranges::any_of(each.rules, [&cve](const PatchRule& rule) {
      return std::ranges::find(rule.cves, cve) != rule.cves.end();
    });
    if (!is_named)
      add(faults, each.patch, "cves", fmt::format("{} is among the cves, but no rule refers to it", cve),
          cve);
  }
}

void check_names(const LibraryPatch& each, const Library& library, Faults& faults) {
  for (const std::string& id : each.patch.applications)
    if (library.applications.find(id) == nullptr)
      add(faults, each.patch, "applications", fmt::format("'{}' is not in applications.yaml", id), id);
  const std::string& protocol = each.patch.protocol;
  const auto known = proto::all_protocols();
  const bool is_known = protocol == "tcp" || protocol == "udp" ||
                        std::ranges::any_of(known, [&](const auto* one) { return one->name == protocol; });
  if (!protocol.empty() && !is_known)
    add(faults, each.patch, "protocol", fmt::format("'{}' is no protocol of ours", protocol));
}

/// A rule that marks for others and never speaks itself.
bool only_marks(const PatchRule& rule) noexcept { return option_of(rule.text, "noalert") != nullptr; }

void check_tests(const LibraryPatch& each, Faults& faults) {
  const auto attacks =
      static_cast<std::size_t>(std::ranges::count(each.tests, TestKind::attack, &TestCase::kind));
  const std::size_t innocent = each.tests.size() - attacks;
  const auto demand = [&](std::size_t has, std::size_t least, std::string_view what) {
    if (has < least)
      faults.push_back({each.patch.folder + "/tests",
                        0,
                        0,
                        {},
                        fmt::format("{} {}, and {} are needed", has, what, least),
                        {}});
  };
  demand(each.tests.size(), kLeastTests, "tests");
  demand(attacks, kLeastAttacks, "attacks");
  demand(innocent, kLeastInnocent, "near misses and benign dialogues");
  for (const PatchRule& rule : each.rules) {
    if (only_marks(rule)) continue;
    const bool is_proven = std::ranges::any_of(each.tests, [&rule](const TestCase& test) {
      return std::ranges::find(test.sids, rule.sid) != test.sids.end();
    });
    if (!is_proven)
      add(faults, rule.text, option_of(rule.text, "sid"),
          fmt::format("no attack shows that rule {} speaks", rule.sid));
  }
}

bool is_field(std::string_view name) noexcept {
  const auto protocols = proto::all_protocols();
  return std::ranges::any_of(protocols, [name](const proto::Protocol* protocol) {
    return std::ranges::find(protocol->fields, name, &proto::Field::name) != protocol->fields.end();
  });
}

/// The fields whose numbers a rule compares, each once.
std::vector<std::string_view> fields_of(const RuleText& rule) {
  std::vector<std::string_view> fields;
  for (const Option& option : rule.options) {
    const auto aliases = keyword::all_aliases();
    const auto alias = std::ranges::find(aliases, option.name, &detect::Alias::name);
    const std::string_view name = alias == aliases.end() ? std::string_view(option.name) : alias->means;
    if (is_field(name) && std::ranges::find(fields, name) == fields.end()) fields.push_back(name);
  }
  return fields;
}

/// Its places are for what the rule looks at.
void check_places(const LibraryPatch& each, const PatchRule& rule, const settings::Node& words,
                  Faults& faults) {
  std::vector<std::string_view> known = fields_of(rule.text);
  known.push_back(kMatchedPlace);
  for (const settings::Node& text : words.items) {
    const auto places = places_in(text.text);
    if (!places) continue;  // told where it was read
    for (const std::string& place : *places)
      if (std::ranges::find(known, place) == known.end())
        faults.push_back({each.patch.file,
                          text.line,
                          text.column,
                          {},
                          fmt::format("'{}' is no field that rule {} compares", place, rule.sid),
                          fmt::format("{}", fmt::join(known, ", "))});
  }
}

void check_explanations(const LibraryPatch& each, Faults& faults) {
  for (const PatchRule& rule : each.rules)
    if (!only_marks(rule) && each.patch.explanation_of(rule.sid) == nullptr)
      add(faults, rule.text, option_of(rule.text, "sid"), fmt::format("nothing explains rule {}", rule.sid),
          "explanations in patch.yaml");
  const settings::Node* const all = value_of(each.patch.tree, "explanations");
  for (std::size_t i = 0; i < each.patch.explanations.size(); ++i) {
    const auto rule = std::ranges::find(each.rules, each.patch.explanations[i].sid, &PatchRule::sid);
    const settings::Node& key = all->keys[i];
    if (rule == each.rules.end())
      faults.push_back({each.patch.file,
                        key.line,
                        key.column,
                        {},
                        fmt::format("{} is no rule of this patch", key.text),
                        {}});
    else
      check_places(each, *rule, all->items[i], faults);
  }
}

/// Numbers belong to one patch, and to one rule of it.
void check_numbers(const Library& library, Faults& faults) {
  struct Owned {
    const Patch* patch;
    const SidRange* range;
  };
  std::vector<Owned> all;
  for (const LibraryPatch& each : library.patches)
    for (const SidRange& range : each.patch.sids) all.push_back({&each.patch, &range});
  std::ranges::stable_sort(all, {}, [](const Owned& one) { return one.range->first; });
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].range->first <= all[i - 1].range->last)
      faults.push_back(
          {all[i].patch->file,
           all[i].range->line,
           all[i].range->column,
           {},
           fmt::format("the numbers from {} on belong to '{}'", all[i].range->first, all[i - 1].patch->id),
           {}});
  std::map<std::uint32_t, const PatchRule*> seen;
  for (const LibraryPatch& each : library.patches)
    for (const PatchRule& rule : each.rules)
      if (const auto [other, is_new] = seen.emplace(rule.sid, &rule); !is_new && rule.sid != 0)
        add(faults, rule.text, option_of(rule.text, "sid"),
            fmt::format("sid {} is that of {}:{} too", rule.sid, other->second->text.file,
                        other->second->text.line));
}

}  // namespace

void check_consistency(const Library& library, Faults& faults) {
  for (const LibraryPatch& each : library.patches) {
    for (const PatchRule& rule : each.rules) check_rule(each.patch, rule, faults);
    check_actions(each, faults);
    check_cves(each, faults);
    check_names(each, library, faults);
    check_tests(each, faults);
    check_explanations(each, faults);
  }
  check_numbers(library, faults);
}

}  // namespace bansoko::patches
