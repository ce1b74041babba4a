// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/plan.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "lockdown/harden/filter.h"
#include "lockdown/harden/options.h"

namespace bansoko::harden {
namespace {

// Their sessions, jobs and containers inherit every restriction: sudo would fail for whoever logs in.
constexpr std::array<std::string_view, 23> kParents{
    "ssh",       "sshd",       "cron",         "crond",         "anacron",
    "atd",       "getty",      "serial-getty", "console-getty", "container-getty",
    "user",      "gdm",        "lightdm",      "sddm",          "xrdp-sesman",
    "docker",    "containerd", "crio",         "kubelet",       "libvirtd",
    "virtqemud", "lxc",        "dbus"};

/// The unit's User= is another than root: systemd then adds NoNewPrivileges to many settings by itself.
bool gives_up_root(const Facts& facts) {
  const std::string_view user = property(facts.unit, "User");
  return (!user.empty() && user != "root" && user != "0") || property(facts.unit, "DynamicUser") == "yes";
}

const std::string* seen(const Facts& facts, Habit habit) {
  if (facts.learned) {
    const auto found = facts.learned->habits.find(habit);
    if (found != facts.learned->habits.end()) return &found->second;
  }
  const auto found = facts.now.habits.find(habit);
  return found == facts.now.habits.end() ? nullptr : &found->second;
}

/// Before 4.14 a policy could not allow a change of domain under NoNewPrivileges: the service would run in
/// systemd's own domain, or not at all (kernel: selinux, nnp_nosuid_transition).
bool selinux_forbids_no_rights(const Facts& facts) {
  const KernelState& kernel = facts.kernel;
  return kernel.selinux_enforcing && (kernel.major < 4 || (kernel.major == 4 && kernel.minor < 14));
}

std::optional<std::string> no_rights_hindered(const Facts& facts) {
  if (selinux_forbids_no_rights(facts))
    return fmt::format(
        "SELinux enforces, and before Linux 4.14 it lets no service change its domain under it; this "
        "is {}.{}",
        facts.kernel.major, facts.kernel.minor);
  if (const std::string* where = seen(facts, Habit::gains_rights); where != nullptr) return *where;
  return std::nullopt;
}

/// What the unit has by itself. Lists are added up by systemd, so ours would widen the unit's own.
bool has_by_itself(const Facts& facts, const Option& option) {
  const std::string_view value = property(facts.unit, option.name);
  if (option.name == "SystemCallFilter") return false;
  if (option.name == "SystemCallErrorNumber") {
    const std::string_view filter = property(facts.unit, "SystemCallFilter");
    return !filter.empty() && filter != "~";
  }
  // 2114060288: the bits of all namespaces, as systemd before 235 shows that none is restricted.
  constexpr std::array<std::string_view, 4> kUnset{"", "no", "~", "2114060288"};
  return std::find(kUnset.begin(), kUnset.end(), value) == kUnset.end();
}

std::optional<std::string> hindrance(const Facts& facts, const Option& option) {
  if (option.by_seccomp && !facts.manager.seccomp)
    return "this systemd was built without system call filters";
  if (option.by_seccomp && !facts.kernel.seccomp) return "this kernel has no system call filters";
  if (option.name == "NoNewPrivileges") return no_rights_hindered(facts);
  if (option.hinders)
    if (const std::string* where = seen(facts, *option.hinders); where != nullptr) return *where;
  if (option.needs_no_rights && gives_up_root(facts)) {
    if (const auto why = no_rights_hindered(facts); why)
      return "in a unit with User= it brings NoNewPrivileges with it, and that is left out: " + *why;
  }
  return std::nullopt;
}

std::string families(const Facts& facts) {
  // Name services ask over all of these, whether or not the service itself has a socket of the family now.
  std::set<std::string> all{"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"};
  all.insert(facts.now.families.begin(), facts.now.families.end());
  if (facts.learned) all.insert(facts.learned->families.begin(), facts.learned->families.end());
  return fmt::format("{}", fmt::join(all, " "));
}

Line plain_line(const Facts& facts, const Option& option) {
  Line line{Choice::set, std::string(option.name), std::string(option.value), std::string(option.reason),
            std::string(option.may_break)};
  if (option.name == "RestrictAddressFamilies") line.value = families(facts);
  return line;
}

void add_too_old(const Facts& facts, const Option& option, Plan& plan) {
  plan.lines.push_back({Choice::too_old,
                        std::string(option.name),
                        std::string(option.value),
                        fmt::format("systemd {} does not know it; from {} on: {}", facts.manager.version,
                                    option.since, option.reason),
                        {}});
  const Substitute* instead = substitute_for(option.name);
  if (instead == nullptr || (option.hinders && seen(facts, *option.hinders) != nullptr)) return;
  plan.lines.push_back({Choice::set, std::string(instead->name), std::string(instead->value),
                        std::string(instead->reason), std::string(option.may_break)});
}

void add_option(const Facts& facts, const Option& option, Plan& plan) {
  if (facts.manager.version < option.since) return add_too_old(facts, option, plan);
  if (has_by_itself(facts, option)) {
    plan.lines.push_back({Choice::already,
                          std::string(option.name),
                          std::string(property(facts.unit, option.name)),
                          "the unit has it by itself",
                          {}});
    return;
  }
  if (auto why = hindrance(facts, option); why) {
    plan.lines.push_back({Choice::left_out, std::string(option.name), std::string(option.value), *why, {}});
    return;
  }
  if (option.name != "SystemCallFilter") {
    plan.lines.push_back(plain_line(facts, option));
    return;
  }
  for (Line& line : filter_lines(facts)) plan.lines.push_back(std::move(line));
}

void add_notes(const Facts& facts, Plan& plan) {
  if (facts.now.processes == 0)
    plan.notes.emplace_back("the service does not run now: nothing was seen of what it uses");
  if (!facts.learned)
    plan.notes.emplace_back(
        "nothing was learned yet: the filter refuses only what no ordinary service needs (--learn)");
  else if (!facts.learned->saw_start)
    plan.notes.emplace_back(
        "what was learned has no start of the service in it, so the filter does not use it (--learn TIME "
        "--restart)");
  if (facts.learned && facts.learned->lost > 0)
    plan.notes.push_back(fmt::format(
        "while learning, {} samples were lost: a call that is rare may be missing", facts.learned->lost));
  if (facts.strict && !may_be_strict(facts))
    plan.notes.emplace_back(
        "--strict has no effect: it needs a learned start, and a unit without a filter of its own");
}

}  // namespace

std::optional<std::string> refusal(const Facts& facts) {
  if (property(facts.unit, "LoadState") != "loaded")
    return fmt::format("systemd has no unit of this name (LoadState={})", property(facts.unit, "LoadState"));
  std::string_view stem = facts.service;
  stem = stem.substr(0, stem.find_first_of("@."));
  if (stem.substr(0, 8) == "systemd-" || stem.substr(0, 7) == "bansoko")
    return "systemd's and Bansoko's own services have the restrictions that they can bear";
  if (std::find(kParents.begin(), kParents.end(), stem) != kParents.end())
    return "sessions, jobs and containers that it starts would inherit every restriction";
  return std::nullopt;
}

Plan make_plan(const Facts& facts) {
  Plan plan{facts.service, {}, {}};
  for (const Option& option : all_options()) add_option(facts, option, plan);
  add_notes(facts, plan);
  return plan;
}

}  // namespace bansoko::harden
