// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/nvd.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "assess/feed/cpe.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "base/printable.h"
#include "base/text.h"

namespace bansoko::feed {
namespace {

using Json = nlohmann::json;
using Products = std::vector<assess::ProductId>;

/// Walks the configurations of one CVE.
class Configurations {
 public:
  Configurations(const NvdNames& names, const std::string& cve, Tally& tally)
      : names_(names), cve_(cve), tally_(tally) {}

  /// What `node` names has the hole where one of `conditions` is there too.
  Result<> put_node(const Json& node, const Products& conditions) {
    if (const Json* const negate = find(node, "negate"); negate != nullptr && *negate == true) {
      tally_.leave_out("configurations that say what has no hole");
      return {};
    }
    const auto operands = operands_of(node);
    const bool all = same_text(text_in(node, "operator"), "AND");
    for (const Json* const operand : operands) {
      const bool stands_alone = !all || operands.size() == 1;
      auto put = put_operand(*operand, stands_alone ? conditions : joined(conditions, operands, operand));
      if (!put) return put;
    }
    return {};
  }

 private:
  std::vector<const Json*> operands_of(const Json& node) const {
    std::vector<const Json*> operands;
    for (const std::string_view key : {names_.nodes, names_.matches})
      for (const Json& operand : list_in(node, key)) operands.push_back(&operand);
    return operands;
  }

  Result<> put_operand(const Json& operand, const Products& conditions) {
    if (find(operand, names_.cpe) == nullptr) return put_node(operand, conditions);
    const Json* const vulnerable = find(operand, "vulnerable");
    if (vulnerable == nullptr || *vulnerable != true) return {};
    const auto cpe = parse_cpe(text_in(operand, names_.cpe));
    if (!cpe) {
      tally_.leave_out("products whose name is no CPE 2.3");
      return {};
    }
    return put_match(operand, *cpe, conditions);
  }

  Result<> put_match(const Json& match, const Cpe& cpe, const Products& conditions) {
    assess::AffectedProduct record{.cve = cve_, .part = cpe.part, .product = cpe.product};
    record.version = cpe.version;
    record.update = cpe.update;
    record.edition = cpe.edition;
    record.from = text_in(match, "versionStartIncluding");
    if (record.from.empty()) {
      record.from = text_in(match, "versionStartExcluding");
      record.from_included = record.from.empty();
    }
    record.to = text_in(match, "versionEndExcluding");
    if (record.to.empty()) {
      record.to = text_in(match, "versionEndIncluding");
      record.to_included = !record.to.empty();
    }
    record.running_on = conditions;
    return tally_.put(record);
  }

  void add_products(const Json& node, std::set<assess::ProductId>& products) const {
    if (const auto cpe = parse_cpe(text_in(node, names_.cpe))) products.insert(cpe->product);
    for (const Json* const operand : operands_of(node)) add_products(*operand, products);
  }

  /// The conditions there were, and those of all operands but one.
  Products joined(const Products& conditions, const std::vector<const Json*>& operands, const Json* but) {
    std::set<assess::ProductId> products(conditions.begin(), conditions.end());
    for (const Json* const operand : operands)
      if (operand != but) add_products(*operand, products);
    if (products.size() <= kMostConditions) return {products.begin(), products.end()};
    tally_.leave_out(fmt::format("conditions of more than {} products", kMostConditions));
    return {};
  }

  const NvdNames& names_;
  const std::string& cve_;
  Tally& tally_;
};

}  // namespace

Result<> put_configurations(const Json& list, const NvdNames& names, const std::string& cve, Tally& tally) {
  Configurations walk(names, cve, tally);
  for (const Json& node : list) BANSOKO_CHECK(walk.put_node(node, {}));
  return {};
}

std::optional<assess::Cvss> cvss_of(const Json* data) {
  const Json* const score = data == nullptr ? nullptr : find(*data, "baseScore");
  if (score == nullptr || !score->is_number()) return {};
  const double number = score->get<double>();
  if (!(number >= 0 && number <= 10)) return {};
  std::string_view vector = text_in(*data, "vectorString");
  if (vector.starts_with('(') && vector.ends_with(')')) vector = vector.substr(1, vector.size() - 2);
  return assess::Cvss{.score = number, .vector = std::string(vector)};
}

std::string english_of(const Json& list) {
  std::string_view first;
  for (const Json& one : list) {
    const std::string_view lang = text_in(one, "lang"), value = text_in(one, "value");
    if (lang.substr(0, 2) == "en" && !value.empty()) return std::string(value);
    if (first.empty()) first = value;
  }
  return std::string(first);
}

std::string nvd_scope(std::string_view file_name) {
  std::string_view stem = stem_of(file_name);
  for (const std::string_view begin : {"nvdcve-1.0-", "nvdcve-1.1-", "nvdcve-2.0-"})
    if (stem.starts_with(begin)) stem.remove_prefix(begin.size());
  return printable(stem);
}

}  // namespace bansoko::feed
