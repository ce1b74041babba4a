// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "assess/inventory/config.h"
#include "assess/inventory/lines.h"
#include "base/text.h"

/// sysctl.conf(5) and sysctl.d(5): "net.ipv4.ip_forward = 0", also with slashes; the last value holds. A "-"
/// in front means that a failure is no error.
namespace bansoko::inventory::sysctl_conf {
namespace {

void read_file(const Document& document, Config& config) {
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(lines.text());
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    const auto option = split_at_equals(line);
    if (!option) continue;
    std::string name(option->name.starts_with('-') ? option->name.substr(1) : option->name);
    for (char& c : name) c = c == '/' ? '.' : c;
    config.last(name, option->value, {document, lines.number(), line});
  }
}

constexpr ConfigFormat kFormat{"sysctl", read_file};
constexpr std::array<std::string_view, 4> kPaths{"/usr/lib/sysctl.d/*.conf", "/run/sysctl.d/*.conf",
                                                 "/etc/sysctl.d/*.conf", "/etc/sysctl.conf"};

bool recognises(const Document& document) { return file_name(document.name) == "sysctl.conf"; }

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "sysctl-conf",
                                 .title = "sysctl.conf of the kernel's settings",
                                 .recognises = recognises,
                                 .read = read_alone<kFormat>,
                                 .paths = kPaths,
                                 .read_within = read_within<kFormat>};
  return source;
}

}  // namespace bansoko::inventory::sysctl_conf
