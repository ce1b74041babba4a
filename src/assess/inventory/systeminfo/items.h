// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bansoko::inventory::systeminfo {

/// "[02]: Q147222" below an item.
struct Entry {
  std::uint32_t ordinal = 0;
  std::string text = {};
  std::uint32_t line = 0;
  bool ended = true;  // its line is whole
};

/// "Host Name:     WEB01" and what stands below it.
struct Item {
  std::string label = {};
  std::string value = {};
  std::uint32_t line = 0;
  bool ended = true;
  std::vector<Entry> entries = {};
};

/// The items of systeminfo's output as it stands on a screen (/fo list), or of each row of /fo csv: one list
/// per host.
std::vector<std::vector<Item>> read_items(std::string_view text, std::size_t max_hosts);

}  // namespace bansoko::inventory::systeminfo
