// SPDX-License-Identifier: Apache-2.0
#include "assess/content/rollup_reader.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "assess/content/condition_reader.h"

namespace bansoko::content {
namespace {

using assess::Rollup;

Rollup read_rollup(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  Rollup rollup;
  MapReader map(node, faults);
  if (const Node* id = map.require("id")) rollup.id = read_text(*id, faults);
  if (const Node* title = map.require("title")) rollup.title = read_words(*title, faults);
  if (const Node* when = map.require("when")) rollup.when = read_condition(*when, scope);
  if (const Node* members = map.require("members")) rollup.members = read_kbs(*members, faults);
  Cited cited = read_source(map, faults);
  rollup.sources = {std::move(cited.source)};
  rollup.verified = cited.verified;
  map.finish();
  return rollup;
}

/// A chain: its steps are KBs in order, and each becomes a roll-up that holds the one before.
std::vector<Rollup> read_chain(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  Rollup common;
  std::vector<std::string> first_holds;
  std::vector<Rollup> made;
  MapReader map(node, faults);
  if (const Node* title = map.require("title")) common.title = read_words(*title, faults);
  if (const Node* when = map.require("when")) common.when = read_condition(*when, scope);
  Cited cited = read_source(map, faults);
  common.sources = {std::move(cited.source)};
  common.verified = cited.verified;
  if (const Node* holds = map.find("first_holds")) first_holds = read_kbs(*holds, faults);
  if (const Node* steps = map.require("steps"))
    for (const std::string& kb : read_kbs(*steps, faults)) {
      Rollup step = common;
      step.id = kb;
      step.members = made.empty() ? first_holds : std::vector<std::string>{made.back().id};
      made.push_back(std::move(step));
    }
  map.finish();
  return made;
}

}  // namespace

std::vector<Rollup> read_rollups(const std::string& path, const KnownIds& products, Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return {};
  const FaultSink sink(path, faults);
  const Scope scope{sink, products};
  MapReader map(*tree, sink);
  std::vector<Rollup> rollups;
  if (const Node* list = map.require("rollups")) rollups = read_list(*list, scope, read_rollup);
  if (const Node* chains = map.find("chains"))
    for (const Node& item : items_of(*chains, sink)) {
      std::vector<Rollup> steps = read_chain(item, scope);
      std::move(steps.begin(), steps.end(), std::back_inserter(rollups));
    }
  map.finish();
  return rollups;
}

}  // namespace bansoko::content
