// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bansoko::harden {

/// What a service does that one of the settings would forbid.
enum class Habit : std::uint8_t {
  writes_code,    ///< has memory that is writable and executable, or makes memory executable
  memfd,          ///< has files that are memory only
  gains_rights,   ///< starts programs that take the rights of their owner
  realtime,       ///< runs threads under a real-time policy
  namespaces,     ///< makes or enters namespaces
  personality,    ///< runs under another personality than Linux's own
  marks_setuid,   ///< sets the set-user-id or set-group-id bit of a file
  mounts,         ///< mounts or unmounts
  other_machine,  ///< runs programs of another machine type than the kernel's (32 bits)
  loads_modules,  ///< loads kernel modules
};

/// Habits that were seen, each with where: "process 812 (java): writable and executable memory".
using Habits = std::map<Habit, std::string>;

/// What `systemctl --version` says.
struct Manager {
  unsigned version = 0;
  bool seccomp = false;  ///< built with the library for system call filters
};

/// What the kernel and its security modules allow.
struct KernelState {
  unsigned major = 0;
  unsigned minor = 0;
  bool seccomp = false;
  bool selinux_enforcing = false;
};

/// What systemd says of a service: property -> value, from `systemctl show`.
using Properties = std::map<std::string, std::string, std::less<>>;

/// The value of one; empty where it is not shown.
inline std::string_view property(const Properties& properties, std::string_view name) {
  const auto found = properties.find(name);
  return found == properties.end() ? std::string_view() : std::string_view(found->second);
}

/// What the processes of a service show of themselves in /proc, at one moment.
struct Snapshot {
  unsigned processes = 0;
  std::vector<std::string> programs = {};  ///< base names of what runs, each once
  std::set<std::string> families = {};     ///< "AF_INET" …, of open sockets
  Habits habits = {};
};

/// What was heard of a service's system calls over a time; kept in a file between calls.
struct Learned {
  std::uint64_t seconds = 0;
  bool saw_start = false;
  std::uint64_t lost = 0;  ///< samples the kernel had no room for
  std::set<std::string> calls = {};
  std::set<std::string> families = {};
  Habits habits = {};
};

/// All that a plan depends on.
struct Facts {
  std::string service = {};
  Manager manager = {};
  KernelState kernel = {};
  Properties unit = {};  ///< as it is without our drop-in
  Snapshot now = {};
  std::optional<Learned> learned = {};
  bool strict = false;  ///< the filter allows what was seen and nothing else
};

}  // namespace bansoko::harden
