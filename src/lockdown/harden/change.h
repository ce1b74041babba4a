// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/harden/check.h"
#include "lockdown/harden/places.h"
#include "lockdown/harden/systemd.h"

namespace bansoko::harden {

/// One service and what is needed to change it. All that it refers to must outlive it.
struct Target {
  std::string service = {};
  const ServiceFiles& files;
  Systemd& systemd;
  Asker& asker;
  std::function<void(const std::string&)> say;  ///< what is being done, for the operator
};

/// What the operator asked for besides.
struct Wish {
  bool restart = false;
  std::vector<Check> checks = {};
  std::chrono::milliseconds patience{30'000};  ///< until a restarted service must answer
  std::chrono::milliseconds settle{3'000};     ///< and then it must go on running
};

enum class Outcome : std::uint8_t {
  in_force,       ///< the service runs with the change
  at_next_start,  ///< it holds from the next start of the service
  taken_back,     ///< the service did not bear it: all is as before, and it answers
  broken,         ///< the service did not bear it, and does not answer after it was taken back either
};

/// Writes the drop-in, has systemd read it, and restarts the service if that was asked for. If the service
/// then does not run and answer as before, everything is taken back. Fails, with nothing changed, where it
/// does not answer before.
Result<Outcome> apply(Target& target, const std::string& drop_in, const Wish& wish);

/// Takes our drop-in away; the text stays beside it. Never gives taken_back.
Result<Outcome> withdraw(Target& target, const Wish& wish);

/// Takes back a change that an earlier call did not end. Tells whether there was one.
Result<bool> repair(Target& target);

}  // namespace bansoko::harden
