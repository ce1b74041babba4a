// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/systemd.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

#include "base/printable.h"
#include "base/text.h"
#include "lockdown/harden/program.h"

namespace bansoko::harden {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAnswerTime(30'000);
/// systemd gives a service 90 s to end and 90 s to start, unless the unit says otherwise.
constexpr milliseconds kRestartTime(600'000);

/// Runs it and wants success.
Result<std::string> output_of(const std::vector<std::string>& arguments, milliseconds longest) {
  BANSOKO_TRY(Ended ended, run_program(arguments, longest));
  if (ended.code == 0) return std::move(ended.output);
  return fail(Errc::io, "{} {} ended with {}: {}", arguments.front(), arguments[1], ended.code,
              printable(trim(ended.output)));
}

}  // namespace

Result<Manager> SystemctlProgram::manager() {
  BANSOKO_TRY(const std::string text, output_of({path_, "--version"}, kAnswerTime));
  return parse_manager(text);
}

Result<Properties> SystemctlProgram::show(const std::string& service) {
  BANSOKO_TRY(const std::string text,
              output_of({path_, "show", "--all", "--no-pager", service}, kAnswerTime));
  return parse_properties(text);
}

Result<> SystemctlProgram::reload() {
  BANSOKO_TRY(const std::string text, output_of({path_, "daemon-reload"}, kRestartTime));
  return {};
}

Result<> SystemctlProgram::restart(const std::string& service) {
  // Fails where there is nothing to clear.
  BANSOKO_TRY(const Ended cleared, run_program({path_, "reset-failed", service}, kAnswerTime));
  BANSOKO_TRY(const std::string text, output_of({path_, "restart", service}, kRestartTime));
  return {};
}

Result<Manager> parse_manager(std::string_view text) {
  constexpr std::string_view kName = "systemd ";
  const std::size_t at = text.find(kName);
  Manager manager;
  if (at != std::string_view::npos) {
    const std::string_view number = text.substr(at + kName.size());
    std::from_chars(number.data(), number.data() + number.size(), manager.version);
  }
  if (manager.version == 0)
    return fail(Errc::unsupported, "systemctl --version does not name a version of systemd");
  manager.seccomp = text.find("+SECCOMP") != std::string_view::npos;
  return manager;
}

Properties parse_properties(std::string_view text) {
  Properties properties;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    properties.insert_or_assign(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
  }
  return properties;
}

Result<std::string> service_name(std::string_view given) {
  constexpr std::string_view kSuffix = ".service";
  constexpr std::size_t kLongest = 200;  // systemd.unit(5) allows 255 with the suffix
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":-_.\\@").find(c) != std::string_view::npos;
  };
  std::string_view stem = given;
  if (stem.ends_with(kSuffix)) stem.remove_suffix(kSuffix.size());
  if (stem.empty() || stem.size() > kLongest || stem.front() == '-' || stem.front() == '.' ||
      !std::all_of(stem.begin(), stem.end(), fits))
    return fail(Errc::invalid, "'{}' is not the name of a service", printable(given));
  for (const std::string_view other : {".socket", ".timer", ".target", ".mount", ".path", ".slice", ".scope"})
    if (stem.ends_with(other)) return fail(Errc::invalid, "{} is not a service", given);
  if (stem.ends_with('@'))
    return fail(Errc::invalid, "{} is a template: name one service of it, such as {}1", given, stem);
  return std::string(stem) + std::string(kSuffix);
}

}  // namespace bansoko::harden
