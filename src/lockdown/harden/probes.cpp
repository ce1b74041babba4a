// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/probes.h"

#include <array>

namespace bansoko::harden {
namespace {

constexpr std::uint64_t kAny = ~std::uint64_t{0};
constexpr std::uint64_t kSetIds = 06000;            // S_ISUID | S_ISGID
constexpr std::uint64_t kNamespaces = 0x7e020000U;  // CLONE_NEW… of clone(2)

constexpr std::array kProbes{
    Probe{"sys_enter_socket", "", std::nullopt, 0, kAny, false, "a socket"},
    Probe{"sys_enter_mprotect", "prot & 4", Habit::writes_code, 2, 4, false,
          "mprotect() makes memory executable"},
    Probe{"sys_enter_pkey_mprotect", "prot & 4", Habit::writes_code, 2, 4, false,
          "pkey_mprotect() makes memory executable"},
    Probe{"sys_enter_mmap", "(prot & 4) && (prot & 2)", Habit::writes_code, 2, 6, true,
          "mmap() of writable and executable memory"},
    Probe{"sys_enter_shmat", "shmflg & 32768", Habit::writes_code, 2, 0100000, false,
          "shmat() of executable memory"},
    Probe{"sys_enter_chmod", "mode & 3072", Habit::marks_setuid, 1, kSetIds, false,
          "chmod() of a set-id bit"},
    Probe{"sys_enter_fchmod", "mode & 3072", Habit::marks_setuid, 1, kSetIds, false,
          "fchmod() of a set-id bit"},
    Probe{"sys_enter_fchmodat", "mode & 3072", Habit::marks_setuid, 2, kSetIds, false,
          "fchmodat() of a set-id bit"},
    Probe{"sys_enter_mkdir", "mode & 3072", Habit::marks_setuid, 1, kSetIds, false,
          "mkdir() with a set-id bit"},
    Probe{"sys_enter_mkdirat", "mode & 3072", Habit::marks_setuid, 2, kSetIds, false,
          "mkdirat() with a set-id bit"},
    Probe{"sys_enter_clone", "clone_flags & 2114060288", Habit::namespaces, 0, kNamespaces, false,
          "clone() into a new namespace"},
    Probe{"sys_enter_unshare", "unshare_flags & 2114060288", Habit::namespaces, 0, kNamespaces, false,
          "unshare() of a namespace"},
    Probe{"sys_enter_setns", "", Habit::namespaces, 0, kAny, false, "setns()"},
    Probe{"sys_enter_mount", "", Habit::mounts, 0, kAny, false, "mount()"},
    Probe{"sys_enter_umount", "", Habit::mounts, 0, kAny, false, "umount()"},
    Probe{"sys_enter_init_module", "", Habit::loads_modules, 0, kAny, false, "init_module()"},
    Probe{"sys_enter_finit_module", "", Habit::loads_modules, 0, kAny, false, "finit_module()"},
    Probe{"sys_enter_delete_module", "", Habit::loads_modules, 0, kAny, false, "delete_module()"},
    Probe{"sys_enter_memfd_create", "", Habit::memfd, 0, kAny, false, "memfd_create()"},
    // SCHED_FIFO is 1, SCHED_RR 2, SCHED_DEADLINE 6; SCHED_BATCH, 3, shares their bits.
    Probe{"sys_enter_sched_setscheduler", "policy & 3", Habit::realtime, 1, 3, false, "sched_setscheduler()"},
};

}  // namespace

std::span<const Probe> all_probes() noexcept { return kProbes; }

bool shows(const Probe& probe, std::uint64_t argument) noexcept {
  if (probe.bits == kAny) return true;
  const std::uint64_t common = argument & probe.bits;
  return probe.all_bits ? common == probe.bits : common != 0;
}

}  // namespace bansoko::harden
