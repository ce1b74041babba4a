// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/rpm_name.h"

#include <fmt/format.h>

#include "assess/inventory/systems.h"

namespace bansoko::inventory {
namespace {

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Names, versions and releases have none but these (rpm's macros manual, "Package naming").
bool is_part(std::string_view text) noexcept {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain && std::string_view("+._-~^%{}").find(c) == std::string_view::npos) return false;
  }
  return true;
}

std::string_view or_nothing(std::string_view text) noexcept {
  return text == "(none)" ? std::string_view() : text;
}

}  // namespace

bool is_rpm_arch(std::string_view text) noexcept {
  return text == "noarch" || text == "src" || text == "(none)" || text == "armv6hl" || text == "armv5tel" ||
         text == "geode" || text == "pentium3" || text == "x86_64_v2" || text == "x86_64_v3" ||
         arch_of(text) != assess::Arch::unknown;
}

std::optional<RpmName> parse_rpm_name(std::string_view text) noexcept {
  RpmName parts;
  if (const auto dot = text.rfind('.'); dot != std::string_view::npos && is_rpm_arch(text.substr(dot + 1))) {
    parts.arch = or_nothing(text.substr(dot + 1));
    text = text.substr(0, dot);
  }
  const auto release_at = text.rfind('-');
  if (release_at == std::string_view::npos || release_at == 0) return std::nullopt;
  const auto version_at = text.rfind('-', release_at - 1);
  if (version_at == std::string_view::npos || version_at == 0) return std::nullopt;
  parts.name = text.substr(0, version_at);
  parts.version = text.substr(version_at + 1, release_at - version_at - 1);
  parts.release = text.substr(release_at + 1);
  for (std::string_view* const part : {&parts.version, &parts.name}) {
    const auto colon = part->find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view epoch = or_nothing(part->substr(0, colon));
    if (!epoch.empty() && !is_digits(epoch)) return std::nullopt;
    if (!epoch.empty()) parts.epoch = epoch;
    part->remove_prefix(colon + 1);
  }
  const bool sound = is_part(parts.name) && is_part(parts.version) && is_part(parts.release) &&
                     (is_digits(parts.version.substr(0, 1)) || !parts.arch.empty() ||
                      parts.release.find_first_of("0123456789") != std::string_view::npos);
  return sound ? std::optional(parts) : std::nullopt;
}

assess::Component rpm_component(const RpmName& name, std::string_view source_rpm) {
  assess::Component made{.kind = assess::ComponentKind::package, .ecosystem = assess::Ecosystem::rpm};
  made.name = name.name;
  made.arch = or_nothing(name.arch);
  const std::string_view epoch = or_nothing(name.epoch);
  made.version = fmt::format("{}{}{}-{}", epoch, epoch.empty() ? "" : ":", name.version, name.release);
  constexpr std::string_view kEnd = ".rpm";
  source_rpm = or_nothing(source_rpm);
  if (source_rpm.ends_with(kEnd)) source_rpm.remove_suffix(kEnd.size());
  for (const std::string_view kind : {".src", ".nosrc"})
    if (source_rpm.ends_with(kind)) {
      source_rpm.remove_suffix(kind.size());
      break;
    }
  if (const auto source = parse_rpm_name(source_rpm)) {
    made.source_package = source->name;
    made.source_version = fmt::format("{}-{}", source->version, source->release);
  }
  return made;
}

}  // namespace bansoko::inventory
