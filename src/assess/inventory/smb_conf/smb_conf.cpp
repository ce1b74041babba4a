// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// smb.conf(5) of Samba: names of parameters count without their case and with single blanks; the last value
/// holds. Those of [global] are "samba:server min protocol"; of the shares all values are kept together, as
/// "samba:share:hosts allow", and "samba:share:guest ok" is "yes" as soon as one share says so.
namespace bansoko::inventory::smb_conf {
namespace {

struct Synonym {
  std::string_view name;
  std::string_view known_as;
};

constexpr Synonym kSynonyms[] = {
    {"min protocol", "server min protocol"},
    {"max protocol", "server max protocol"},
    {"protocol", "server max protocol"},
    {"public", "guest ok"},
    {"allow hosts", "hosts allow"},
    {"deny hosts", "hosts deny"},
    {"writeable", "writable"},
    {"browsable", "browseable"},
    {"only guest", "guest only"},
    {"root", "root directory"},
};

std::string plain_name(std::string_view text) {
  std::string made;
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text))
    made += (made.empty() ? "" : " ") + lowered(word);
  for (const Synonym& row : kSynonyms)
    if (row.name == made) return std::string(row.known_as);
  return made;
}

struct State {
  bool global = true;  // parameters before any section are global
};

void read_lines(const Document& document, Config& config, State& state) {
  each_joined_line(document.bytes, [&](std::string_view line, std::uint32_t number) {
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) return;
    const Place place{document, number, line};
    if (const auto section = section_of(line)) {
      state.global = same_text(*section, "global");
      if (!state.global) config.each("shares", *section, place);
      return;
    }
    const auto parameter = split_at_equals(line);
    if (!parameter) return;
    const std::string name = plain_name(parameter->name);
    if (name == "include" || name == "config file") {
      // A "%" is put in when a client connects.
      if (parameter->value.find('%') == std::string_view::npos)
        config.follow(in_folder("/etc/samba", parameter->value), place, true,
                      [&](const Document& file) { read_lines(file, config, state); });
    } else if (state.global) {
      config.last(name, parameter->value, place);
    } else if (name == "guest ok" || name == "guest only") {
      config.any("share:" + name, is_yes(parameter->value), place);
    } else {
      config.each("share:" + name, parameter->value, place);
    }
  });
}

void read_file(const Document& document, Config& config) {
  State state;
  read_lines(document, config, state);
}

constexpr ConfigFormat kFormat{"samba", read_file};
constexpr std::array<std::string_view, 2> kPaths{"/usr/local/samba/lib/smb.conf", "/etc/samba/smb.conf"};

bool recognises(const Document& document) { return file_name(document.name) == "smb.conf"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "smb-conf",
                                 .title = "smb.conf of Samba",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::smb_conf
