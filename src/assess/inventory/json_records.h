// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "assess/xml/records.h"
#include "base/result.h"

namespace bansoko::inventory {

/// Cuts a JSON document into its records, the objects that `wanted` picks by their path (names of members
/// from the root, "metadata/component"; elements of a list have the list's). A record is a tree as XML would
/// make it: a list is several children of one name.
struct JsonRecords {
  std::function<bool(std::string_view path)> wanted = {};
  std::function<Result<>(std::string_view path, xml::Node& record)> take = {};
  /// Texts that are in no record.
  std::function<void(std::string_view path, std::string_view text)> text = {};
  std::size_t max_depth = 64;
  std::size_t max_text = std::size_t{1} << 20U;
  std::size_t max_nodes = 1'000'000;  // of one record
};

/// Errors name the byte.
Result<> read_json(std::string_view bytes, const JsonRecords& records);

}  // namespace bansoko::inventory
