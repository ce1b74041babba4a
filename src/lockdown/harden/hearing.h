// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "lockdown/harden/facts.h"
#include "lockdown/harden/probes.h"
#include "lockdown/harden/trace_record.h"

namespace bansoko::harden {

/// Whether a process is of the service; nothing: it has ended.
using Belongs = std::function<std::optional<bool>(std::int32_t)>;

/// Makes what was learned of the records of all processes.
class Hearing {
 public:
  /// `known`: numbers of calls that need not be heard, since they are never refused. `probes`: which probe a
  /// tracepoint's number is; `calls`: the number of the one that every call passes.
  Hearing(std::uint16_t calls, std::map<std::uint16_t, const Probe*> probes, Belongs belongs,
          std::set<std::int64_t> known = {})
      : calls_(calls), probes_(std::move(probes)), belongs_(std::move(belongs)), numbers_(std::move(known)) {}

  void hear(const TraceRecord& record);

  const Learned& learned() const noexcept { return learned_; }
  Learned& learned() noexcept { return learned_; }

  /// The filter by which the kernel leaves out what need not be heard again: calls that are known or were
  /// seen, and other processes' threads that call a great deal.
  std::string filter() const;

 private:
  void hear_fork(const TraceRecord& record);
  bool is_ours(std::int32_t pid);
  void note(const TraceRecord& record);
  void keep_aside(const TraceRecord& record);
  void note_stranger(std::int32_t thread);

  std::uint16_t calls_;
  std::map<std::uint16_t, const Probe*> probes_;
  Belongs belongs_;
  Learned learned_;
  std::set<std::int64_t> numbers_;  ///< of calls that are known or were seen
  std::set<std::int32_t>
      unborn_;  ///< systemd's children until they execute the service: they still are systemd
  std::unordered_map<std::int32_t, bool> ours_;          ///< of processes that were asked for
  std::map<std::int32_t, std::set<std::int64_t>> gone_;  ///< calls of processes that had ended when asked for
  std::unordered_map<std::int32_t, unsigned> strangers_;  ///< samples of other threads
  std::set<std::int32_t> noisy_;
};

}  // namespace bansoko::harden
