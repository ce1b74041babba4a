// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/software.h"

#include <algorithm>

#include "assess/applicability/programs.h"
#include "base/text.h"

namespace bansoko::assess {
namespace {

void add_reached(const Ceiling& ceiling, const Product& product, const Host& host,
                 std::vector<ReachedCeiling>& reached) {
  for (const Component& component : host.components) {
    if (!is_product(component, product)) continue;
    const auto is_it = [&](const ReachedCeiling& one) {
      return one.ceiling == &ceiling && one.version == component.version;
    };
    if (std::ranges::none_of(reached, is_it))
      reached.push_back({&ceiling, &product, component.name, component.version});
  }
}

/// The program of a host whose name begins with one of these; empty: none.
std::string program_of(const std::vector<std::string>& names, const Host& host) {
  for (const Component& component : host.components)
    for (const std::string& name : names)
      if (component.kind != ComponentKind::feature &&
          same_text(std::string_view(component.name).substr(0, name.size()), name))
        return component.name;
  return {};
}

}  // namespace

std::vector<ReachedCeiling> ceilings_of(const Subject& subject, std::span<const Ceiling> ceilings,
                                        std::span<const Product> products) {
  std::vector<ReachedCeiling> reached;
  for (const Ceiling& ceiling : ceilings) {
    if (evaluate(ceiling.on, subject) != Truth::yes) continue;
    const auto product = std::ranges::find(products, ceiling.product, &Product::id);
    if (product != products.end()) add_reached(ceiling, *product, subject.host, reached);
  }
  return reached;
}

std::vector<Protecting> protections_of(const Subject& subject, std::span<const Protection> protections,
                                       Date today) {
  std::vector<Protecting> list;
  for (const Protection& one : protections)
    if (evaluate(one.on, subject) == Truth::yes)
      list.push_back({&one, program_of(one.programs, subject.host), one.end && *one.end < today});
  std::stable_sort(list.begin(), list.end(), [](const Protecting& a, const Protecting& b) {
    return a.program.empty() < b.program.empty();
  });
  return list;
}

std::vector<AskFirst> certifiers_of(const Subject& subject, std::span<const Certifier> certifiers) {
  std::vector<AskFirst> list;
  for (const Certifier& one : certifiers) {
    if (one.on && evaluate(*one.on, subject) != Truth::yes) continue;
    std::string program = program_of(one.programs, subject.host);
    if (program.empty() && !one.programs.empty()) continue;
    list.push_back({&one, std::move(program)});
  }
  return list;
}

}  // namespace bansoko::assess
