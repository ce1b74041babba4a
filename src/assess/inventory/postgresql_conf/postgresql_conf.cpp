// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// postgresql.conf ("Parameter Interaction via the Configuration File"): "name = value" or "name value",
/// values with other characters in apostrophes, the last one holds.
namespace bansoko::inventory::postgresql_conf {
namespace {

NamedValue split_line(std::string_view line) noexcept {
  NamedValue made;
  made.name = line.substr(0, line.find_first_of(" \t="));
  line = trim(line.substr(made.name.size()));
  if (line.starts_with('=')) line = trim(line.substr(1));
  made.value = unquoted(line);
  return made;
}

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(before_comment(lines.text(), "#"));
    if (line.empty()) continue;
    const Place place{document, lines.number(), line};
    const auto [name, value] = split_line(line);
    const auto read = [&config](const Document& file) { read_file(file, config); };
    if (name == "include" || name == "include_if_exists")
      config.follow(std::string(value), place, name != "include", read);
    else if (name == "include_dir")
      config.follow(fmt::format("{}/*.conf", value), place, true, read);
    else
      config.last(name, value, place);
  }
}

constexpr ConfigFormat kFormat{"postgresql", read_file};
constexpr std::array<std::string_view, 3> kPaths{"/var/lib/pgsql/data/postgresql.conf",
                                                 "/var/lib/pgsql/*/data/postgresql.conf",
                                                 "/etc/postgresql/*/main/postgresql.conf"};

bool recognises(const Document& document) { return file_name(document.name) == "postgresql.conf"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "postgresql-conf",
                                 .title = "postgresql.conf of PostgreSQL",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::postgresql_conf
