// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shield/packet/address.h"

namespace bansoko::recon {

/// How somebody's wish to talk was met.
enum class Outcome : std::uint8_t {
  failed,    // refused, or not answered in time
  answered,  // which says nothing about the source: its address may be forged
  proven,    // answered, and the source knew what the answer said: it is where its address says
};

/// One conversation that somebody began, and how that went.
struct Attempt {
  packet::Address source = {};
  packet::Address dest = {};
  std::uint16_t source_port = 0;
  std::uint16_t dest_port = 0;
  std::uint8_t protocol = 0;
  Outcome outcome = Outcome::failed;
  std::uint64_t flow_id = 0;
  std::chrono::nanoseconds time{};  // when the outcome was known
};

/// Takes attempts, on the packet path.
class AttemptSink {
 public:
  virtual ~AttemptSink() = default;
  virtual void on_attempt(const Attempt& attempt) noexcept = 0;
};

}  // namespace bansoko::recon
