// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shield/detect/inspector.h"
#include "shield/engine/judge.h"
#include "shield/engine/packet_ring.h"
#include "shield/packet/address.h"
#include "shield/packet/anomaly.h"
#include "shield/packet/conflict.h"

namespace bansoko::engine {

enum class RecordKind : std::uint8_t {
  alert,     // a rule spoke
  anomaly,   // refused, and not by a rule
  flow_end,  // a blocked flow is over
};

/// What a worker has to tell, as plain data: words are put to it off the packet path.
struct Record {
  RecordKind kind = RecordKind::alert;
  flow::Side side = flow::Side::client;
  bool has_flow = false;
  std::uint8_t protocol = 0;  // of the upper layer
  Reason reason = Reason::clean;
  packet::Action action = packet::Action::accept;  // what enforcing does
  std::uint16_t source_port = 0;
  std::uint16_t dest_port = 0;
  std::size_t application = detect::Subject::kNoProtocol;
  std::uint64_t number = 0;  // of this record, in this run
  std::uint64_t packet_number = 0;
  std::chrono::nanoseconds time{};
  std::uint64_t flow_id = 0;
  std::uint64_t generation = 0;       // of the rules
  std::uint64_t refused_packets = 0;  // of the flow, so far
  packet::Address source = {};
  packet::Address dest = {};
  packet::AnomalySet anomalies = {};
  EvidenceKey evidence = {};       // what was kept of the traffic
  detect::Match match = {};        // of an alert
  packet::Conflict conflict = {};  // of an anomaly: what differed
};

}  // namespace bansoko::engine
