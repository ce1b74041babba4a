// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/gather.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include <sys/utsname.h>

#include "base/text.h"
#include "lockdown/harden/options.h"
#include "lockdown/harden/proc_file.h"
#include "lockdown/harden/snapshot.h"

namespace bansoko::harden {
namespace {

KernelState kernel_state() {
  KernelState kernel;
  utsname names{};
  if (::uname(&names) == 0) read_release(names.release, kernel);
  // Shown from Linux 3.8 on, where filters are compiled in.
  kernel.seccomp = proc_file("/proc/self/status").find("\nSeccomp:") != std::string::npos;
  kernel.selinux_enforcing = trim(proc_file("/sys/fs/selinux/enforce")) == "1";
  return kernel;
}

}  // namespace

void read_release(const std::string& release, KernelState& kernel) {
  const char* end = release.data() + release.size();
  const auto [dot, error] = std::from_chars(release.data(), end, kernel.major);
  if (error == std::errc() && dot != end) std::from_chars(dot + 1, end, kernel.minor);
}

Properties own_settings(const Properties& shown) {
  Properties own;
  for (const Option& option : all_options())
    if (const auto found = shown.find(option.name); found != shown.end()) own.insert(*found);
  return own;
}

Result<Facts> gather(Systemd& systemd, const ServiceFiles& files, const std::string& service) {
  Facts facts;
  facts.service = service;
  facts.kernel = kernel_state();
  BANSOKO_TRY(facts.manager, systemd.manager());
  BANSOKO_TRY(facts.unit, systemd.show(service));
  BANSOKO_TRY(const DropInState there, files.state());
  if (there == DropInState::ours) {
    BANSOKO_TRY(const auto own, files.own_settings());
    if (!own)
      return fail(
          Errc::not_found,
          "what {} has by itself, without our drop-in, is no longer known: withdraw the drop-in first",
          service);
    for (const auto& [name, value] : *own) facts.unit.insert_or_assign(name, value);
  }
  const std::string group(property(facts.unit, "ControlGroup"));
  facts.now = look_at("/proc", processes_of(systemd_hierarchies(), group));
  BANSOKO_TRY(facts.learned, files.learned());
  return facts;
}

}  // namespace bansoko::harden
