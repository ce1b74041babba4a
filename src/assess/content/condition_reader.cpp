// SPDX-License-Identifier: Apache-2.0
#include "assess/content/condition_reader.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "assess/model/role.h"
#include "base/suggest.h"
#include "base/text.h"

namespace bansoko::content {
namespace {

using assess::Condition;

constexpr std::array<std::string_view, 17> kEditions{
    "standard",   "enterprise", "datacenter", "web",      "core",           "professional",
    "home",       "education",  "ultimate",   "business", "small_business", "foundation",
    "essentials", "terminal",   "embedded",   "ltsc",     "iot_ltsc"};
constexpr std::array<std::string_view, 4> kArchitectures{"x86", "x64", "ia64", "arm64"};

/// What stands for a condition whose text is at fault: no part of it is true.
Condition nowhere(const Node& at) {
  Condition none;
  none.kind = Condition::Kind::any;
  none.line = at.line;
  return none;
}

void check_words(const Node& node, const std::vector<std::string>& texts,
                 std::span<const std::string_view> words, const FaultSink& faults) {
  for (const std::string& text : texts)
    if (std::ranges::find(words, text) == words.end())
      faults.add(node, fmt::format("'{}' is none of the words known here", text),
                 fmt::format("{}", fmt::join(words, ", ")));
}

void read_words_of(std::span<const std::string_view> words, const Node& node, const Scope& scope,
                   Condition& made) {
  made.texts = read_some(node, scope.faults);
  check_words(node, made.texts, words, scope.faults);
}

void read_os(const Node& node, const Scope& scope, Condition& made) {
  if (node.kind == Kind::list) {
    for (const Node& item : node.items) made.texts.push_back(read_product_id(item, scope));
    if (node.items.empty()) scope.faults.add(node, "an empty list");
  } else {
    made.texts.push_back(read_product_id(node, scope));
  }
}

void read_updates(const Node& node, const Scope& scope, Condition& made) {
  if (node.kind == Kind::list)
    made.texts = read_kbs(node, scope.faults);
  else
    made.texts.push_back(read_kb(node, scope.faults));
}

/// A number, or {from: N, to: N} with both included.
void read_bounds(const Node& node, const Scope& scope, Condition& made) {
  if (node.kind != Kind::map) {
    made.least = made.most = read_number(node, scope.faults).value_or(0);
    return;
  }
  MapReader map(node, scope.faults);
  const Node* const from = map.find("from");
  const Node* const to = map.find("to");
  map.finish();
  if (from != nullptr) made.least = read_number(*from, scope.faults).value_or(0);
  if (to != nullptr) made.most = read_number(*to, scope.faults).value_or(0);
  if (from == nullptr && to == nullptr)
    scope.faults.add(node, "has neither 'from' nor 'to'", "{from: 1, to: 2}");
  if (made.least > made.most) scope.faults.add(node, "ends before it begins");
}

void read_language(const Node& node, const Scope& scope, Condition& made) {
  made.texts = read_some(node, scope.faults);
  for (const std::string& text : made.texts)
    if (text.size() < 2 || text != lowered(text))
      scope.faults.add(node, fmt::format("'{}' is not a language", text), "ja, en, de, zh-tw");
}

/// Names that are products (with a ':') must be known.
void read_component(const Node& node, MapReader& map, const Scope& scope, Condition& made) {
  made.texts = read_some(node, scope.faults);
  const auto check = [&scope](const Node& item) {
    if (item.text.find(':') != std::string::npos) read_product_id(item, scope);
  };
  if (node.kind == Kind::list)
    for (const Node& item : node.items) check(item);
  else
    check(node);
  if (const Node* from = map.find("from")) made.from = read_text(*from, scope.faults);
  if (const Node* to = map.find("to")) made.to = read_text(*to, scope.faults);
}

void read_setting_bounds(const Node* least, const Node* most, const Scope& scope, Condition& made) {
  made.compare = Condition::Compare::bounds;
  if (least != nullptr) made.least = read_number(*least, scope.faults).value_or(0);
  if (most != nullptr) made.most = read_number(*most, scope.faults).value_or(0);
  if (made.least > made.most) scope.faults.add(*most, "ends before it begins");
}

/// One of the comparisons; more than one, or none, is a fault.
void read_setting(const Node& node, MapReader& map, const Scope& scope, Condition& made) {
  using Compare = Condition::Compare;
  constexpr std::array<Choice<Compare>, 5> kForms{{{"is", Compare::is},
                                                   {"is_not", Compare::is_not},
                                                   {"contains", Compare::contains},
                                                   {"present", Compare::present},
                                                   {"absent", Compare::absent}}};
  made.texts = {read_text(node, scope.faults)};
  if (made.texts[0] != lowered(made.texts[0]))
    scope.faults.add(node, "names of settings are in lower case", lowered(made.texts[0]));
  std::size_t forms = 0;
  for (const auto& form : kForms) {
    const Node* const value = map.find(form.name);
    if (value == nullptr) continue;
    ++forms;
    made.compare = form.value;
    const bool is_flag = form.value == Compare::present || form.value == Compare::absent;
    if (!is_flag)
      made.value = value->kind == Kind::scalar ? value->text : read_text(*value, scope.faults);
    else if (!read_flag(*value, scope.faults))
      scope.faults.add(*value, "only true can stand here", "true");
  }
  const Node* const least = map.find("at_least");
  const Node* const most = map.find("at_most");
  if (least != nullptr || most != nullptr) read_setting_bounds(least, most, scope, made);
  forms += least != nullptr || most != nullptr ? 1 : 0;
  if (forms != 1)
    scope.faults.add(node, forms == 0 ? "is compared with nothing" : "is compared in more than one way",
                     "is, is_not, at_least, at_most, contains, present, absent");
}

Condition read_at(const Node& node, const Scope& scope, std::size_t depth);

void read_parts(const Node& node, const Scope& scope, std::size_t depth, Condition& made) {
  for (const Node& item : items_of(node, scope.faults)) made.parts.push_back(read_at(item, scope, depth + 1));
  if (node.kind == Kind::list && node.items.empty()) scope.faults.add(node, "an empty list");
}

constexpr std::array<Choice<Condition::Kind>, 15> kKinds{{{"all", Condition::Kind::all},
                                                          {"any", Condition::Kind::any},
                                                          {"not", Condition::Kind::negation},
                                                          {"os", Condition::Kind::os},
                                                          {"edition", Condition::Kind::edition},
                                                          {"service_pack", Condition::Kind::service_pack},
                                                          {"r2", Condition::Kind::r2},
                                                          {"arch", Condition::Kind::arch},
                                                          {"build", Condition::Kind::build},
                                                          {"language", Condition::Kind::language},
                                                          {"component", Condition::Kind::component},
                                                          {"feature", Condition::Kind::feature},
                                                          {"role", Condition::Kind::role},
                                                          {"setting", Condition::Kind::setting},
                                                          {"update", Condition::Kind::update}}};

void read_value(const Node& value, MapReader& map, const Scope& scope, std::size_t depth, Condition& made) {
  switch (made.kind) {
    case Condition::Kind::all:
    case Condition::Kind::any:
      return read_parts(value, scope, depth, made);
    case Condition::Kind::negation:
      made.parts.push_back(read_at(value, scope, depth + 1));
      return;
    case Condition::Kind::os:
      return read_os(value, scope, made);
    case Condition::Kind::edition:
      return read_words_of(kEditions, value, scope, made);
    case Condition::Kind::service_pack:
    case Condition::Kind::build:
      return read_bounds(value, scope, made);
    case Condition::Kind::r2:
      made.flag = read_flag(value, scope.faults);
      return;
    case Condition::Kind::arch:
      return read_words_of(kArchitectures, value, scope, made);
    case Condition::Kind::language:
      return read_language(value, scope, made);
    case Condition::Kind::component:
      return read_component(value, map, scope, made);
    case Condition::Kind::feature:
      made.texts = read_some(value, scope.faults);
      return;
    case Condition::Kind::role:
      return read_words_of(assess::kRoleNames, value, scope, made);
    case Condition::Kind::setting:
      return read_setting(value, map, scope, made);
    case Condition::Kind::update:
      return read_updates(value, scope, made);
  }
}

void tell_no_kind(const Node& node, std::size_t kinds, const FaultSink& faults) {
  std::vector<std::string_view> names;
  names.reserve(kKinds.size());
  for (const auto& kind : kKinds) names.push_back(kind.name);
  const std::string_view first = node.keys.empty() ? std::string_view() : node.keys.front().text;
  const std::string_view meant = kinds == 0 ? nearest(first, names) : std::string_view();
  const std::string hint = meant.empty() ? "" : fmt::format(", did you mean '{}'?", meant);
  faults.add(node, kinds == 0 ? "is no condition" + hint : "is more than one condition; say all or any",
             fmt::format("{}", fmt::join(names, ", ")));
}

Condition read_at(const Node& node, const Scope& scope, std::size_t depth) {
  if (node.kind != Kind::map) {
    scope.faults.add(node, fmt::format("{} stands here", settings::name_of(node.kind)), "a condition");
    return nowhere(node);
  }
  if (depth > kMaxConditionDepth) {
    scope.faults.add(node,
                     fmt::format("conditions stand in each other more than {} deep", kMaxConditionDepth));
    return nowhere(node);
  }
  const Choice<Condition::Kind>* found = nullptr;
  std::size_t kinds = 0;
  for (const auto& kind : kKinds) {
    if (settings::key_of(node, kind.name) == nullptr) continue;
    found = &kind;
    ++kinds;
  }
  if (kinds != 1) {
    tell_no_kind(node, kinds, scope.faults);
    return nowhere(node);
  }
  Condition made;
  made.kind = found->value;
  made.line = node.line;
  MapReader map(node, scope.faults);
  const Node* const value = map.find(found->name);
  if (value == nullptr) return nowhere(node);
  read_value(*value, map, scope, depth, made);
  map.finish();
  return made;
}

}  // namespace

Condition read_condition(const Node& node, const Scope& scope) { return read_at(node, scope, 1); }

assess::Arch read_arch(const Node& node, const FaultSink& faults) {
  using assess::Arch;
  constexpr std::array<Choice<Arch>, 4> kArchs{
      {{"x86", Arch::x86}, {"x64", Arch::x64}, {"ia64", Arch::ia64}, {"arm64", Arch::arm64}}};
  return read_choice(node, faults, kArchs);
}

}  // namespace bansoko::content
