// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// sshd_config(5): "for each keyword, the first obtained value will be used". What stands behind a Match
/// holds for some connections only and is kept apart, as "sshd:match:passwordauthentication".
namespace bansoko::inventory::sshd_config {
namespace {

/// Keywords that may be said again, and then add to each other.
constexpr std::array<std::string_view, 9> kLists{"port",      "listenaddress", "hostkey",
                                                 "acceptenv", "allowusers",    "allowgroups",
                                                 "denyusers", "denygroups",    "subsystem"};

bool is_list(std::string_view keyword) noexcept {
  for (const std::string_view one : kLists)
    if (same_text(one, keyword)) return true;
  return false;
}

/// "Keyword value" or "Keyword=value".
NamedValue split_line(std::string_view line) noexcept {
  NamedValue made;
  made.name = line.substr(0, line.find_first_of(" \t="));
  line.remove_prefix(made.name.size());
  line = trim(line);
  if (line.starts_with('=')) line = trim(line.substr(1));
  made.value = unquoted(trim(before_comment(line, "#")));
  return made;
}

/// `in_match` is what it was when the file was included; a Match within it ends with it.
void read_lines(const Document& document, Config& config, bool in_match) {
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(lines.text());
    if (line.empty() || line.starts_with('#')) continue;
    const Place place{document, lines.number(), line};
    const auto [name, value] = split_line(line);
    if (same_text(name, "include")) {
      std::string_view patterns = value;
      for (std::string_view one = take_word(patterns); !one.empty(); one = take_word(patterns))
        config.follow(in_folder("/etc/ssh", unquoted(one)), place, true,
                      [&config, in_match](const Document& file) { read_lines(file, config, in_match); });
    } else if (same_text(name, "match")) {
      in_match = !same_text(value, "all");
      if (in_match) config.each("match", value, place);
    } else if (in_match) {
      config.each("match:" + std::string(name), value, place);
    } else if (is_list(name)) {
      config.each(name, value, place);
    } else {
      config.first(name, value, place);
    }
  }
}

void read_file(const Document& document, Config& config) { read_lines(document, config, false); }

constexpr ConfigFormat kFormat{"sshd", read_file};
constexpr std::array<std::string_view, 1> kPaths{"/etc/ssh/sshd_config"};

bool recognises(const Document& document) { return file_name(document.name) == "sshd_config"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "sshd-config",
                                 .title = "sshd_config of OpenSSH",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::sshd_config
