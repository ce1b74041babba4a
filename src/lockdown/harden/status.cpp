// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/status.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"
#include "lockdown/harden/drop_in.h"
#include "lockdown/harden/proc_file.h"

namespace bansoko::harden {
namespace {

std::string field(const std::string& text, std::string_view name) {
  const std::size_t at = text.find(fmt::format("\n{}:", name));
  if (at == std::string::npos) return "not shown";
  const std::string_view rest = std::string_view(text).substr(at + name.size() + 2);
  return std::string(trim(rest.substr(0, rest.find('\n'))));
}

/// What the kernel says of the main process (proc(5), /proc/PID/status).
std::string process_text(const Properties& unit) {
  const std::string pid(property(unit, "MainPID"));
  const std::string status =
      pid.empty() || pid == "0" ? std::string() : proc_file("/proc/" + pid + "/status");
  if (status.empty()) return "process   none runs now\n";
  return fmt::format("process   {}: NoNewPrivs {}, Seccomp {}{}\n", pid, field(status, "NoNewPrivs"),
                     field(status, "Seccomp"),
                     field(status, "Seccomp") == "2" ? " (a filter is in force)" : "");
}

std::string drop_in_text(DropInState state, const ServiceFiles& files) {
  switch (state) {
    case DropInState::absent:
      return "drop-in   none of ours\n";
    case DropInState::ours:
      return fmt::format("drop-in   {}\n", files.drop_in());
    case DropInState::foreign:
      return fmt::format("drop-in   {} is not ours\n", files.drop_in());
  }
  return {};
}

}  // namespace

Result<std::string> status_text(Systemd& systemd, const ServiceFiles& files, const std::string& service) {
  BANSOKO_TRY(const DropInState state, files.state());
  BANSOKO_TRY(const auto step, files.step());
  BANSOKO_TRY(const auto learned, files.learned());
  BANSOKO_TRY(const Properties unit, systemd.show(service));
  std::string text = fmt::format("service   {}: {}\n", service, property(unit, "ActiveState"));
  text += drop_in_text(state, files);
  text += process_text(unit);
  if (property(unit, "NeedDaemonReload") == "yes")
    text += "note      systemd has not read the last change: systemctl daemon-reload\n";
  if (learned)
    text += fmt::format("learned   {} calls in {} s, {}\n", learned->calls.size(), learned->seconds,
                        learned->saw_start ? "with a start" : "without a start");
  if (step)
    text += "note      a change was not ended; the next --apply, --learn or --withdraw takes it back first\n";
  return text;
}

Result<std::string> status_of_all(Systemd& systemd, const Places& places) {
  constexpr std::string_view kFolderEnd = ".d/";
  BANSOKO_TRY(const auto paths, expand_glob(fmt::format("{}/*.service.d/{}", places.units, kDropInName)));
  std::string text;
  for (const std::string& path : paths) {
    std::string service = path.substr(places.units.size() + 1);
    service.resize(service.size() - kDropInName.size() - kFolderEnd.size());
    const ServiceFiles files(places, service);
    BANSOKO_TRY(const DropInState state, files.state());
    if (state != DropInState::ours) continue;
    BANSOKO_TRY(std::string one, status_text(systemd, files, service));
    text += (text.empty() ? "" : "\n") + one;
  }
  return text.empty() ? "no service has a drop-in of ours\n" : text;
}

}  // namespace bansoko::harden
