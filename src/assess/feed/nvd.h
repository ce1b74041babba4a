// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "assess/feed/tally.h"

/// What the formats of the National Vulnerability Database have in common.
namespace bansoko::feed {

/// How a format names what a configuration is made of.
struct NvdNames {
  std::string_view nodes;    // the list of nodes within one
  std::string_view matches;  // the list of products within one
  std::string_view cpe;      // the name of a product
};

/// Products that one product with a hole may have to run on, at most; more are taken as no condition.
inline constexpr std::size_t kMostConditions = 1000;

/// Gives the products with the hole that a list of configurations names. What stands on the other side of an
/// AND is a condition.
Result<> put_configurations(const nlohmann::json& list, const NvdNames& names, const std::string& cve,
                            Tally& tally);

/// A score from 0 to 10 with its vector, of an object with baseScore and vectorString.
std::optional<assess::Cvss> cvss_of(const nlohmann::json* data);

/// The first text in English of a list of {lang, value}; without it the first.
std::string english_of(const nlohmann::json& list);

/// "2008" of "nvdcve-1.1-2008.json"; of other names what stands before the ".json".
std::string nvd_scope(std::string_view file_name);

}  // namespace bansoko::feed
