// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/kernel_settings.h"

#include <array>

#include <fmt/format.h>

namespace bansoko::harden {
namespace {

// Kernel documentation: admin-guide/sysctl/{kernel,vm,fs,user,net}.rst, admin-guide/LSM/Yama.rst.
constexpr std::array kSettings{
    KernelSetting{
        "vm.memfd_noexec", 2, false, false, false, "6.3",
        "no program is started from a file that is memory only: nothing that watches files sees such a start",
        "runc and some container tools that start themselves from memory, .NET before 8; programs of Linux "
        "6.3 to 6.5 "
        "without the flag (systemd 252, Wayland) if it were 2: there 1 is set, which a program can ask "
        "around"},
    KernelSetting{"kernel.unprivileged_userns_clone", 0, true, false, false, "Debian's and Ubuntu's own",
                  "no user namespaces without root: many holes of the kernel are reached through them only",
                  "containers without root, sandboxes of browsers"},
    KernelSetting{"kernel.unprivileged_bpf_disabled", 2, false, false, false, "4.4",
                  "no BPF programs without rights", "tracing by ordinary users"},
    KernelSetting{
        "kernel.io_uring_disabled", 1, false, false, false, "6.6",
        "io_uring for those with rights only: it had many holes, and filters do not see what it does",
        "databases and proxies that were built for io_uring and do not run as root"},
    KernelSetting{"vm.unprivileged_userfaultfd", 0, true, false, false, "5.2",
                  "no faults of the kernel's own accesses in user space: exploits win races by it",
                  "live migration without rights"},
    KernelSetting{"kernel.perf_event_paranoid", 2, false, false, false, "2.6.31",
                  "no measuring of the kernel without rights", "profiling by ordinary users"},
    KernelSetting{
        "kernel.yama.ptrace_scope", 1, false, false, false, "3.4, with Yama",
        "a process reads the memory of its own children only: an intruder cannot take keys from a neighbour",
        "debuggers that attach to a running process without root"},
    KernelSetting{"kernel.kexec_load_disabled", 1, false, true, false, "3.14",
                  "the running kernel is not replaced", "kdump, if it is loaded later than this"},
    KernelSetting{"kernel.dmesg_restrict", 1, false, false, false, "2.6.37",
                  "the kernel's log, with addresses and devices, is for root", "dmesg as an ordinary user"},
    KernelSetting{"kernel.kptr_restrict", 1, false, false, false, "2.6.38",
                  "addresses of the kernel are not shown", "profiling of the kernel by ordinary users"},
    KernelSetting{"kernel.randomize_va_space", 2, false, false, false, "2.6.12, 2 from 2.6.25",
                  "addresses of programs differ at each start", "very old programs that rely on an address"},
    KernelSetting{"dev.tty.ldisc_autoload", 0, true, false, false, "5.1",
                  "no line disciplines are loaded for those without rights: several had holes",
                  "modems and serial devices of ordinary users"},
    KernelSetting{"net.core.bpf_jit_harden", 1, false, false, false, "4.7",
                  "constants of BPF programs without rights are blinded: no code is smuggled in by them",
                  "a little speed of such programs"},
    KernelSetting{"fs.protected_symlinks", 1, false, false, false, "3.6",
                  "links in /tmp of others are not followed", "nothing known"},
    KernelSetting{"fs.protected_hardlinks", 1, false, false, false, "3.6",
                  "no hard links to files that one may not write", "some old backup tools without root"},
    KernelSetting{"fs.protected_fifos", 1, false, false, false, "4.19",
                  "named pipes in /tmp of others are not opened for writing",
                  "programs that share one in /tmp"},
    KernelSetting{"fs.protected_regular", 1, false, false, false, "4.19",
                  "files in /tmp of others are not opened by O_CREAT", "programs that share one in /tmp"},
    KernelSetting{"fs.suid_dumpable", 0, true, false, false, "2.6.13",
                  "programs with more rights leave no memory image", "crash reports of set-user-id programs"},
    KernelSetting{"user.max_user_namespaces", 0, true, false, true, "4.9",
                  "no user namespaces at all, of root neither",
                  "containers without root, browsers, services with PrivateUsers="},
    KernelSetting{"kernel.modules_disabled", 1, false, true, true, "2.6.31",
                  "no kernel module is loaded any more until the next start",
                  "whatever needs a driver later: USB, file systems, firewall modules"},
};

bool is_strict_enough(const KernelSetting& setting, std::int64_t value, std::int64_t now) noexcept {
  return setting.lower_is_stricter ? now <= value : now >= value;
}

/// Linux 6.3 to 6.5 refuses, with 2, every memory file whose maker does not know the flag; from 6.6 on it
/// makes such files not executable. Linux before 5.13 knows no 2 for BPF.
std::int64_t value_for(const KernelSetting& setting, unsigned major, unsigned minor) noexcept {
  const auto older_than = [major, minor](unsigned a, unsigned b) {
    return major < a || (major == a && minor < b);
  };
  if (setting.name == "vm.memfd_noexec" && older_than(6, 6)) return 1;
  if (setting.name == "kernel.unprivileged_bpf_disabled" && older_than(5, 13)) return 1;
  return setting.value;
}

std::string_view word_of(KernelChoice choice) noexcept {
  switch (choice) {
    case KernelChoice::set:
      return "set";
    case KernelChoice::already:
      return "already";
    case KernelChoice::lacks:
      return "lacks";
    case KernelChoice::by_hand:
      return "by hand";
  }
  return {};
}

}  // namespace

std::span<const KernelSetting> all_kernel_settings() noexcept { return kSettings; }

std::vector<KernelLine> make_kernel_plan(const KernelValue& now, unsigned major, unsigned minor) {
  std::vector<KernelLine> plan;
  for (const KernelSetting& setting : kSettings) {
    KernelLine line{KernelChoice::set, &setting, value_for(setting, major, minor), now(setting.name)};
    if (!line.now)
      line.choice = KernelChoice::lacks;
    else if (is_strict_enough(setting, line.value, *line.now))
      line.choice = KernelChoice::already;
    else if (setting.by_hand)
      line.choice = KernelChoice::by_hand;
    plan.push_back(line);
  }
  return plan;
}

std::string kernel_text(const std::vector<KernelLine>& plan) {
  std::string text;
  for (const KernelLine& line : plan) {
    const KernelSetting& setting = *line.setting;
    text += fmt::format("{:<9} {}={}", word_of(line.choice), setting.name, line.value);
    if (line.now) text += fmt::format(" (now {})", *line.now);
    if (!line.now) text += fmt::format(" (this kernel has no such setting; since: {})", setting.since);
    if (setting.until_reboot && line.choice != KernelChoice::already)
      text += " (until the next start of the system)";
    text += fmt::format("\n          {}\n", setting.reason);
    if (line.choice == KernelChoice::set || line.choice == KernelChoice::by_hand)
      text += fmt::format("          may break: {}\n", setting.may_break);
    if (line.choice == KernelChoice::by_hand)
      text += fmt::format("          once the system has all that it needs: sysctl -w {}={}\n", setting.name,
                          line.value);
  }
  return text;
}

}  // namespace bansoko::harden
