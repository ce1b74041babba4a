// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "base/bytes.h"

namespace bansoko::harden {

/// One record of the kernel's ring of samples (perf_event_open(2), "MMAP layout"): a system call that
/// begins, a process that forks, is renamed or executes, or samples that were lost.
struct TraceRecord {
  enum class Kind : std::uint8_t { call, fork, rename, exec, lost };
  Kind kind = Kind::call;
  std::uint64_t time = 0;   ///< of the kernel's own clock, in nanoseconds
  std::int32_t pid = 0;     ///< in our namespace of processes; 0: outside of it
  std::int32_t parent = 0;  ///< of a fork
  std::uint16_t event = 0;  ///< number of the tracepoint
  std::int32_t thread = 0;  ///< as the kernel's filters number it
  std::int64_t call = 0;    ///< number of the system call
  std::array<std::uint64_t, 6> arguments = {};
  std::uint64_t lost = 0;
  bool by_executor = false;  ///< of an exec: by the program in which systemd from 255 on prepares a service
};

/// Takes the records from the front of `bytes` in turn. Kinds that we did not ask for are skipped; a record
/// that says it is longer than what is left ends it.
void read_records(Bytes bytes, const std::function<void(const TraceRecord&)>& sink);

}  // namespace bansoko::harden
