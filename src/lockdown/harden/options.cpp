// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/options.h"

#include <algorithm>
#include <array>

namespace bansoko::harden {
namespace {

// systemd.exec(5), "Sandboxing" and "System Call Filtering"; the versions are those of systemd's NEWS file.
constexpr std::array kOptions{
    Option{"NoNewPrivileges", "yes", 187, false, true, Habit::gains_rights,
           "no program that it starts gets more rights than it has itself: a set-user-id file is of no use "
           "to an "
           "intruder",
           "set-user-id helpers (sudo, su, sendmail, ping, unix_chkpwd) run without their rights"},
    Option{"MemoryDenyWriteExecute", "yes", 231, true, true, Habit::writes_code,
           "no memory is writable and executable: code that an attacker writes cannot run",
           "languages that compile while they run: Java, Node.js, .NET, LuaJIT, PHP and PCRE with JIT, "
           "PostgreSQL "
           "with jit=on; libraries with text relocations or an executable stack"},
    Option{"ProtectKernelModules", "yes", 232, false, true, Habit::loads_modules,
           "no kernel module is loaded or removed, and /usr/lib/modules is out of sight",
           "services that load a driver when they start (VPN, firewalls, file systems)"},
    Option{"ProtectKernelTunables", "yes", 232, false, true, Habit::mounts,
           "/proc/sys, /sys and the like are read-only",
           "services that set kernel parameters; mounts that it makes are seen by itself alone"},
    Option{"RestrictNamespaces", "yes", 233, true, true, Habit::namespaces,
           "no new namespaces: many holes of the kernel are reached through them only",
           "containers, and services that sandbox themselves (browsers, some workers of mail servers)"},
    Option{"RestrictSUIDSGID", "yes", 242, true, true, Habit::marks_setuid,
           "no file gets a set-user-id or set-group-id bit: no back door is left that way",
           "file servers that keep the set-group-id bit on folders; programs that install software"},
    Option{"LockPersonality", "yes", 235, true, true, Habit::personality,
           "the personality stays Linux's own: no old layout of memory is switched on",
           "setarch, wine, programs that switch randomised addresses off"},
    Option{"RestrictRealtime", "yes", 231, true, true, Habit::realtime,
           "no real-time scheduling: it cannot take a processor for itself",
           "sound and telephony, clocks (chronyd, ntpd), cluster heartbeats"},
    Option{"RestrictAddressFamilies", "", 211, true, true, std::nullopt,
           "sockets of these families only: the rare ones (packet, Bluetooth, AF_ALG, VSOCK, TIPC, RDS and "
           "more) "
           "hold many "
           "holes",
           "a family that it uses seldom and that was not seen"},
    Option{"SystemCallArchitectures", "native", 209, true, true, Habit::other_machine,
           "no calls through the tables of another machine type, which pass many filters by",
           "32-bit programs on a 64-bit system"},
    Option{"SystemCallFilter", "", 187, true, true, std::nullopt,
           "calls of the kernel that it does not need are refused",
           "a rare path of the program that needs one"},
    Option{"SystemCallErrorNumber", "EPERM", 209, true, true, std::nullopt,
           "a refused call fails as for lack of rights; the process is not killed",
           "nothing by itself: it says what a refused call sees"},
};

constexpr std::array kSubstitutes{
    Substitute{"ProtectKernelModules", "CapabilityBoundingSet", "~CAP_SYS_MODULE",
               "no kernel module is loaded or removed (by capability, since this systemd lacks "
               "ProtectKernelModules)"},
};

constexpr std::array kGroups{
    CallGroup{"files of memory only", "memfd_create memfd_secret", false,
              "memory files: .NET, runc, some foreign-function libraries, Wayland"},
    CallGroup{"kernel modules",
              "init_module finit_module delete_module create_module query_module get_kernel_syms", false,
              "services that load drivers"},
    CallGroup{"another kernel, end of the system, swap", "kexec_load kexec_file_load reboot swapon swapoff",
              false, "services that manage the machine"},
    CallGroup{"the machine itself", "iopl ioperm vm86 vm86old modify_ldt", false,
              "X servers, emulators of old machines, wine"},
    CallGroup{
        "what no program needs any more",
        "_sysctl afs_syscall bdflush getpmsg gtty idle lock mpx prof profil putpmsg security sgetmask "
        "ssetmask stty sysfs tuxcall ulimit uselib ustat vserver nfsservctl epoll_ctl_old epoll_wait_old",
        false, "nothing that is younger than about 2005"},
    CallGroup{"tools of kernel exploits", "bpf userfaultfd perf_event_open lookup_dcookie", false,
              "monitoring agents, tracers, live migration"},
    CallGroup{"asynchronous rings", "io_uring_setup io_uring_enter io_uring_register", true,
              "programs that were built for io_uring"},
    CallGroup{"other processes' memory",
              "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd", true,
              "crash reporters, debuggers, garbage collectors that look at siblings"},
    CallGroup{
        "mounts",
        "mount umount2 umount pivot_root fsopen fsconfig fsmount fspick move_mount open_tree mount_setattr",
        true, "automounters, containers"},
    CallGroup{"another root folder", "chroot", true, "FTP, DNS and mail servers that lock themselves in"},
    CallGroup{"namespaces", "unshare setns", true, "containers, sandboxes of the program's own"},
    CallGroup{"the clock", "adjtimex clock_adjtime clock_settime settimeofday stime", true, "time servers"},
    CallGroup{"files by handle", "open_by_handle_at name_to_handle_at", true, "NFS servers, backup"},
    CallGroup{"keys of the kernel", "add_key request_key keyctl", true,
              "NFS, CIFS, Kerberos, encryption of disks"},
    CallGroup{"quotas, accounting, watch of all files",
              "quotactl quotactl_fd acct fanotify_init fanotify_mark", true,
              "file servers with quotas, virus scanners"},
    CallGroup{"devices", "mknod mknodat", true, "programs that make named pipes or devices"},
    CallGroup{"memory by nodes", "mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node", true,
              "databases on machines of several nodes"},
    CallGroup{"names of the host, log of the kernel", "sethostname setdomainname syslog vhangup", true,
              "log daemons, terminals"},
};

// What systemd, ld.so and the C library call between the filter's start and main(), and at the end.
constexpr std::string_view kEveryProgram =
    "access arch_prctl brk clock_getres clock_gettime clock_nanosleep close close_range dup dup2 dup3 execve "
    "execveat exit "
    "exit_group faccessat faccessat2 fcntl fstat futex getcwd getegid geteuid getgid getgroups getpgid "
    "getpgrp getpid getppid "
    "getrandom getresgid getresuid getrlimit getsid gettid gettimeofday getuid kill lseek lstat madvise "
    "membarrier mmap mprotect mremap munmap nanosleep newfstatat open openat pause pipe pipe2 poll ppoll "
    "pread64 prctl prlimit64 "
    "pwrite64 read readlink readlinkat readv restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask "
    "rt_sigreturn "
    "rt_sigsuspend sched_getaffinity sched_yield set_robust_list set_tid_address setrlimit sigaltstack stat "
    "statx sysinfo "
    "tgkill time uname wait4 waitid write writev";

}  // namespace

std::span<const Option> all_options() noexcept { return kOptions; }

const Substitute* substitute_for(std::string_view option) noexcept {
  const auto* found = std::find_if(kSubstitutes.begin(), kSubstitutes.end(),
                                   [option](const Substitute& each) { return each.of == option; });
  return found == kSubstitutes.end() ? nullptr : found;
}

std::span<const CallGroup> call_groups() noexcept { return kGroups; }

std::string_view calls_of_every_program() noexcept { return kEveryProgram; }

}  // namespace bansoko::harden
