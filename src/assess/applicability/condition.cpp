// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <utility>

#include "assess/applicability/kb_graph.h"
#include "assess/model/role.h"
#include "assess/version/version.h"
#include "base/text.h"

namespace bansoko::assess {
namespace {

using Kind = Condition::Kind;

constexpr std::array<std::pair<Arch, std::string_view>, 6> kArchs{{{Arch::unknown, ""},
                                                                   {Arch::x86, "x86"},
                                                                   {Arch::x64, "x64"},
                                                                   {Arch::ia64, "ia64"},
                                                                   {Arch::arm64, "arm64"},
                                                                   {Arch::other, "other"}}};

bool is_one_of(std::string_view value, const std::vector<std::string>& texts) noexcept {
  return std::ranges::any_of(texts, [&](const std::string& text) { return same_text(text, value); });
}

/// Of a value that is empty where the inventory does not say it.
Truth named(std::string_view value, const std::vector<std::string>& texts) noexcept {
  return value.empty() ? Truth::unknown : truth(is_one_of(value, texts));
}

Truth within(std::uint32_t value, const Condition& condition) noexcept {
  return truth(value >= condition.least && value <= condition.most);
}

version::Scheme scheme_of(const Component& component) noexcept {
  if (component.ecosystem == Ecosystem::deb) return version::Scheme::debian;
  return component.ecosystem == Ecosystem::rpm ? version::Scheme::rpm : version::Scheme::dotted;
}

Truth in_range(const Component& component, const Condition& condition) {
  if (condition.from.empty() && condition.to.empty()) return Truth::yes;
  // What a distribution puts back into an old version does not show in the project's own numbers.
  if (component.version.empty() || component.kind == ComponentKind::package) return Truth::unknown;
  const auto compare = [&](const std::string& other) {
    return version::compare(scheme_of(component), component.version, other);
  };
  const bool within = (condition.from.empty() || std::is_gteq(compare(condition.from))) &&
                      (condition.to.empty() || std::is_lt(compare(condition.to)));
  // A banner is a claim, and what a distribution puts back does not show in it either.
  return within && !component.said.topic.empty() ? Truth::unknown : truth(within);
}

bool has_registry(const Host& host) noexcept {
  const auto first = host.settings.lower_bound("reg:");
  return first != host.settings.end() && first->first.starts_with("reg:");
}

/// Whether what an inventory does not name is not on the host.
bool lists_all(const Host& host, ComponentKind kind) noexcept {
  if (kind == ComponentKind::package)
    return !host.lacks(Gap::no_packages) && !host.lacks(Gap::packages_cut) &&
           std::ranges::any_of(host.components,
                               [](const Component& one) { return one.kind == ComponentKind::package; });
  return has_registry(host) && !host.lacks(Gap::unreadable);
}

bool may_be_absent(const Host& host) noexcept {
  return lists_all(host, ComponentKind::package) || lists_all(host, ComponentKind::feature);
}

/// "bash" of "gnu:bash".
std::string_view leaf_of(std::string_view product) noexcept { return product.substr(product.find(':') + 1); }

bool is_named(const Component& component, const std::vector<std::string>& texts) noexcept {
  if (is_one_of(component.name, texts) || (!component.product.empty() && is_one_of(component.product, texts)))
    return true;
  // Packages have no product of their own: the package "bash" is what gnu:bash is distributed as.
  if (component.kind != ComponentKind::package) return false;
  const std::string_view source =
      component.source_package.empty() ? component.name : component.source_package;
  return std::ranges::any_of(texts, [&](const std::string& text) {
    return text.find(':') != std::string::npos &&
           (same_text(leaf_of(text), component.name) || same_text(leaf_of(text), source));
  });
}

Truth component_of(const Condition& condition, const Host& host) {
  Truth found = may_be_absent(host) ? Truth::no : Truth::unknown;
  bool named = false;
  for (const Component& component : host.components) {
    if (!is_named(component, condition.texts)) continue;
    const Truth value = in_range(component, condition);
    found = named ? either(found, value) : value;
    named = true;
  }
  return found;
}

Truth features_of(const Condition& condition, const Host& host) {
  Truth all = Truth::yes;
  for (const std::string& wanted : condition.texts) {
    const bool found = std::ranges::any_of(host.components, [&](const Component& one) {
      return one.kind == ComponentKind::feature && same_text(one.name, wanted);
    });
    all = both(all, found                                     ? Truth::yes
                    : lists_all(host, ComponentKind::feature) ? Truth::no
                                                              : Truth::unknown);
  }
  return all;
}

/// What a setting belongs to: its registry key, or the program's file.
std::string_view group_of(std::string_view name) noexcept {
  const auto slash = name.rfind('\\');
  return name.substr(0, (slash == std::string_view::npos ? name.find(':') : slash) + 1);
}

/// Whether others of the setting's group were read.
bool group_was_read(std::string_view name, const Host& host) {
  const std::string_view group = group_of(name);
  const auto next = host.settings.lower_bound(group);
  return !group.empty() && next != host.settings.end() && next->first.starts_with(group);
}

Truth bounded(std::string_view value, const Condition& condition) noexcept {
  const bool hex = value.starts_with("0x") || value.starts_with("0X");
  if (hex) value.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number, hex ? 16 : 10);
  if (error != std::errc() || end != value.data() + value.size()) return Truth::unknown;
  return within(number, condition);
}

Truth setting_of(const Condition& condition, const Host& host) {
  using enum Condition::Compare;
  const std::string& name = condition.texts.front();
  const auto found = host.settings.find(name);
  if (found == host.settings.end()) {
    const bool asks = condition.compare == absent || condition.compare == present;
    return asks && group_was_read(name, host) ? truth(condition.compare == absent) : Truth::unknown;
  }
  const std::string& value = found->second.value;
  switch (condition.compare) {
    case is:
      return truth(same_text(value, condition.value));
    case is_not:
      return truth(!same_text(value, condition.value));
    case bounds:
      return bounded(value, condition);
    case contains:
      return truth(lowered(value).find(lowered(condition.value)) != std::string::npos);
    case present:
      return Truth::yes;
    case absent:
      return Truth::no;
  }
  return Truth::unknown;
}

Truth update_of(const Condition& condition, const Host& host) {
  for (const std::string& kb : condition.texts)
    if (std::ranges::any_of(host.updates, [&](const Update& one) { return kb_of(one.kb) == kb_of(kb); }))
      return Truth::yes;
  return host.lacks(Gap::no_updates) || host.lacks(Gap::updates_cut) ? Truth::unknown : Truth::no;
}

Truth role_of(const Condition& condition, const Subject& subject) {
  const bool found = std::ranges::any_of(
      subject.roles, [&](Role role) { return is_one_of(name_of(role), condition.texts); });
  if (found) return Truth::yes;
  // systeminfo says which machines are domain controllers, and of no other role.
  const bool told = condition.texts == std::vector<std::string>{"domain_controller"} &&
                    subject.host.settings.contains("windows:domain_role");
  return told || subject.roles_are_all || may_be_absent(subject.host) ? Truth::no : Truth::unknown;
}

/// One condition that holds no others.
Truth leaf(const Condition& condition, const Subject& subject) {
  const OperatingSystem& os = subject.host.os;
  switch (condition.kind) {
    case Kind::os:
      return named(os.product, condition.texts);
    case Kind::edition:
      return named(os.edition, condition.texts);
    case Kind::service_pack:
      return os.service_pack ? within(*os.service_pack, condition) : Truth::unknown;
    case Kind::r2:
      return os.product.empty() ? Truth::unknown : truth(os.r2 == condition.flag);
    case Kind::arch:
      return named(name_of(os.arch), condition.texts);
    case Kind::build:
      return os.build == 0 ? Truth::unknown : within(os.build, condition);
    case Kind::language:
      return named(os.language, condition.texts);
    case Kind::component:
      return component_of(condition, subject.host);
    case Kind::feature:
      return features_of(condition, subject.host);
    case Kind::role:
      return role_of(condition, subject);
    case Kind::setting:
      return setting_of(condition, subject.host);
    case Kind::update:
      return update_of(condition, subject.host);
    case Kind::all:
    case Kind::any:
    case Kind::negation:
      break;
  }
  return Truth::unknown;
}

std::string asked(const Condition& condition) {
  constexpr std::array<std::string_view, 15> names{
      "",         "", "", "system", "edition", "service pack", "R2", "architecture", "build",
      "language", "", "", "role",   "",        "update"};
  const std::string_view name = names[static_cast<std::size_t>(condition.kind)];
  if (!name.empty() || condition.texts.empty()) return std::string(name);
  return condition.texts.front();
}

Truth of_parts(const Condition& condition, const Subject& subject, std::set<std::string>& open) {
  const bool all = condition.kind == Kind::all;
  Truth result = truth(all);
  for (const Condition& part : condition.parts) {
    const Truth value = evaluate(part, subject, &open);
    result = all ? both(result, value) : either(result, value);
  }
  return result;
}

}  // namespace

const Component* find_package(const Condition& condition, const Host& host) noexcept {
  if (condition.kind == Kind::component)
    for (const Component& component : host.components)
      if (component.kind == ComponentKind::package && is_named(component, condition.texts)) return &component;
  for (const Condition& part : condition.parts)
    if (const Component* const found = find_package(part, host)) return found;
  return nullptr;
}

std::string_view name_of(Arch arch) noexcept {
  return std::ranges::find(kArchs, arch, &std::pair<Arch, std::string_view>::first)->second;
}

Truth evaluate(const Condition& condition, const Subject& subject, std::set<std::string>* open) {
  std::set<std::string> asked_for;
  Truth result = Truth::unknown;
  switch (condition.kind) {
    case Kind::all:
    case Kind::any:
      result = of_parts(condition, subject, asked_for);
      break;
    case Kind::negation:
      result = condition.parts.empty() ? Truth::unknown
                                       : negated(evaluate(condition.parts.front(), subject, &asked_for));
      break;
    default:
      result = leaf(condition, subject);
      if (result == Truth::unknown) asked_for.insert(asked(condition));
  }
  if (open != nullptr && result == Truth::unknown) open->merge(asked_for);
  return result;
}

}  // namespace bansoko::assess
