// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <fmt/format.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/lines.h"
#include "assess/inventory/packages.h"
#include "assess/inventory/rpm_name.h"
#include "base/text.h"

/// What `rpm -qa` prints: a name with version and release a line (rpm(8)), with or without architecture and
/// epoch, `--last` included; or columns of a --queryformat: name, epoch, version, release, architecture and,
/// if it is there, the source package and more.
namespace bansoko::inventory::rpm_qa {
namespace {

constexpr std::size_t kMostColumns = 8;

struct Row {
  RpmName name = {};
  std::string_view source_rpm = {};
};

struct Fields {
  std::array<std::string_view, kMostColumns> values = {};
  std::size_t count = 0;
};

/// Separated by tabs if there is one, else by blanks.
Fields split(std::string_view line) noexcept {
  Fields fields;
  const bool tabs = line.find('\t') != std::string_view::npos;
  while (!line.empty() && fields.count < fields.values.size()) {
    if (!tabs) {
      fields.values[fields.count] = take_word(line);
      if (fields.values[fields.count].empty()) break;
    } else {
      fields.values[fields.count] = trim(line.substr(0, line.find('\t')));
      line.remove_prefix(std::min(
          line.size(), line.find('\t') == std::string_view::npos ? line.size() : line.find('\t') + 1));
    }
    ++fields.count;
  }
  return fields;
}

bool is_epoch(std::string_view text) noexcept {
  return text == "(none)" ||
         (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos);
}

std::optional<Row> row_of(std::string_view line) noexcept {
  const Fields fields = split(line);
  if (fields.count == 0) return std::nullopt;
  if (fields.count >= 5 && is_epoch(fields.values[1]) && is_rpm_arch(fields.values[4])) {
    const auto& at = fields.values;
    return Row{{.name = at[0], .epoch = at[1], .version = at[2], .release = at[3], .arch = at[4]}, at[5]};
  }
  // `--last` puts the time of the installation behind the name.
  if (const auto name = parse_rpm_name(fields.values[0]); name && (fields.count == 1 || fields.count >= 5))
    return Row{.name = *name};
  return std::nullopt;
}

bool is_heading(std::string_view line) noexcept {
  const Fields fields = split(line);
  return fields.count >= 4 && same_text(fields.values[0], "name") && same_text(fields.values[1], "epoch");
}

Result<std::vector<assess::Host>> read(const Document& document, const Limits& limits) {
  Packages packages(document, limits);
  Lines lines(document.bytes);
  bool has_arch = false;
  while (lines.next()) {
    const std::string_view line = trim(lines.text());
    if (line.empty() || line.starts_with('#') || is_heading(line)) continue;
    const auto row = row_of(line);
    const bool cut = !lines.ended() && has_arch && row && row->name.arch.empty();
    if (!row || cut) {
      packages.damaged(cut || !lines.ended() ? "the list ends within a line" : "a line is no package",
                       lines.number(), lines.text());
      continue;
    }
    has_arch = has_arch || !row->name.arch.empty();
    assess::Component package = rpm_component(row->name, row->source_rpm);
    package.evidence = evidence_of(document, lines.number(), lines.text());
    packages.add(std::move(package));
  }
  return std::vector<assess::Host>{std::move(packages).finish()};
}

bool recognises(const Document& document) {
  constexpr int kLines = 30;
  Lines lines(document.bytes);
  int rows = 0, others = 0;
  for (int left = kLines; left > 0 && lines.next(); --left) {
    const std::string_view line = trim(lines.text());
    if (is_heading(line)) return true;
    if (line.empty()) continue;
    ++(row_of(line) ? rows : others);
  }
  return rows > 0 && others * 10 <= rows;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{
      .name = "rpm-qa", .title = "rpm -qa", .recognises = recognises, .read = read};
  return source;
}

}  // namespace bansoko::inventory::rpm_qa
