// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/learn.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "lockdown/harden/ear.h"
#include "lockdown/harden/hearing.h"
#include "lockdown/harden/options.h"
#include "lockdown/harden/probes.h"
#include "lockdown/harden/proc_file.h"
#include "lockdown/harden/syscalls.h"
#include "lockdown/harden/tracepoints.h"

namespace bansoko::harden {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// What is listened to: the point that every call passes, and the probes that this kernel has.
struct Points {
  std::vector<Ear::Point> all = {};
  std::map<std::uint16_t, const Probe*> probes = {};
};

Result<Points> find_points() {
  std::vector<std::string> names{"raw_syscalls/sys_enter"};
  for (const Probe& probe : all_probes()) names.push_back(fmt::format("syscalls/{}", probe.event));
  BANSOKO_TRY(const auto numbers, tracepoint_numbers(names));
  if (numbers.front() == 0)
    return fail(Errc::unsupported, "this kernel has no tracepoints of system calls (CONFIG_FTRACE_SYSCALLS)");
  Points points;
  points.all.push_back({numbers.front(), {}});
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    const Probe& probe = all_probes()[i - 1];
    points.all.push_back({numbers[i], std::string(probe.filter)});
    points.probes.emplace(numbers[i], &probe);
  }
  return points;
}

/// What every program calls is most of what the host does, and is never refused.
std::set<std::int64_t> known_calls() {
  std::set<std::int64_t> known;
  std::string_view rest = calls_of_every_program();
  while (!rest.empty()) {
    const std::string_view name = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    if (const auto number = syscall_number(name); number) known.insert(*number);
  }
  return known;
}

void listen_until(Ear& ear, Hearing& hearing, Clock::time_point end, const std::atomic<bool>& more) {
  constexpr milliseconds kBetween(20);
  const auto sink = [&hearing](const TraceRecord& record) { hearing.hear(record); };
  std::string filter;
  while (more || Clock::now() < end) {
    ear.listen(kBetween, false, sink);
    std::string wanted = hearing.filter();
    // One that is refused only leaves more to be heard.
    if (wanted != std::exchange(filter, wanted)) static_cast<void>(ear.set_filter(wanted));
  }
  ear.listen(kBetween, true, sink);
}

}  // namespace

bool is_in_group(const std::string& cgroup_file, const std::string& control_group) {
  std::string_view rest = cgroup_file;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    line.remove_prefix(second + 1);
    if (line.starts_with(control_group) &&
        (line.size() == control_group.size() || line[control_group.size()] == '/'))
      return true;
  }
  return false;
}

Result<Learned> learn(const std::string& control_group, std::chrono::seconds time,
                      const std::function<Result<>()>& start) {
#ifndef __x86_64__
  return fail(Errc::unsupported, "learning is for x86-64 only");
#endif
  if (control_group.size() < 2)
    return fail(Errc::invalid, "the service has no control group: is it running?");
  BANSOKO_TRY(Points points, find_points());
  const auto belongs = [&control_group](std::int32_t pid) {
    const std::string groups = proc_file(fmt::format("/proc/{}/cgroup", pid));
    return groups.empty() ? std::nullopt : std::optional(is_in_group(groups, control_group));
  };
  Hearing hearing(points.all.front().number, std::move(points.probes), belongs, known_calls());
  points.all.front().filter = hearing.filter();
  BANSOKO_TRY(Ear ear, Ear::open(points.all));
  std::atomic<bool> starting = static_cast<bool>(start);
  Result<> started;
  std::thread starter([&] {
    if (start) started = start();
    starting = false;
  });
  listen_until(ear, hearing, Clock::now() + time, starting);
  starter.join();
  BANSOKO_CHECK(std::move(started));
  hearing.learned().seconds = static_cast<std::uint64_t>(time.count());
  hearing.learned().saw_start = static_cast<bool>(start);
  return std::move(hearing.learned());
}

}  // namespace bansoko::harden
