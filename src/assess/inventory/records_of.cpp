// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/records_of.h"

#include <algorithm>

#include "assess/inventory/code_page.h"
#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

struct Column {
  std::string name;
  std::size_t from;  // in characters, not in bytes
};

struct Found {
  Shape shape = Shape::none;
  std::size_t line = 0;  // index of the line of names, or of the first property
};

/// "name=value" of wmic, "Name : value" of PowerShell; the name is one word.
bool split_property(std::string_view line, std::string& name, std::string_view& value) {
  const std::size_t equal = line.find_first_of("=:");
  if (equal == std::string_view::npos) return false;
  const std::string_view before = trim(line.substr(0, equal));
  const bool colon = line[equal] == ':';
  if (before.empty() || before.find_first_of(" \t\\/\"") != std::string_view::npos) return false;
  if (colon && (equal + 1 < line.size() && line[equal + 1] != ' ')) return false;
  name = lowered(before);
  value = trim(line.substr(equal + 1));
  return true;
}

/// Names of columns: "Caption  CSName  Description". What wmic says before them on the same line ("Please
/// wait while WMIC is being installed.") is no name.
std::vector<Column> columns_of(std::string_view line) {
  std::vector<Column> columns;
  std::size_t at = 0;  // in characters
  bool blank = true;
  for (std::size_t i = 0; i < line.size();) {
    const Character c = next_character(line.substr(i));
    const bool is_blank = c.code == ' ' || c.code == '\t';
    if (!is_blank && blank) columns.push_back({{}, at});
    if (!is_blank) columns.back().name += lowered(line.substr(i, c.size));
    blank = is_blank;
    i += c.size;
    ++at;
  }
  if (const std::size_t said = line.rfind('.'); said != std::string_view::npos && !columns.empty()) {
    const std::string_view names = line.substr(said + 1);
    if (!names.empty() && names.front() != ' ') return columns_of(names);
  }
  return columns;
}

bool has_column(const std::vector<Column>& columns, std::string_view key) {
  return columns.size() > 1 && std::any_of(columns.begin(), columns.end(),
                                           [&](const Column& column) { return column.name == key; });
}

Found find_shape(const std::vector<Line>& lines, std::string_view key) {
  for (std::size_t i = 0; i < lines.size() && i < 4096; ++i) {
    const std::string_view line = lines[i].text;
    if (line.empty() || !has(line, key)) continue;
    std::string name;
    std::string_view value;
    if (split_property(line, name, value) && name == key) return {Shape::list, i};
    const std::vector<std::string> fields = csv_fields(line);
    if (fields.size() > 1 && std::any_of(fields.begin(), fields.end(), [&](const std::string& field) {
          return same_text(trim(field), key);
        }))
      return {Shape::csv, i};
    if (has_column(columns_of(line), key)) return {Shape::table, i};
  }
  return {};
}

/// The part of a line between two columns of characters.
std::string_view slice(std::string_view line, std::size_t from, std::size_t to) {
  std::size_t at = 0, begin = line.size(), end = line.size();
  for (std::size_t i = 0; i < line.size(); ++at) {
    if (at == from) begin = i;
    if (at == to) {
      end = i;
      break;
    }
    i += next_character(line.substr(i)).size;
  }
  return begin <= end ? trim(line.substr(begin, end - begin)) : std::string_view();
}

std::vector<Record> read_table(const std::vector<Line>& lines, std::size_t names, std::size_t most) {
  const std::vector<Column> columns = columns_of(lines[names].text);
  std::vector<Record> records;
  for (std::size_t i = names + 1; i < lines.size() && records.size() < most; ++i) {
    const Line& line = lines[i];
    if (line.text.empty() || line.text.find_first_not_of("- ") == std::string_view::npos) continue;
    Record record{{}, line.number, std::string(line.text), !line.ended};
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::size_t to = c + 1 < columns.size() ? columns[c + 1].from : SIZE_MAX;
      record.values.emplace(columns[c].name, slice(line.text, columns[c].from, to));
    }
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<Record> read_csv(const std::vector<Line>& lines, std::size_t names, std::size_t most) {
  std::vector<std::string> columns = csv_fields(lines[names].text);
  for (std::string& column : columns) column = lowered(trim(column));
  std::vector<Record> records;
  for (std::size_t i = names + 1; i < lines.size() && records.size() < most; ++i) {
    const Line& line = lines[i];
    if (line.text.empty()) continue;
    const std::vector<std::string> fields = csv_fields(line.text);
    if (fields.size() > 1 && lowered(trim(fields.back())) == columns.back()) continue;  // the names again
    Record record{{}, line.number, std::string(line.text), !line.ended};
    for (std::size_t c = 0; c < columns.size() && c < fields.size(); ++c)
      record.values.emplace(columns[c], trim(fields[c]));
    records.push_back(std::move(record));
  }
  return records;
}

std::vector<Record> read_list(const std::vector<Line>& lines, std::size_t most) {
  std::vector<Record> records;
  bool open = false;
  std::string name;
  std::string_view value;
  for (const Line& line : lines) {
    if (line.text.empty()) {
      open = false;
      continue;
    }
    if (!split_property(line.text, name, value)) continue;
    // wmic puts blank lines between objects; where they are lost, a name that comes again begins the next.
    if (!open || records.back().values.contains(name)) {
      if (records.size() == most) break;
      records.push_back({{}, line.number, std::string(line.text), false});
      open = true;
    }
    records.back().values.emplace(name, value);
    records.back().cut = !line.ended;
  }
  // All objects have the same properties: one with fewer is cut.
  if (records.size() > 1 && records.back().values.size() < records.front().values.size())
    records.back().cut = true;
  return records;
}

}  // namespace

Shape shape_of(std::string_view text, std::string_view key) { return find_shape(lines_of(text), key).shape; }

std::vector<Record> records_of(std::string_view text, std::string_view key, std::size_t most) {
  const std::vector<Line> lines = lines_of(text);
  const Found found = find_shape(lines, key);
  switch (found.shape) {
    case Shape::table:
      return read_table(lines, found.line, most);
    case Shape::csv:
      return read_csv(lines, found.line, most);
    case Shape::list:
      return read_list(lines, most);
    case Shape::none:
      break;
  }
  return {};
}

}  // namespace bansoko::inventory
