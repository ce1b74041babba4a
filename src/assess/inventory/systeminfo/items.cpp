// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/systeminfo/items.h"

#include <optional>

#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory::systeminfo {
namespace {

/// "[02]: text"; French puts a blank before the colon.
std::optional<Entry> read_entry(std::string_view text, const Line& line) {
  text = trim(text);
  const std::size_t close = text.find(']');
  if (!text.starts_with('[') || close == std::string_view::npos) return {};
  const auto ordinal = number(text.substr(1, close - 1));
  const std::string_view rest = trim(text.substr(close + 1));
  if (!ordinal || !rest.starts_with(':')) return {};
  return Entry{*ordinal, std::string(trim(rest.substr(1))), line.number, line.ended};
}

constexpr std::size_t kMostLines = 2'000'000;  // that are kept

std::vector<std::vector<Item>> read_list(const std::vector<Line>& lines, std::size_t max_hosts) {
  std::vector<std::vector<Item>> hosts(1);
  std::size_t kept = 0;
  for (const Line& line : lines) {
    if (line.text.empty()) continue;
    if (++kept > kMostLines) break;
    auto entry = read_entry(line.text, line);
    if (entry || line.text.front() == ' ' || line.text.front() == '\t') {
      if (entry && !hosts.back().empty()) hosts.back().back().entries.push_back(std::move(*entry));
      continue;
    }
    const std::size_t colon = line.text.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view label = trim(line.text.substr(0, colon));
    if (!hosts.back().empty() && hosts.back().front().label == label) {
      if (hosts.size() == max_hosts) break;
      hosts.emplace_back();
    }
    hosts.back().push_back(
        {std::string(label), std::string(trim(line.text.substr(colon + 1))), line.number, line.ended, {}});
  }
  return hosts;
}

/// "352 Hotfix(s) Installed.,[01]: File 1,[02]: KB958644 - Update"
Item read_field(const std::string& label, std::string_view field, const Line& line) {
  const std::size_t first = field.find(",[");
  Item item{label, std::string(trim(field.substr(0, first))), line.number, line.ended, {}};
  while (field.find(",[") != std::string_view::npos) {
    field.remove_prefix(field.find(",[") + 1);
    if (auto entry = read_entry(field.substr(0, field.find(",[")), line))
      item.entries.push_back(std::move(*entry));
  }
  return item;
}

std::vector<std::vector<Item>> read_rows(const std::vector<Line>& lines, std::size_t max_hosts) {
  std::vector<std::vector<Item>> hosts;
  std::vector<std::string> labels;
  for (const Line& line : lines) {
    if (line.text.empty()) continue;
    const std::vector<std::string> fields = csv_fields(line.text);
    if (labels.empty() || fields.front() == labels.front()) {
      labels = fields;
      continue;
    }
    if (hosts.size() == max_hosts) break;
    std::vector<Item> items;
    for (std::size_t i = 0; i < fields.size() && i < labels.size(); ++i)
      items.push_back(read_field(labels[i], fields[i], line));
    hosts.push_back(std::move(items));
  }
  return hosts;
}

}  // namespace

std::vector<std::vector<Item>> read_items(std::string_view text, std::size_t max_hosts) {
  const std::vector<Line> lines = lines_of(text);
  for (const Line& line : lines)
    if (!line.text.empty())
      return line.text.front() == '"' ? read_rows(lines, max_hosts) : read_list(lines, max_hosts);
  return {};
}

}  // namespace bansoko::inventory::systeminfo
