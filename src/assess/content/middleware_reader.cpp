// SPDX-License-Identifier: Apache-2.0
#include "assess/content/middleware_reader.h"

#include <utility>

#include "assess/content/condition_reader.h"

namespace bansoko::content {
namespace {

/// A version is the same in both languages; what has to be said in words is not.
assess::Words read_version(const Node& node, const FaultSink& faults) {
  if (node.kind == Kind::map) return read_words(node, faults);
  const std::string version = read_text(node, faults);
  return {version, version};
}

assess::Ceiling read_ceiling(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  assess::Ceiling made;
  MapReader map(node, faults);
  if (const Node* product = map.require("product")) made.product = read_product_id(*product, scope);
  if (const Node* on = map.require("on")) made.on = read_condition(*on, scope);
  if (const Node* last = map.require("last")) made.last = read_version(*last, faults);
  if (const Node* next = map.find("next")) made.next = read_text(*next, faults);
  if (const Node* why = map.require("why")) made.why = read_words(*why, faults);
  Cited cited = read_source(map, faults);
  made.source = std::move(cited.source);
  made.verified = cited.verified;
  map.finish();
  return made;
}

assess::Protection read_protection(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  assess::Protection made;
  MapReader map(node, faults);
  if (const Node* name = map.require("name")) made.name = read_text(*name, faults);
  if (const Node* vendor = map.require("vendor")) made.vendor = read_text(*vendor, faults);
  if (const Node* programs = map.find("programs")) made.programs = read_texts(*programs, faults);
  if (const Node* on = map.require("on")) made.on = read_condition(*on, scope);
  if (const Node* end = map.find("end")) made.end = read_date(*end, faults);
  if (const Node* zone = map.find("zone")) made.zone = read_zone(*zone, faults);
  if (const Node* note = map.find("note")) made.note = read_words(*note, faults);
  if (!made.end && made.note.en.empty()) faults.add(node, "has neither an end nor a note");
  Cited cited = read_source(map, faults);
  made.source = std::move(cited.source);
  made.verified = cited.verified;
  map.finish();
  return made;
}

assess::Certifier read_certifier(const Node& node, const Scope& scope) {
  const FaultSink& faults = scope.faults;
  assess::Certifier made;
  MapReader map(node, faults);
  if (const Node* vendor = map.require("vendor")) made.vendor = read_text(*vendor, faults);
  if (const Node* programs = map.find("programs")) made.programs = read_texts(*programs, faults);
  if (const Node* on = map.find("on")) made.on = read_condition(*on, scope);
  if (made.programs.empty() && !made.on) faults.add(node, "names neither programs nor hosts", "programs, on");
  if (const Node* why = map.require("why")) made.why = read_words(*why, faults);
  Cited cited = read_source(map, faults);
  made.source = std::move(cited.source);
  made.verified = cited.verified;
  map.finish();
  return made;
}

}  // namespace

Middleware read_middleware(const std::string& path, const KnownIds& products, Faults& faults) {
  Middleware made;
  const auto tree = read_content_file(path, faults);
  if (!tree) return made;
  const FaultSink sink(path, faults);
  const Scope scope{sink, products};
  MapReader map(*tree, sink);
  if (const Node* list = map.require("middleware")) made.ceilings = read_list(*list, scope, read_ceiling);
  if (const Node* list = map.require("security_software"))
    made.protections = read_list(*list, scope, read_protection);
  if (const Node* list = map.require("ask_vendor")) made.certifiers = read_list(*list, scope, read_certifier);
  map.finish();
  return made;
}

}  // namespace bansoko::content
