// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/snapshot.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/text.h"
#include "lockdown/harden/proc_file.h"
#include "lockdown/harden/sockets.h"

namespace bansoko::harden {
namespace {

namespace fs = std::filesystem;

/// Programs that make code only when they are busy enough, so that one look may miss it.
struct Compiler {
  std::string_view program = {};
  std::string_view why = {};
};
constexpr std::array kCompilers{
    Compiler{"java", "its compiler makes code"},
    Compiler{"node", "its compiler makes code"},
    Compiler{"nodejs", "its compiler makes code"},
    Compiler{"dotnet", "its compiler makes code"},
    Compiler{"mono", "its compiler makes code"},
    Compiler{"beam.smp", "its compiler makes code, from Erlang 24 on"},
    Compiler{"luajit", "its compiler makes code"},
    Compiler{"postgres", "costly queries are compiled, unless jit=off"},
    Compiler{"mongod", "its script engine makes code"},
    Compiler{"php-fpm", "PCRE, and PHP itself from 8.0 on, make code unless switched off"},
};

std::string link_of(const std::string& path) {
  std::array<char, PATH_MAX> text{};
  const ssize_t size = ::readlink(path.c_str(), text.data(), text.size());
  return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

std::string program_of(const std::string& folder) {
  std::string path = link_of(folder + "/exe");
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.size() > kDeleted.size() && path.ends_with(kDeleted)) path.resize(path.size() - kDeleted.size());
  return path.substr(path.find_last_of('/') + 1);
}

/// One process as it is being looked at.
struct Look {
  std::string folder = {};
  std::string title = {};  ///< "process 812 (java)"
  std::string program = {};
  Snapshot& into;

  void tell(Habit habit, std::string_view what) const {
    into.habits.try_emplace(habit, fmt::format("{}: {}", title, what));
  }
};

void look_at_code(const Look& look) {
  for (const auto& [habit, what] : habits_of_maps(proc_file(look.folder + "/maps"))) look.tell(habit, what);
  for (const Compiler& compiler : kCompilers)
    if (look.program.starts_with(compiler.program)) look.tell(Habit::writes_code, compiler.why);
}

void look_at_rights(const Look& look) {
  struct stat about {};
  const std::string exe = look.folder + "/exe";
  if (::stat(exe.c_str(), &about) != 0) return;
  if ((about.st_mode & (S_ISUID | S_ISGID)) != 0)
    look.tell(Habit::gains_rights, "its program has a set-user-id or set-group-id bit");
  if (::getxattr(exe.c_str(), "security.capability", nullptr, 0) > 0)
    look.tell(Habit::gains_rights, "its program has capabilities of its own");
}

void look_at_machine(const Look& look) {
  constexpr std::size_t kClass = 4;  // EI_CLASS of elf(5); 2 is 64 bits
  const std::string head = file_head(look.folder + "/exe", kClass + 1);
  if (head.size() > kClass && head[kClass] != 2) look.tell(Habit::other_machine, "a 32-bit program");
  const std::string personality = proc_file(look.folder + "/personality");
  if (trim(personality).find_first_not_of('0') != std::string_view::npos)
    look.tell(Habit::personality, fmt::format("personality {}", trim(personality)));
}

/// Field 41 of proc(5), /proc/PID/stat: the scheduling policy; 1 and 2 are SCHED_FIFO and SCHED_RR, 6
/// SCHED_DEADLINE.
bool is_realtime(std::string_view stat) {
  constexpr unsigned kPolicyAfterName = 38;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return false;
  stat.remove_prefix(name_end + 1);
  for (unsigned field = 0; field < kPolicyAfterName; ++field) {
    stat = stat.substr(std::min(stat.size(), stat.find_first_not_of(' ')));
    stat = stat.substr(std::min(stat.size(), stat.find(' ')));
  }
  stat = trim(stat.substr(0, std::min(stat.size(), stat.find(' ', 1))));
  return stat == "1" || stat == "2" || stat == "6";
}

void look_at_threads(const Look& look) {
  std::error_code error;
  unsigned left = kMaxProcesses;
  for (const auto& entry : fs::directory_iterator(look.folder + "/task", error)) {
    if (left-- == 0) return;
    if (is_realtime(proc_file(entry.path().string() + "/stat")))
      look.tell(Habit::realtime, "a thread with a real-time policy");
  }
}

/// The namespaces of a process, in one text.
std::string namespaces_of(const std::string& folder) {
  std::string all;
  for (const std::string_view name : {"mnt", "net", "pid", "ipc", "uts", "user", "cgroup"})
    all += link_of(fmt::format("{}/ns/{}", folder, name)) + ' ';
  return all;
}

void look_at_process(const Look& look, const std::string& namespaces_of_first) {
  look_at_code(look);
  look_at_rights(look);
  look_at_machine(look);
  look_at_threads(look);
  add_socket_families(look.folder, look.into.families);
  if (!namespaces_of_first.empty() && namespaces_of(look.folder) != namespaces_of_first)
    look.tell(Habit::namespaces, "in namespaces of its own");
}

void add_processes(const fs::path& folder, std::vector<pid_t>& pids) {
  const std::string text = proc_file(folder / "cgroup.procs");
  std::string_view rest = text;
  while (!rest.empty() && pids.size() < kMaxProcesses) {
    const std::size_t end = std::min(rest.size(), rest.find('\n'));
    pid_t pid = 0;
    if (std::from_chars(rest.data(), rest.data() + end, pid).ec == std::errc() && pid > 0)
      pids.push_back(pid);
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
}

}  // namespace

Habits habits_of_maps(std::string_view maps) {
  Habits habits;
  while (!maps.empty()) {
    const std::string_view line = maps.substr(0, maps.find('\n'));
    maps.remove_prefix(std::min(maps.size(), line.size() + 1));
    const std::size_t first = line.find(' ');
    if (first == std::string_view::npos || line.size() < first + 5) continue;
    const bool writable = line[first + 2] == 'w';
    const bool executable = line[first + 3] == 'x';
    // proc(5): the path is the sixth column; none, or one in brackets, is no file.
    std::string_view path = line.substr(first);
    for (int column = 0; column < 4; ++column) {
      path = path.substr(std::min(path.size(), path.find_first_not_of(' ')));
      path = path.substr(std::min(path.size(), path.find(' ')));
    }
    path = trim(path);
    const bool kernels_own = path == "[vdso]" || path == "[vsyscall]" || path == "[uprobes]";
    if (path.starts_with("/memfd:")) habits.try_emplace(Habit::memfd, "a file of memory only is mapped");
    if (!executable || kernels_own) continue;
    if (writable)
      habits.try_emplace(Habit::writes_code, "memory that is writable and executable");
    else if (path.empty() || path.starts_with("[anon") || path.starts_with("[heap]") ||
             path.starts_with("/memfd:"))
      habits.try_emplace(Habit::writes_code, "executable memory that is of no file");
  }
  return habits;
}

std::vector<std::string> systemd_hierarchies() {
  return {"/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"};
}

std::vector<pid_t> processes_of(const std::vector<std::string>& hierarchies,
                                const std::string& control_group) {
  std::vector<pid_t> pids;
  if (control_group.empty()) return pids;
  for (const std::string& hierarchy : hierarchies) {
    const fs::path top = hierarchy + control_group;
    std::error_code error;
    if (!fs::exists(top / "cgroup.procs", error)) continue;
    add_processes(top, pids);
    for (const auto& entry : fs::recursive_directory_iterator(top, error))
      if (entry.is_directory(error)) add_processes(entry.path(), pids);
    if (!pids.empty()) return pids;
  }
  return pids;
}

Snapshot look_at(const std::string& proc, const std::vector<pid_t>& pids) {
  Snapshot made;
  std::string first;
  for (const pid_t pid : pids) {
    const std::string folder = fmt::format("{}/{}", proc, pid);
    const std::string program = program_of(folder);
    if (program.empty()) continue;
    ++made.processes;
    if (std::find(made.programs.begin(), made.programs.end(), program) == made.programs.end())
      made.programs.push_back(program);
    look_at_process({folder, fmt::format("process {} ({})", pid, program), program, made}, first);
    if (first.empty()) first = namespaces_of(folder);
  }
  return made;
}

}  // namespace bansoko::harden
