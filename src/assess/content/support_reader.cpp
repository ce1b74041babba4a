// SPDX-License-Identifier: Apache-2.0
#include "assess/content/support_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "assess/content/condition_reader.h"

namespace bansoko::content {
namespace {

using assess::Support;

/// `end` is a day, `yes` (it has ended, nobody says when) or `no` (it goes on).
void read_end(const Node& node, const FaultSink& faults, assess::Lifecycle& record) {
  if (node.kind == Kind::scalar && node.text == "no") return;
  if (node.kind == Kind::scalar && node.text == "yes")
    record.ended = true;
  else
    record.end = read_date(node, faults);
}

void read_dates(MapReader& map, const FaultSink& faults, Support& made) {
  assess::Lifecycle& record = made.record;
  if (const Node* node = map.find("released")) record.released = read_date(*node, faults);
  if (const Node* node = map.find("mainstream_end")) record.mainstream_end = read_date(*node, faults);
  if (const Node* node = map.find("extended_end")) record.extended_end = read_date(*node, faults);
  if (const Node* node = map.find("follows_os")) made.follows_os = read_flag(*node, faults);
  const Node* const end = made.follows_os ? map.find("end") : map.require("end");
  if (end == nullptr) return;
  read_end(*end, faults, record);
  if (made.follows_os) faults.add(*end, "what follows its system has no end of its own");
  if (record.end && record.released && *record.end < *record.released)
    faults.add(*end, "ends before it was released");
}

/// What all cycles of a file have in common.
struct Common {
  std::string product = {};
  assess::Zone zone = assess::Zone::utc;
  bool free_extension = false;
  Cited cited = {};
};

Support read_cycle(const Node& node, const Scope& scope, const Common& common) {
  const FaultSink& faults = scope.faults;
  Support made{.zone = common.zone,
               .free_extension = common.free_extension,
               .source = common.cited.source,
               .verified = common.cited.verified};
  MapReader map(node, faults);
  const Node* const product = common.product.empty() ? map.require("product") : map.find("product");
  made.record.product = product != nullptr ? read_product_id(*product, scope) : common.product;
  if (const Node* cycle = map.require("cycle")) made.record.cycle = read_text(*cycle, faults);
  if (const Node* label = map.require("label")) made.record.label = read_text(*label, faults);
  read_dates(map, faults, made);
  if (const Node* when = map.find("when")) made.when = read_condition(*when, scope);
  if (const Node* latest = map.find("latest")) made.record.latest = read_text(*latest, faults);
  if (const Node* link = map.find("link")) made.record.link = read_text(*link, faults);
  if (map.find("source") != nullptr || map.find("opened") != nullptr) {
    Cited cited = read_source(map, faults);
    made.source = std::move(cited.source);
    made.verified = cited.verified;
  }
  map.finish();
  return made;
}

}  // namespace

void read_support(const std::string& path, const KnownIds& products, std::vector<Support>& made,
                  Faults& faults) {
  const auto tree = read_content_file(path, faults);
  if (!tree) return;
  const FaultSink sink(path, faults);
  const Scope scope{sink, products};
  MapReader map(*tree, sink);
  Common common;
  if (const Node* product = map.find("product")) common.product = read_product_id(*product, scope);
  if (const Node* zone = map.require("zone")) common.zone = read_zone(*zone, sink);
  if (const Node* free = map.find("free_extension")) common.free_extension = read_flag(*free, sink);
  common.cited = read_source(map, sink);
  if (const Node* cycles = map.require("cycles"))
    for (const Node& item : items_of(*cycles, sink)) {
      Support one = read_cycle(item, scope, common);
      const auto same = [&one](const Support& other) {
        return other.record.product == one.record.product && other.record.cycle == one.record.cycle;
      };
      if (std::ranges::any_of(made, same))
        sink.add(item, fmt::format("{} {} stands here twice", one.record.product, one.record.cycle));
      made.push_back(std::move(one));
    }
  map.finish();
}

}  // namespace bansoko::content
