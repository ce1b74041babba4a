// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "event/spool.h"
#include "lockdown/policy/decide.h"

namespace bansoko::lockdown {

/// What becomes of program starts while nobody can judge them.
enum class OnFailure : std::uint8_t { open, closed };

/// Which of the kernel's means are used; `automatic` takes the best there is. Those of less are for tests,
/// and older kernels.
enum class KernelClass : std::uint8_t { automatic, current, no_open_exec_perm, mount_marks_only };

struct WatchSettings {
  std::vector<std::string> paths;  // any path on each filesystem; empty: every one that is local
  std::vector<std::string> except_types{"proc",       "sysfs",    "devpts",  "cgroup",    "cgroup2",
                                        "securityfs", "debugfs",  "tracefs", "mqueue",    "pstore",
                                        "bpf",        "configfs", "nsfs",    "rpc_pipefs"};
  KernelClass kernel_class = KernelClass::automatic;
};

struct LimitSettings {
  std::uint32_t leases = 16384;             // files whose answer the kernel keeps; each is an open descriptor
  std::uint64_t digest_size = 512U << 20U;  // bytes; a larger file is not read while somebody waits
  std::uint32_t waiting = 4096;  // held at one time; beyond it the oldest are answered as on_fault.limit says
  std::chrono::milliseconds answer_time{
      30000};  // after which one that is held is answered as on_fault.limit says
};

struct FailureSettings {
  OnFailure crash = OnFailure::open;
  OnFailure hang = OnFailure::open;
  std::chrono::milliseconds hang_time{2000};
};

/// The `lockdown:` section of bansoko.yaml. Every field's default is the product's default.
struct LockdownSettings {
  policy::Mode mode = policy::Mode::observe;
  std::string state_folder = "/var/lib/bansoko/lockdown";  // lists, keys, windows
  std::chrono::minutes confirm_within{10};                 // 0: enforce holds without a word
  WatchSettings watch;
  std::string rules_file = "/etc/bansoko/lockdown-rules.yaml";  // absent: no rules
  std::vector<std::string> code_trees;                          // besides where interpreters look
  std::vector<std::string> updaters{
      "/usr/bin/dpkg", "/usr/bin/apt", "/usr/bin/apt-get", "/usr/bin/aptitude", "/usr/bin/unattended-upgrade",
      "/usr/bin/rpm",  "/usr/bin/yum", "/usr/bin/dnf",     "/usr/bin/dnf-3",    "/usr/bin/zypper"};
  std::vector<std::string> readers{
      "/usr/bin/cat",       "/usr/bin/cmp",       "/usr/bin/cp",   "/usr/bin/dd",
      "/usr/bin/file",      "/usr/bin/gzip",      "/usr/bin/head", "/usr/bin/md5sum",
      "/usr/bin/mv",        "/usr/bin/rsync",     "/usr/bin/scp",  "/usr/bin/sha1sum",
      "/usr/bin/sha256sum", "/usr/bin/sha512sum", "/usr/bin/tail", "/usr/bin/tar"};
  std::string rescue_shell = "/bin/sh";
  policy::OnFault on_fault;
  LimitSettings limits;
  FailureSettings on_failure;
  event::SpoolSettings spool;
  std::string control_socket = "/run/bansoko/lockdown.sock";
};

/// Reads the `lockdown:` section of a file; what it does not say has its default. Every fault goes to
/// `faults`; the error tells the first.
Result<LockdownSettings> load_settings(const std::string& path, settings::Faults& faults);
Result<LockdownSettings> parse_settings(std::string_view text, std::string_view file,
                                        settings::Faults& faults);

/// Every setting with its default and its explanation, as etc/bansoko.yaml has it.
std::string default_settings_yaml();
/// The settings in force, as `bansoko config show` prints them.
std::string settings_yaml(const LockdownSettings& settings);

}  // namespace bansoko::lockdown
