// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bansoko::inventory {

/// One object as wmic or PowerShell prints it: property by name in lower case.
struct Record {
  std::map<std::string, std::string, std::less<>> values = {};
  std::uint32_t line = 0;
  std::string text = {};  // the row as it stands; of a list, its first line
  bool cut = false;       // the file ends within it

  std::string_view get(std::string_view name) const noexcept {
    const auto at = values.find(name);
    return at == values.end() ? std::string_view() : std::string_view(at->second);
  }
};

enum class Shape : std::uint8_t { none, table, csv, list };

/// Which shape a text has that tells of objects with the property `key` (lower case): a table below a line of
/// names, comma-separated values, or "Name=Value" and "Name : Value" in blocks.
Shape shape_of(std::string_view text, std::string_view key);

/// At most `most` objects, in any of the shapes.
std::vector<Record> records_of(std::string_view text, std::string_view key, std::size_t most);

}  // namespace bansoko::inventory
