// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// What we ask of systemd. A test has a systemd of its own.
class Systemd {
 public:
  Systemd() = default;
  Systemd(const Systemd&) = delete;
  Systemd& operator=(const Systemd&) = delete;
  virtual ~Systemd() = default;

  virtual Result<Manager> manager() = 0;
  virtual Result<Properties> show(const std::string& service) = 0;
  virtual Result<> reload() = 0;
  /// Clears the count of failed starts, then restarts. Returns when systemd says it is done.
  virtual Result<> restart(const std::string& service) = 0;
};

/// The systemd of this host, through its own program.
class SystemctlProgram final : public Systemd {
 public:
  explicit SystemctlProgram(std::string path = "systemctl") : path_(std::move(path)) {}

  Result<Manager> manager() override;
  Result<Properties> show(const std::string& service) override;
  Result<> reload() override;
  Result<> restart(const std::string& service) override;

 private:
  std::string path_;
};

/// `systemctl --version`: "systemd 219", then the features with + or -.
Result<Manager> parse_manager(std::string_view text);

/// `systemctl show --all`: a property and its value in each line. Other lines are warnings, and skipped.
Properties parse_properties(std::string_view text);

/// "nginx" is nginx.service. Refused is what systemd.unit(5) does not allow in a name, and what is no
/// service.
Result<std::string> service_name(std::string_view given);

}  // namespace bansoko::harden
