// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/records_of.h"

#include <algorithm>

#include "assess/inventory/code_page.h"
#include "assess/inventory/text.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

constexpr std::size_t kLongestNames = 65536;  // of the line of names
constexpr std::size_t kShown = 1024;          // of a row, as evidence

struct Column {
  std::string name;
  std::size_t from;  // in characters, not in bytes
};

struct Located {
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

Located find_shape(const std::vector<Line>& lines, std::string_view key) {
  for (std::size_t i = 0; i < lines.size() && i < 4096; ++i) {
    const std::string_view line = lines[i].text;
    if (line.empty() || line.size() > kLongestNames || !has(line, key)) continue;
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

/// The parts of a line below each column.
std::vector<std::string_view> cells(std::string_view line, const std::vector<Column>& columns) {
  std::vector<std::size_t> begins;
  std::size_t at = 0;  // in characters
  for (std::size_t i = 0; i < line.size() && begins.size() < columns.size(); ++at) {
    if (at == columns[begins.size()].from) begins.push_back(i);
    i += next_character(line.substr(i)).size;
  }
  begins.resize(columns.size() + 1, line.size());
  std::vector<std::string_view> made;
  for (std::size_t c = 0; c < columns.size(); ++c)
    made.push_back(trim(line.substr(begins[c], begins[c + 1] - begins[c])));
  return made;
}

/// Objects on their way, within what is kept of all together.
class Kept {
 public:
  explicit Kept(std::size_t most) noexcept : most_(most) {}

  /// False: no more fit, and the last one says so.
  bool open(Record record) {
    if (records_.size() == most_) return false;
    records_.push_back(std::move(record));
    return true;
  }
  void put(std::string_view name, std::string_view value) {
    constexpr std::size_t kMostValues = 2'000'000;
    if (values_ == kMostValues || records_.back().values.size() == kMostFields) {
      records_.back().cut = true;
      return;
    }
    if (records_.back().values.emplace(name, value).second) ++values_;
  }
  std::vector<Record>& records() noexcept { return records_; }

 private:
  std::size_t most_;
  std::size_t values_ = 0;
  std::vector<Record> records_;
};

std::vector<Record> read_table(const std::vector<Line>& lines, std::size_t names, std::size_t most) {
  const std::vector<Column> columns = columns_of(lines[names].text);
  Kept kept(most);
  for (std::size_t i = names + 1; i < lines.size(); ++i) {
    const Line& line = lines[i];
    if (line.text.empty() || line.text.find_first_not_of("- ") == std::string_view::npos) continue;
    if (!kept.open({{}, line.number, std::string(line.text.substr(0, kShown)), !line.ended})) break;
    const std::vector<std::string_view> values = cells(line.text, columns);
    for (std::size_t c = 0; c < columns.size(); ++c) kept.put(columns[c].name, values[c]);
  }
  return std::move(kept.records());
}

std::vector<Record> read_csv(const std::vector<Line>& lines, std::size_t names, std::size_t most) {
  std::vector<std::string> columns = csv_fields(lines[names].text);
  for (std::string& column : columns) column = lowered(trim(column));
  Kept kept(most);
  for (std::size_t i = names + 1; i < lines.size(); ++i) {
    const Line& line = lines[i];
    if (line.text.empty()) continue;
    const std::vector<std::string> fields = csv_fields(line.text);
    if (fields.size() > 1 && lowered(trim(fields.back())) == columns.back()) continue;  // the names again
    if (!kept.open({{}, line.number, std::string(line.text.substr(0, kShown)), !line.ended})) break;
    for (std::size_t c = 0; c < columns.size() && c < fields.size(); ++c)
      kept.put(columns[c], trim(fields[c]));
  }
  return std::move(kept.records());
}

std::vector<Record> read_list(const std::vector<Line>& lines, std::size_t most) {
  Kept kept(most);
  std::vector<Record>& records = kept.records();
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
      if (!kept.open({{}, line.number, std::string(line.text.substr(0, kShown)), false})) break;
      open = true;
    }
    kept.put(name, value);
    records.back().cut = records.back().cut || !line.ended;
  }
  // All objects have the same properties: one with fewer is cut.
  if (records.size() > 1 && records.back().values.size() < records.front().values.size())
    records.back().cut = true;
  return std::move(records);
}

}  // namespace

Shape shape_of(std::string_view text, std::string_view key) { return find_shape(lines_of(text), key).shape; }

std::vector<Record> records_of(std::string_view text, std::string_view key, std::size_t most) {
  const std::vector<Line> lines = lines_of(text);
  const Located found = find_shape(lines, key);
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
