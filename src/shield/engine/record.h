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
  alert,           // a rule spoke
  excepted,        // a rule spoke, and an operator's exception is about it
  anomaly,         // refused, and not by a rule
  flow_end,        // a blocked flow is over
  rule_slow,       // match.rule took longer than it may, and stays in force
  rule_suspended,  // and is left out for some time
  rule_resumed,    // and is tried again
  parser_stopped,  // the flow's parser took longer than it may
  clock_jumped,
};

/// The outermost packet around one that came in tunnels.
struct TunnelEnds {
  packet::Address source = {};
  packet::Address dest = {};
  std::uint16_t source_port = 0;
  std::uint16_t dest_port = 0;
  std::uint8_t protocol = 0;
  std::uint8_t depth = 0;  // how many; 0: none
};

/// What a worker has to tell, as plain data: words are put to it off the packet path.
struct Record {
  RecordKind kind = RecordKind::alert;
  flow::Side side = flow::Side::client;
  bool has_flow = false;
  std::uint8_t protocol = 0;  // of the upper layer
  Reason reason = Reason::clean;
  Mode mode = Mode::enforce;                       // that the packet was judged under
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
  TunnelEnds tunnel = {};
  packet::AnomalySet anomalies = {};
  EvidenceKey evidence = {};         // what was kept of the traffic
  detect::Match match = {};          // of an alert
  packet::Conflict conflict = {};    // of an anomaly: what differed
  std::chrono::nanoseconds spent{};  // by a rule or parser; of a jump: by how much
};

}  // namespace bansoko::engine
