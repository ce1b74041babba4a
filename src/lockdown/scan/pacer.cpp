// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/pacer.h"

#include <algorithm>
#include <ctime>
#include <thread>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bansoko::scan {
namespace {

std::chrono::nanoseconds used_by_process() noexcept {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

std::chrono::nanoseconds rest_for(std::chrono::nanoseconds used, std::chrono::nanoseconds passed,
                                  double share) noexcept {
  const std::chrono::duration<double, std::nano> due(static_cast<double>(used.count()) / share);
  // Shorter rests would cost more than they give.
  constexpr std::chrono::milliseconds kShortest{5}, kLongest{2000};
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(due) - passed;
  if (rest < kShortest) return std::chrono::nanoseconds(0);
  return std::min<std::chrono::nanoseconds>(rest, kLongest);
}

void Pacer::step_back() const noexcept {
  if (!gentle_) return;
  constexpr int kLowest = 19;
  constexpr int kWhoProcess = 1, kClassShift = 13, kClassIdle = 3;  // linux/ioprio.h
  ::setpriority(PRIO_PROCESS, 0, kLowest);
  ::syscall(SYS_ioprio_set, kWhoProcess, 0, kClassIdle << kClassShift);
}

void Pacer::pause() const {
  if (!gentle_) return;
  const auto rest = rest_for(used_by_process(), std::chrono::steady_clock::now() - begun_, kGentleShare);
  if (rest.count() > 0) std::this_thread::sleep_for(rest);
}

}  // namespace bansoko::scan
