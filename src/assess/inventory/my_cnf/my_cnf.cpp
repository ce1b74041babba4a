// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// Option files of MySQL and MariaDB ("Using Option Files"): the groups that the server reads, the last value
/// holds, "_" and "-" are the same. An option without a value is "on".
namespace bansoko::inventory::my_cnf {
namespace {

bool is_group_of_server(std::string_view group) noexcept {
  for (const std::string_view one : {"mysqld", "server", "mariadb", "mariadbd"})
    if (group == one || (group.starts_with(one) && group.substr(one.size()).starts_with('-'))) return true;
  return false;
}

bool is_secret(std::string_view name) noexcept {
  return name == "password" || name == "master-password" || name == "wsrep-sst-auth";
}

void take_option(std::string_view line, const Place& place, Config& config) {
  const NamedValue option = split_at_equals(line).value_or(NamedValue{line, "on"});
  std::string name(option.name);
  for (char& c : name) c = c == '_' ? '-' : c;
  if (is_secret(name)) return;
  config.last(name, unquoted(option.value), place);
}

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  bool ours = false;
  while (lines.next()) {
    const std::string_view line = trim(before_comment(lines.text(), "#"));
    if (line.empty() || line.starts_with(';')) continue;
    const Place place{document, lines.number(), line};
    std::string_view rest = line;
    if (const auto group = section_of(line)) {
      ours = is_group_of_server(*group);
    } else if (const auto word = line.starts_with('!') ? take_word(rest) : ""; word == "!include") {
      config.follow(in_folder("/etc", trim(rest)), place, false,
                    [&config](const Document& file) { read_file(file, config); });
    } else if (word == "!includedir") {
      config.follow(fmt::format("{}/*.cnf", in_folder("/etc", trim(rest))), place, true,
                    [&config](const Document& file) { read_file(file, config); });
    } else if (ours && !line.starts_with('!')) {
      take_option(line, place, config);
    }
  }
}

constexpr ConfigFormat kFormat{"mysql", read_file};
constexpr std::array<std::string_view, 2> kPaths{"/etc/my.cnf", "/etc/mysql/my.cnf"};

bool recognises(const Document& document) {
  const std::string_view name = file_name(document.name);
  return name == "my.cnf" || name == "my.ini" || name == "mysqld.cnf" || name == "50-server.cnf";
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "my-cnf",
                                 .title = "my.cnf of MySQL or MariaDB",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::my_cnf
