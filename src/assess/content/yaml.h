// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/advisory.h"
#include "assess/model/date.h"
#include "base/map_reader.h"

/// What files of content have in common.
namespace bansoko::content {

using settings::Choice;
using settings::Faults;
using settings::FaultSink;
using settings::Kind;
using settings::MapReader;
using settings::Node;

/// The ids of content/products.yaml, against which all others are held.
using KnownIds = std::set<std::string, std::less<>>;

/// Where the values of one file are read into: who hears of faults, and which products there are.
struct Scope {
  const FaultSink& faults;
  const KnownIds& products;
};

/// A list of what `read(item, scope)` gives.
template <class Read>
auto read_list(const Node& node, const Scope& scope, Read read) {
  std::vector<decltype(read(node, scope))> all;
  for (const Node& item : items_of(node, scope.faults)) all.push_back(read(item, scope));
  return all;
}

/// {en: ..., ja: ...}, both.
assess::Words read_words(const Node& node, const FaultSink& faults);

std::optional<assess::Date> read_date(const Node& node, const FaultSink& faults);
bool read_flag(const Node& node, const FaultSink& faults);

/// A text, or a list of texts.
std::vector<std::string> read_some(const Node& node, const FaultSink& faults);

/// The id of a product that products.yaml has.
std::string read_product_id(const Node& node, const Scope& scope);

/// "958644": digits, without "KB".
std::string read_kb(const Node& node, const FaultSink& faults);
std::vector<std::string> read_kbs(const Node& node, const FaultSink& faults);

/// "CVE-2017-0144".
std::string read_cve(const Node& node, const FaultSink& faults);

/// Lower-case letters, digits and dashes.
std::string read_id(const Node& node, const FaultSink& faults);

/// "critical", "high", "medium" or "low"; with `vendor` "important" and "moderate" too.
std::string read_severity(const Node& node, const FaultSink& faults, bool vendor);

assess::Zone read_zone(const Node& node, const FaultSink& faults);

/// The keys `source` and `opened`.
struct Cited {
  std::string source = {};
  bool verified = false;  // it was opened
};
Cited read_source(MapReader& map, const FaultSink& faults);

/// Reads one of the files. Its first comment must say NOTICE: what it is, from where, under which licence.
std::optional<Node> read_content_file(const std::string& path, Faults& faults);

/// The files of a folder with this ending, sorted. None if there is no folder.
std::vector<std::string> files_in(const std::string& folder);

}  // namespace bansoko::content
