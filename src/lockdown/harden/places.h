// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// Where the drop-in of a service and what we remember of it are kept.
struct Places {
  std::string units = "/etc/systemd/system";
  std::string state = "/var/lib/bansoko/harden";
};

/// A change that is under way, or was when we were ended: enough to take it back.
struct Step {
  bool had_before = false;  ///< there was a drop-in of ours, and its copy is kept
  bool restarted = false;   ///< the service may run with the new one
};

enum class DropInState : std::uint8_t { absent, ours, foreign };

/// The files of one service. Every change of a file is atomic.
class ServiceFiles {
 public:
  ServiceFiles(const Places& places, std::string service);

  const std::string& drop_in() const noexcept { return drop_in_; }
  const std::string& kept() const noexcept { return kept_; }  ///< the drop-in before the last change

  Result<DropInState> state() const;
  Result<std::string> text() const;

  /// Copies what is there to kept(), if it is ours, and tells whether it was.
  Result<bool> keep() const;
  /// Never over what is not ours.
  Result<> write(const std::string& text) const;
  /// Renames ours to kept().
  Result<> withdraw() const;
  /// Takes back what write() did.
  Result<> take_back(const Step& step) const;

  Result<std::optional<Step>> step() const;
  Result<> note(const Step& step) const;
  Result<> done() const;

  Result<std::optional<Learned>> learned() const;
  Result<> remember(const Learned& learned) const;

  /// The unit's own settings, as they were before our drop-in: systemd shows both in one.
  Result<std::optional<Properties>> own_settings() const;
  Result<> remember(const Properties& properties) const;

  /// Held for as long as the descriptor lives. Fails at once where another call holds it.
  Result<UniqueFd> lock() const;

 private:
  std::string state_folder_;
  std::string drop_in_;
  std::string kept_;
  std::string base_;  ///< of the files in the state folder
};

}  // namespace bansoko::harden
