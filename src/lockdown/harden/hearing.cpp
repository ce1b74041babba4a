// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/hearing.h"

#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lockdown/harden/sockets.h"
#include "lockdown/harden/syscalls.h"

namespace bansoko::harden {
namespace {

constexpr std::size_t kMaxProcessesKnown = 65'536;  ///< then all are asked for again
constexpr std::size_t kMaxGone = 1024;              ///< of more, the lowest is forgotten
constexpr unsigned kNoisyFrom = 2000;               ///< samples of a thread that is none of ours
constexpr std::size_t kMaxNoisy = 32;
constexpr std::size_t kLongestFilter = 4000;  ///< the kernel takes less than a page

}  // namespace

void Hearing::hear(const TraceRecord& record) {
  switch (record.kind) {
    case TraceRecord::Kind::lost:
      learned_.lost += record.lost;
      return;
    case TraceRecord::Kind::exec:
      if (!record.by_executor) unborn_.erase(record.pid);
      [[fallthrough]];
    case TraceRecord::Kind::rename:
      // systemd's child moves to the service's group late, and may have been asked for before that.
      ours_.erase(record.pid);
      return;
    case TraceRecord::Kind::fork:
      return hear_fork(record);
    case TraceRecord::Kind::call:
      break;
  }
  if (record.pid == 0 || unborn_.contains(record.pid)) return;
  if (is_ours(record.pid)) return note(record);
  note_stranger(record.thread);
  if (!ours_.contains(record.pid)) keep_aside(record);
}

void Hearing::hear_fork(const TraceRecord& record) {
  if (record.pid == record.parent) return;  // a thread
  if (record.parent == 1) {
    if (unborn_.size() >= kMaxProcessesKnown) unborn_.clear();
    unborn_.insert(record.pid);
    return;
  }
  unborn_.erase(record.pid);
  if (const auto parent = ours_.find(record.parent); parent == ours_.end() || !parent->second) return;
  ours_.insert_or_assign(record.pid, true);
  if (const auto gone = gone_.extract(record.pid); !gone.empty())
    for (const std::int64_t call : gone.mapped()) note({.event = calls_, .call = call});
}

bool Hearing::is_ours(std::int32_t pid) {
  if (const auto known = ours_.find(pid); known != ours_.end()) return known->second;
  const std::optional<bool> belongs = belongs_(pid);
  if (!belongs) return false;
  if (ours_.size() >= kMaxProcessesKnown) ours_.clear();
  ours_.emplace(pid, *belongs);
  return *belongs;
}

void Hearing::note(const TraceRecord& record) {
  if (record.event == calls_) {
    const std::string_view name = syscall_name(record.call);
    if (!name.empty() && numbers_.insert(record.call).second) learned_.calls.emplace(name);
    return;
  }
  const auto found = probes_.find(record.event);
  if (found == probes_.end()) return;
  const Probe& probe = *found->second;
  const std::uint64_t argument = record.arguments.at(probe.argument);
  if (!probe.habit) {
    if (const std::string_view family = family_name(argument); !family.empty())
      learned_.families.emplace(family);
  } else if (shows(probe, argument)) {
    learned_.habits.try_emplace(*probe.habit, fmt::format("heard of process {}: {}", record.pid, probe.what));
  }
}

void Hearing::keep_aside(const TraceRecord& record) {
  if (record.event != calls_) return;
  if (gone_.size() >= kMaxGone && !gone_.contains(record.pid)) gone_.erase(gone_.begin());
  gone_[record.pid].insert(record.call);
}

void Hearing::note_stranger(std::int32_t thread) {
  if (noisy_.size() >= kMaxNoisy) return;
  if (strangers_.size() >= kMaxProcessesKnown) strangers_.clear();
  if (++strangers_[thread] < kNoisyFrom) return;
  noisy_.insert(thread);
  strangers_.erase(thread);
}

std::string Hearing::filter() const {
  std::string text;
  const auto add = [&text](std::string_view field, std::int64_t number) {
    const std::string part = fmt::format("{}{}!={}", text.empty() ? "" : "&&", field, number);
    if (text.size() + part.size() < kLongestFilter) text += part;
  };
  for (const std::int64_t number : numbers_) add("id", number);
  for (const std::int32_t thread : noisy_) add("common_pid", thread);
  return text;
}

}  // namespace bansoko::harden
