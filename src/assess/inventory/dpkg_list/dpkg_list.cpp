// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <fmt/format.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/lines.h"
#include "assess/inventory/packages.h"
#include "assess/inventory/systems.h"
#include "base/text.h"

/// What `dpkg -l` prints. Its columns have fixed widths, which a line of "+++-====-====" tells; on a
/// terminal, or in old versions everywhere, names and versions that are wider are cut.
namespace bansoko::inventory::dpkg_list {
namespace {

struct Columns {
  std::size_t name_at = 0, name = 0, version_at = 0, version = 0, arch_at = 0, arch = 0;  // arch 0: none
  bool cuts = false;  // wider texts were cut at the width
};

std::optional<Columns> columns_of(std::string_view line) noexcept {
  if (!line.starts_with("+++-=")) return std::nullopt;
  std::array<std::size_t, 4> at{}, width{};
  std::size_t count = 0, position = 4;
  while (count < at.size() && position < line.size()) {
    const std::size_t end = std::min(line.find('-', position), line.size());
    at[count] = position;
    width[count++] = end - position;
    position = end + 1;
  }
  if (count < 3) return std::nullopt;
  Columns columns{.name_at = at[0], .name = width[0], .version_at = at[1], .version = width[1]};
  if (count == 4) {
    columns.arch_at = at[2];
    columns.arch = width[2];
  }
  // Without a limit each column is as wide as its widest text. With one, version and architecture have the
  // same width, and in versions without architectures name and version have.
  columns.cuts = columns.arch == 0 ? width[0] == width[1] : width[1] == width[2];
  return columns;
}

struct Row {
  std::string_view state = {};  // "ii", "rc", "iHR"
  std::string_view name = {}, version = {}, arch = {};
  bool name_cut = false, version_cut = false;
};

std::string_view column(std::string_view line, std::size_t at, std::size_t width) noexcept {
  return at >= line.size() ? std::string_view() : trim(line.substr(at, width));
}

Row row_of(std::string_view line, const std::optional<Columns>& columns) noexcept {
  Row row;
  std::string_view rest = line;
  row.state = take_word(rest);
  // A line whose columns are not where the heading says was printed by something else, or changed.
  const auto blank_at = [line](std::size_t at) { return at >= line.size() || line[at] == ' '; };
  if (columns && blank_at(columns->name_at + columns->name) &&
      blank_at(columns->version_at + columns->version)) {
    row.name = column(line, columns->name_at, columns->name);
    row.version = column(line, columns->version_at, columns->version);
    row.arch = column(line, columns->arch_at, columns->arch);
    row.name_cut = columns->cuts && row.name.size() == columns->name;
    row.version_cut = columns->cuts && row.version.size() == columns->version;
    return row;
  }
  row.name = take_word(rest);
  row.version = take_word(rest);
  row.arch = take_word(rest);
  if (arch_of(row.arch) == assess::Arch::unknown && row.arch != "all") row.arch = {};
  return row;
}

bool is_state(std::string_view word) noexcept {
  return word.size() >= 2 && word.size() <= 3 &&
         std::string_view("uirph").find(word[0]) != std::string_view::npos &&
         std::string_view("ncHUFWti").find(word[1]) != std::string_view::npos &&
         (word.size() == 2 || word[2] == 'R');
}

void take_row(const Row& row, const Document& document, const Lines& lines, Packages& packages) {
  const char state = row.state[1];
  if (state == 'n' || state == 'c' || state == 'H') return;
  if (state == 'U' || state == 'F') {
    packages.leave_out("unpacked but not configured, therefore not counted as installed", row.name,
                       lines.number());
    return;
  }
  if (row.name_cut) {
    packages.leave_out("whose name is cut at the width of its column (COLUMNS=250 dpkg -l shows it)",
                       row.name, lines.number());
    return;
  }
  const std::string_view name = row.name.substr(0, row.name.find(':'));
  if (name.empty() || row.version.empty()) {
    packages.leave_out("without a name or a version", row.name, lines.number());
    return;
  }
  assess::Component package{.kind = assess::ComponentKind::package, .ecosystem = assess::Ecosystem::deb};
  package.name = name;
  package.version = row.version;
  package.arch = row.arch;
  if (row.version_cut) {
    package.version.clear();
    packages.damaged("a version is cut at the width of its column (COLUMNS=250 dpkg -l shows it)",
                     lines.number(), lines.text());
  }
  package.evidence = evidence_of(document, lines.number(), lines.text());
  packages.add(std::move(package));
}

Result<std::vector<assess::Host>> read(const Document& document, const Limits& limits) {
  Packages packages(document, limits);
  std::optional<Columns> columns;
  Lines lines(document.bytes);
  while (lines.next()) {
    if (const auto found = columns_of(lines.text())) columns = found;
    std::string_view rest = lines.text();
    const std::string_view state = take_word(rest);
    if (!is_state(state) || lines.text().starts_with(' ')) continue;
    const Row row = row_of(lines.text(), columns);
    if (!lines.ended() && trim(rest).size() <= row.name.size() + row.version.size() + 1)
      packages.damaged(fmt::format("the list ends within line {}", lines.number()), lines.number(),
                       lines.text());
    take_row(row, document, lines, packages);
  }
  return std::vector<assess::Host>{std::move(packages).finish()};
}

bool recognises(const Document& document) {
  Lines lines(document.bytes);
  int rows = 0;
  for (int left = 30; left > 0 && lines.next(); --left) {
    if (lines.text().starts_with("+++-=")) return true;
    std::string_view rest = lines.text();
    const std::string_view state = take_word(rest);
    if (is_state(state) && rest.starts_with(' ') && !take_word(rest).empty() && !take_word(rest).empty())
      ++rows;
    else if (rows > 0)
      return false;
  }
  return rows > 0;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "dpkg-list", .title = "dpkg -l", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::dpkg_list
