// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include <fmt/format.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/lines.h"
#include "assess/inventory/systems.h"
#include "base/printable.h"
#include "base/text.h"

/// The files in which a Unix system says which it is: os-release(5), lsb-release, and the older ones, each
/// of one line in its maker's words.
namespace bansoko::inventory::os_release {
namespace {

struct Maker {
  std::string_view begins;
  std::string_view id;
};

/// How the line of /etc/redhat-release and its like begins.
constexpr Maker kMakers[] = {
    {"CentOS", "centos"},
    {"Red Hat Enterprise Linux", "rhel"},
    {"Oracle Linux", "ol"},
    {"Enterprise Linux Enterprise Linux", "ol"},
    {"AlmaLinux", "almalinux"},
    {"Rocky Linux", "rocky"},
    {"Fedora", "fedora"},
    {"Scientific Linux", "scientific"},
    {"Amazon Linux", "amzn"},
    {"SUSE Linux Enterprise Server", "sles"},
    {"SUSE Linux Enterprise Desktop", "sled"},
    {"openSUSE", "opensuse"},
};

/// The first number: "7.9.2009" of "CentOS Linux release 7.9.2009 (Core)".
std::string_view first_number(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  std::string_view number = text.substr(0, text.find_first_not_of("0123456789."));
  while (number.ends_with('.')) number.remove_suffix(1);
  return number;
}

using Values = std::map<std::string, std::string, std::less<>>;

struct Settings {
  Values values = {};
  std::uint32_t named_at = 0;  // line of ID, NAME or the like
  std::string_view named_by = {};
  bool sound = true;
};

/// "NAME=value" with the quoting of a shell.
Settings parse_values(const Document& document, const Limits& limits) {
  Settings settings;
  Lines lines(document.bytes);
  while (lines.next()) {
    const std::string_view line = trim(lines.text());
    if (line.empty() || line.starts_with('#')) continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
      settings.sound = false;
      continue;
    }
    const std::string_view name = trim(line.substr(0, equals));
    if (name == "ID" || name == "DISTRIB_ID") {
      settings.named_at = lines.number();
      settings.named_by = line;
    }
    constexpr std::size_t kMaxNames = 200;
    if (settings.values.size() < kMaxNames)
      settings.values.insert_or_assign(kept_text(name, limits.max_text),
                                       kept_text(unquoted(trim(line.substr(equals + 1))), limits.max_text));
  }
  return settings;
}

std::string value_of(const Values& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

/// Identifiers of lsb-release that differ from those of os-release.
std::string id_of_lsb(std::string_view name) {
  std::string id = lowered(name);
  if (id.starts_with("redhat")) return "rhel";
  if (id.starts_with("suse linux")) return "sles";
  return id;
}

assess::OperatingSystem of_values(const Settings& settings, const Document& document) {
  const Values& values = settings.values;
  assess::OperatingSystem system;
  const bool lsb = values.contains("DISTRIB_ID");
  const std::string id = lsb ? id_of_lsb(value_of(values, "DISTRIB_ID")) : lowered(value_of(values, "ID"));
  system.product = product_of_id(id);
  system.version = value_of(values, lsb ? "DISTRIB_RELEASE" : "VERSION_ID");
  system.name = value_of(values, lsb ? "DISTRIB_DESCRIPTION" : "PRETTY_NAME");
  if (system.name.empty()) system.name = value_of(values, lsb ? "DISTRIB_ID" : "NAME");
  if (system.name.empty()) system.name = id;
  if (system.name.find("Stream") != std::string::npos && id == "centos") system.edition = "stream";
  if (lsb && system.version.find_first_not_of("0123456789.") != std::string::npos) system.version.clear();
  system.evidence = evidence_of(document, settings.named_at, settings.named_by);
  return system;
}

/// "12.11", or for releases that are not out yet "trixie/sid".
assess::OperatingSystem of_debian_version(const Document& document) {
  assess::OperatingSystem system;
  Lines lines(document.bytes);
  if (!lines.next()) return system;
  const std::string_view line = trim(lines.text());
  system.evidence = evidence_of(document, 1, line);
  if (line.find_first_not_of("0123456789.") != std::string_view::npos || line.empty()) return system;
  system.product = product_of_id("debian");
  system.version = line;
  system.name = fmt::format("Debian {}", line);
  return system;
}

/// The later lines of SuSE-release are "VERSION = 11" and "PATCHLEVEL = 3".
void add_suse_version(Lines& lines, assess::OperatingSystem& system) {
  std::string version, patch;
  while (lines.next()) {
    const std::string_view line = lines.text();
    if (line.starts_with("VERSION")) version = first_number(line);
    if (line.starts_with("PATCHLEVEL")) patch = first_number(line);
  }
  if (!version.empty()) system.version = version;
  if (!patch.empty() && patch != "0") system.version += "." + patch;
}

assess::OperatingSystem of_line(const Document& document, const Limits& limits) {
  assess::OperatingSystem system;
  Lines lines(document.bytes);
  if (!lines.next()) return system;
  const std::string_view line = trim(lines.text());
  system.evidence = evidence_of(document, 1, line);
  system.name = kept_text(line, limits.max_text);
  for (const Maker& maker : kMakers) {
    if (!line.starts_with(maker.begins)) continue;
    system.product = product_of_id(maker.id);
    if (line.starts_with("openSUSE Leap")) system.product = product_of_id("opensuse-leap");
    system.version = first_number(line);
    if (line.find("Stream") != std::string_view::npos) system.edition = "stream";
    if (line.find("SUSE") != std::string_view::npos) add_suse_version(lines, system);
    // "release 5 (Tikanga)" of updates: "release 5.8 (Tikanga)"; "Update 4" of version 4 says it apart.
    if (const auto update = line.find(" Update "); update != std::string_view::npos)
      system.version = fmt::format("{}.{}", system.version, first_number(line.substr(update)));
    break;
  }
  return system;
}

bool has_values(const Document& document) noexcept {
  const std::string_view text = document.bytes;
  for (const std::string_view name : {"ID=", "NAME=", "PRETTY_NAME=", "DISTRIB_ID="}) {
    const auto at = text.find(name);
    if (at != std::string_view::npos && (at == 0 || text[at - 1] == '\n')) return true;
  }
  return false;
}

Result<std::vector<assess::Host>> read(const Document& document, const Limits& limits) {
  assess::Host host;
  host.sources.push_back(document.name);
  if (has_values(document)) {
    const Settings settings = parse_values(document, limits);
    host.os = of_values(settings, document);
    if (!settings.sound)
      note(host, assess::Gap::unreadable, "a line is no NAME=value", evidence_of(document, 0, ""));
  } else if (file_name(document.name) == "debian_version") {
    host.os = of_debian_version(document);
  } else {
    host.os = of_line(document, limits);
  }
  if (host.os.product.empty())
    note(host, assess::Gap::no_os, fmt::format("'{}' is no system that is known", host.os.name),
         host.os.evidence);
  note(host, assess::Gap::no_packages, "the file says only which system it is", host.os.evidence);
  return std::vector<assess::Host>{std::move(host)};
}

// From the most general to the most exact: what a later one knows better refines the earlier.
constexpr std::array<std::string_view, 12> kPaths{
    "/usr/lib/os-release", "/etc/os-release",     "/etc/lsb-release",    "/etc/debian_version",
    "/etc/SuSE-release",   "/etc/system-release", "/etc/redhat-release", "/etc/oracle-release",
    "/etc/fedora-release", "/etc/rocky-release",  "/etc/centos-release", "/etc/almalinux-release"};

bool recognises(const Document& document) {
  const std::string_view name = file_name(document.name);
  for (const std::string_view path : kPaths)
    if (name == file_name(path)) return true;
  const std::string_view text = document.bytes;
  const bool ours = text.find("VERSION_ID=") != std::string_view::npos ||
                    text.find("DISTRIB_RELEASE=") != std::string_view::npos;
  if (ours) return has_values(document);
  constexpr std::size_t kLongest = 200;
  for (const Maker& maker : kMakers)
    if (text.starts_with(maker.begins) && text.size() < kLongest &&
        (text.find(" release ") != std::string_view::npos || text.find("VERSION") != std::string_view::npos))
      return true;
  return false;
}

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "os-release",
                                 .title = "os-release and the older files that say which system it is",
                                 .recognises = recognises,
                                 .read = read,
                                 .paths = kPaths};
  return source;
}

}  // namespace bansoko::inventory::os_release
