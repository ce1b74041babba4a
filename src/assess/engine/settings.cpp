// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/settings.h"

#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "assess/model/role.h"
#include "base/text.h"

namespace bansoko::assess {
namespace {

using settings::Choice;
using settings::Section;

/// The parts of the settings file that other programs read.
constexpr std::array<std::string_view, 3> kOtherPrograms{"shield", "lockdown", "console"};

constexpr std::array<Choice<Exposure>, 4> kExposures{{{"derived", Exposure::derived},
                                                      {"internet", Exposure::internet},
                                                      {"internal", Exposure::internal},
                                                      {"isolated", Exposure::isolated}}};

void bind_roles(Section& section, std::vector<Role>& roles) {
  std::vector<std::string> names;
  names.reserve(roles.size());
  for (const Role role : roles) names.emplace_back(name_of(role));
  section.list(
      "roles", names,
      fmt::format("What it is for: {}. Empty: as its inventory tells.", fmt::join(kRoleNames, ", ")));
  roles.clear();
  for (const std::string& name : names) {
    const auto role = role_named(name);
    section.require("roles", role.has_value(),
                    fmt::format("'{}' is none of: {}", name, fmt::join(kRoleNames, ", ")));
    if (role) roles.push_back(*role);
  }
}

void bind_migration(Section& section, std::optional<Date>& migrate_by) {
  std::string day = migrate_by ? to_text(*migrate_by) : std::string();
  section.text("migrate_by", day,
               "The day by which another takes its place (2027-03-31). Empty: not planned.");
  const auto parsed = parse_date(day);
  section.require("migrate_by", day.empty() || parsed, fmt::format("'{}' is no day (2027-03-31)", day));
  migrate_by = parsed ? std::optional(*parsed) : std::nullopt;
}

void bind_note(Section& section, HostNote& note) {
  section.text("owner", note.owner, "Who answers for it.");
  bind_roles(section, note.roles);
  section.choice(
      "exposure", note.exposure, kExposures,
      "Who can reach it: anybody (internet), the own network (internal), or only those who need it "
      "(isolated). derived: what listens on it tells.");
  bind_migration(section, note.migrate_by);
  section.text("note", note.note, "Whatever its readers should know.");
}

settings::Part part_of(AssessSettings& s) {
  return {"assess", "Assessment: what is past its support, what is exposed, what to do first.",
          [&s](Section& section) {
            section.groups("hosts", s.hosts,
                           "What you know of hosts, by name or address. It counts before what their "
                           "inventories tell: owner, roles, exposure, migrate_by, note.",
                           bind_note);
            std::set<std::string> names;
            for (const auto& entry : s.hosts)
              section.require("hosts." + entry.first, names.insert(lowered(entry.first)).second,
                              fmt::format("'{}' stands here twice", entry.first));
          }};
}

}  // namespace

Result<AssessSettings> parse_settings(std::string_view text, std::string_view file,
                                      settings::Faults& faults) {
  AssessSettings read;
  const std::size_t before = faults.size();
  if (!settings::read(text, file, part_of(read), kOtherPrograms, faults))
    return fail(Errc::invalid, "{}", to_text(faults[before]));
  AssessSettings made;
  for (auto& [name, note] : read.hosts) made.hosts.insert_or_assign(lowered(name), std::move(note));
  return made;
}

std::string settings_yaml(AssessSettings settings, settings::Comments comments) {
  return settings::write(part_of(settings), comments);
}

const HostNote* note_of(const Host& host, const HostNotes& notes) {
  const auto find = [&notes](std::string_view name) {
    const auto found = notes.find(lowered(name));
    return found == notes.end() ? nullptr : &found->second;
  };
  if (const HostNote* const whole = find(host.name)) return whole;
  for (const std::string& address : host.addresses)
    if (const HostNote* const known = find(address)) return known;
  return find(host.name.substr(0, host.name.find('.')));
}

}  // namespace bansoko::assess
