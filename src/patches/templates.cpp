// SPDX-License-Identifier: Apache-2.0
#include "patches/templates.h"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace bansoko::patches {
namespace {

constexpr std::array kParameterKinds{
    settings::Choice<ParameterKind>{"number", ParameterKind::number},
    settings::Choice<ParameterKind>{"text", ParameterKind::text},
    settings::Choice<ParameterKind>{"bytes", ParameterKind::bytes},
};

/// `opnum: number`, or `opnum: {number: 0}` where it need not be given.
Parameter read_parameter(const Node& name, const Node& node, const FaultSink& faults) {
  Parameter parameter{.name = name.text};
  const bool has_fallback = node.kind == Kind::map && node.keys.size() == 1;
  const Node& kind = has_fallback ? node.keys.front() : node;
  for (const auto& choice : kParameterKinds)
    if (kind.kind == Kind::scalar && choice.name == kind.text) {
      parameter.kind = choice.value;
      if (has_fallback) parameter.fallback = &node.items.front();
      return parameter;
    }
  faults.add(kind.line != 0 ? kind : name, fmt::format("'{}' has no kind", name.text),
             "number, text or bytes, or {KIND: what it is where it is not given}");
  return parameter;
}

Template read_template(const Node& name, const Node& node, const FaultSink& faults) {
  Template made{.name = name.text, .file = std::make_shared<const std::string>(faults.file())};
  MapReader map(node, faults);
  if (const Node* help = map.require("help")) made.help = read_text(*help, faults);
  if (const Node* parameters = map.find("with")) {
    const MapReader is_map(*parameters, faults);
    for (std::size_t i = 0; i < parameters->keys.size(); ++i)
      made.parameters.push_back(read_parameter(parameters->keys[i], parameters->items[i], faults));
  }
  made.of = map.find("of");
  made.say = map.find("say");
  if ((made.of == nullptr) == (made.say == nullptr))
    faults.add(name, fmt::format("'{}' has neither 'of' nor 'say', or both", name.text),
               "of: what it is made of, or say: the steps of a dialogue");
  map.finish();
  return made;
}

}  // namespace

void Templates::add_file(const std::string& path, Faults& faults) {
  auto tree = read_tree(path, faults);
  if (!tree) return;
  const auto kept = std::make_shared<const Node>(std::move(*tree));
  trees_.push_back(kept);
  add(*kept, FaultSink(path, faults));
}

void Templates::add(const Node& node, const FaultSink& faults) {
  const MapReader is_map(node, faults);
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const Node& name = node.keys[i];
    if (!all_.emplace(name.text, read_template(name, node.items[i], faults)).second)
      faults.add(name, fmt::format("there is a template '{}' already", name.text));
  }
}

const Template* Templates::find(std::string_view name) const noexcept {
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : &found->second;
}

}  // namespace bansoko::patches
