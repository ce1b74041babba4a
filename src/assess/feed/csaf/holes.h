// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "assess/feed/csaf/product_tree.h"
#include "assess/feed/tally.h"

namespace bansoko::feed::csaf {

constexpr std::size_t kMostProducts = 2'000'000;

/// The vulnerabilities of a document, kept until all its products are known: JSON has no order.
class Holes {
 public:
  explicit Holes(const Limits& limits) noexcept : products(kMostProducts), most_(limits.max_records) {}

  /// An element of "vulnerabilities".
  Result<> add(const nlohmann::json& vulnerability);
  Result<> put(Tally& tally) const;

  assess::PackageFix common = {};  // what is the same for all
  ProductTree products;

 private:
  using Index = ProductTree::Index;
  struct Remedy {
    bool none_planned = false;
    std::string advisory = {};
    std::optional<assess::Date> date = {};
  };
  struct Hole {
    std::string cve = {};
    std::vector<std::pair<Index, assess::FixStatus>> statuses = {};
    std::unordered_map<Index, Remedy> remedies = {};
    std::unordered_map<Index, std::string> severities = {};
    std::string severity = {};  // of all products
  };

  Result<> add_statuses(const nlohmann::json& vulnerability, Hole& hole);
  Result<> add_remedies(const nlohmann::json& vulnerability, Hole& hole);
  Result<> add_severities(const nlohmann::json& vulnerability, Hole& hole);
  Result<> put(const Hole& hole, Tally& tally) const;
  assess::PackageFix fix_of(const Hole& hole, Index at, assess::FixStatus status) const;

  std::uint64_t most_;
  std::uint64_t kept_ = 0;
  std::uint64_t left_out_groups_ = 0;
  std::vector<Hole> holes_;
};

}  // namespace bansoko::feed::csaf
