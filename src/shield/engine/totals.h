// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "shield/engine/worker.h"
#include "shield/proto/protocol.h"

namespace bansoko::engine {

/// Counts by name; only what was seen is in it.
using Named = std::map<std::string, std::uint64_t, std::less<>>;

/// What one or several workers have done, added up: what status and a replay's summary show.
struct Totals {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tunnelled = 0;        // packets found inside others
  std::uint64_t refused_packets = 0;  // of blocked flows
  std::uint64_t alerts = 0;
  std::uint64_t flows = 0;
  std::uint64_t active_flows = 0;
  std::uint64_t streams = 0;
  std::uint64_t stream_bytes = 0;  // put in order and delivered
  std::uint64_t sealed_bytes = 0;  // of these: encrypted, and not searched
  std::uint64_t candidates = 0;    // rules that the prefilter proposed
  std::uint64_t matches = 0;
  Named verdicts;  // what the kernel was told
  Named enforced;  // what mode enforce tells it
  Named reasons;
  Named anomalies;
  Named limits;    // bounds that were reached, and what was lost by it
  Named recon;     // what was found about scans, and what it was found from
  Named infected;  // hosts of ours that were told as infected, by sign
  Named transactions;
  Named inspected;  // bytes searched for patterns, by buffer and direction
};

void add(Totals& totals, const Worker& worker, std::span<const proto::Protocol* const> protocols);

/// Whether anything passed or was lost because a bound was reached.
bool limits_reached(const Totals& totals) noexcept;

}  // namespace bansoko::engine
