// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/lines.h"
#include "assess/inventory/packages.h"
#include "base/printable.h"
#include "base/text.h"

/// What dpkg keeps of its packages: deb822(5) stanzas with the fields of deb-control(5) and the states of
/// dpkg(1). Images without dpkg ("distroless") have one file per package in status.d, without a Status.
namespace bansoko::inventory::dpkg_status {
namespace {

struct Stanza {
  std::string_view package = {}, status = {}, version = {}, architecture = {}, source = {};
  std::uint32_t line = 0;  // of the package's name, else of the first field; 0: it has no field
};

/// The third word of "install ok installed".
std::string_view state_of(const Stanza& stanza) noexcept {
  std::string_view rest = stanza.status;
  take_word(rest);
  take_word(rest);
  return take_word(rest);
}

void add_installed(const Stanza& stanza, const Document& document, Packages& packages) {
  assess::Component package{.kind = assess::ComponentKind::package, .ecosystem = assess::Ecosystem::deb};
  package.name = stanza.package;
  package.version = stanza.version;
  package.arch = stanza.architecture;
  // "Source: git (1:2.14)": the version is there only where it differs.
  std::string_view source = stanza.source;
  package.source_package = take_word(source);
  source = trim(source);
  if (source.starts_with('(') && source.ends_with(')'))
    package.source_version = source.substr(1, source.size() - 2);
  package.evidence = evidence_of(document, stanza.line, fmt::format("Package: {}", stanza.package));
  packages.add(std::move(package));
}

/// Some states have their files on the disk and are not set up.
constexpr std::array<std::string_view, 2> kOnDisk{"unpacked", "half-configured"};
constexpr std::array<std::string_view, 3> kInstalled{"installed", "triggers-awaited", "triggers-pending"};
constexpr std::array<std::string_view, 3> kNotInstalled{"not-installed", "config-files", "half-installed"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) noexcept {
  for (const std::string_view one : words)
    if (one == word) return true;
  return false;
}

void take_stanza(const Stanza& stanza, bool without_status, const Document& document, Packages& packages) {
  if (stanza.line == 0) return;
  const std::string_view state = stanza.status.empty() && without_status ? "installed" : state_of(stanza);
  const std::string_view name = stanza.package.empty() ? "no name" : stanza.package;
  if (is_one_of(state, kNotInstalled)) return;
  if (is_one_of(state, kOnDisk))
    packages.leave_out("unpacked but not configured, therefore not counted as installed", name, stanza.line);
  else if (!is_one_of(state, kInstalled))
    packages.leave_out("without a state that dpkg knows", name, stanza.line);
  else if (stanza.package.empty())
    packages.leave_out("without a name", fmt::format("line {}", stanza.line), stanza.line);
  else if (stanza.version.empty())
    packages.leave_out("without a version", name, stanza.line);
  else
    add_installed(stanza, document, packages);
}

void take_field(Stanza& stanza, std::string_view name, std::string_view value, std::uint32_t line) {
  struct Field {
    std::string_view name;
    std::string_view Stanza::*member;
  };
  static constexpr Field kFields[] = {
      {"Package", &Stanza::package},           {"Status", &Stanza::status}, {"Version", &Stanza::version},
      {"Architecture", &Stanza::architecture}, {"Source", &Stanza::source},
  };
  if (stanza.line == 0 || same_text(name, "Package")) stanza.line = line;
  for (const Field& field : kFields)
    if (same_text(field.name, name) && (stanza.*field.member).empty()) stanza.*field.member = value;
}

/// Whether nothing in the file has a state, as in status.d.
bool has_no_status(const Document& document) noexcept {
  return document.name.find("status.d/") != std::string::npos ||
         (!document.bytes.starts_with("Status:") && document.bytes.find("\nStatus:") == std::string::npos);
}

Result<std::vector<assess::Host>> read(const Document& document, const Limits& limits) {
  Packages packages(document, limits);
  const bool without_status = has_no_status(document);
  Stanza stanza;
  Lines lines(document.bytes);
  bool any = false;
  while (lines.next()) {
    const std::string_view line = lines.text();
    if (trim(line).empty()) {
      take_stanza(stanza, without_status, document, packages);
      stanza = {};
      continue;
    }
    if (line.front() == ' ' || line.front() == '\t' || line.front() == '#') continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      if (!any)
        return fail(Errc::invalid, "{}:{}: '{}' is no field of a package", document.name, lines.number(),
                    printable(line.substr(0, 40)));
      packages.damaged("a line is no field of a package", lines.number(), line);
      continue;
    }
    any = true;
    take_field(stanza, line.substr(0, colon), trim(line.substr(colon + 1)), lines.number());
  }
  if (!lines.ended()) {
    packages.damaged(fmt::format("the file ends within line {}, in package '{}'", lines.number(),
                                 kept_text(stanza.package, 64)),
                     lines.number(), lines.text());
    return std::vector<assess::Host>{std::move(packages).finish()};  // half a version is none
  }
  take_stanza(stanza, without_status, document, packages);
  return std::vector<assess::Host>{std::move(packages).finish()};
}

bool recognises(const Document& document) {
  const bool known_place = document.name.ends_with("dpkg/status");
  if (known_place && document.bytes.empty()) return true;
  Lines lines(document.bytes);
  bool package = false, version = false;
  for (int left = 200; left > 0 && lines.next(); --left) {
    package = package || lines.text().starts_with("Package: ");
    version = version || lines.text().starts_with("Version: ") || lines.text().starts_with("Status: ");
    if (lines.number() == 1 && lines.text().find(": ") == std::string_view::npos) return false;
  }
  return package && version;
}

constexpr std::array<std::string_view, 2> kPaths{"/var/lib/dpkg/status", "/var/lib/dpkg/status.d/*"};

}  // namespace

const Source& describe() {
  static constexpr Source source{.name = "dpkg-status",
                                 .title = "the status file of dpkg",
                                 .recognises = recognises,
                                 .read = read,
                                 .paths = kPaths};
  return source;
}

}  // namespace bansoko::inventory::dpkg_status
