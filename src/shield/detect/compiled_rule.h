// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "shield/detect/program.h"
#include "shield/detect/rule_memory.h"
#include "shield/detect/transform.h"
#include "shield/flow/flow.h"
#include "shield/packet/packet.h"
#include "shield/proto/protocol.h"
#include "shield/rule/rule_text.h"

namespace bansoko::detect {

/// What a check about the packet or its flow may look at.
struct EvalContext {
  const packet::Packet& packet;
  const flow::Flow* flow;  // null: none
  flow::Side side;
  std::size_t protocol;  // of the flow, an index into CompileSettings::protocols; kNoProtocol: not known
  bool given_up;         // what this side says is none that we know
};
inline constexpr std::size_t kNoProtocol = static_cast<std::size_t>(-1);

/// A condition outside all buffers: a function and its numbers.
using CheckNumbers = std::array<std::uint64_t, 3>;
struct Check {
  bool (*holds)(const EvalContext& at, const CheckNumbers& numbers) noexcept;
  CheckNumbers numbers{};
  bool is_of_flow = false;  // the answer is the same for all packets of a flow's side
};

/// `flowbits:isset,a|b`: any of the bits (or none of them).
struct BitTest {
  std::vector<std::uint32_t> any_of;
  bool wanted = true;
};

/// `flowbits:set,a` and its like, done when the rule has matched.
struct BitChange {
  enum class Kind : std::uint8_t { set, unset, toggle } kind = Kind::set;
  std::uint32_t bit = 0;
};

/// `threshold` and `detection_filter`.
struct Threshold {
  enum class Kind : std::uint8_t { none, limit, threshold, both, backoff, filter } kind = Kind::none;
  enum class Track : std::uint8_t { by_source, by_dest, by_both, by_rule, by_flow } track = Track::by_source;
  std::uint32_t count = 1;
  std::uint32_t seconds = 60;
  std::uint32_t multiplier = 10;  // of `backoff`: what the count it waits for grows by each time
};

/// `flow`.
struct FlowNeeds {
  bool stated = false;  // the rule says something about its flow, so it must have one
  bool established = false;
  bool not_established = false;
  bool only_stream = false;
  bool no_stream = false;
};

/// Which sides a rule may look at.
using Sides = std::uint8_t;
inline constexpr Sides kClientSide = 1, kServerSide = 2, kBothSides = 3;
constexpr Sides bit_of(flow::Side side) noexcept {
  return side == flow::Side::client ? kClientSide : kServerSide;
}

/// Some of a packet's bytes. `answers`: the rule is about what the packet's receiver has said.
using PacketBytes = Bytes (*)(const packet::Packet& packet, bool answers) noexcept;

/// The steps for one buffer. A name may stand for one row of the protocol's table per side.
struct Part {
  static constexpr std::int16_t kPayload = -1;
  std::array<std::int16_t, 2> row{kPayload, kPayload};  // by Side: an index into Protocol::buffers
  std::string_view name = "payload";
  std::vector<Transform> transforms;  // of its bytes, before the steps look at them
  static constexpr std::int32_t kNoChain = -1;
  std::int32_t chain = kNoChain;  // these transforms, an index into RuleSet::State::chains
  std::vector<Step> steps;
  /// It holds where the message has no such buffer: then alone, or then as well.
  enum class Absence : std::uint8_t { fails, required, allowed } absence = Absence::fails;
  /// The bytes are no protocol's but of the packet at hand: a header, an address.
  PacketBytes of_packet = nullptr;

  bool is_payload() const noexcept { return of_packet == nullptr && name == "payload"; }
};

/// A protocol's number that must lie in one of some ranges, or be a moment before or after the present.
struct FieldTest {
  enum class Clock : std::uint8_t { none, past, future };
  std::array<std::int16_t, 2> row{-1, -1};  // by Side: an index into Protocol::fields
  std::string_view name;
  Range range;
  std::vector<Range> or_ranges = {};
  Clock clock = Clock::none;  // the number is seconds since 1970

  bool holds(std::uint64_t value, std::uint64_t now) const noexcept {
    if (clock != Clock::none) return clock == Clock::past ? value < now : value > now;
    if (range.contains(value)) return true;
    for (const Range& other : or_ranges)
      if (other.contains(value)) return true;
    return false;
  }
};

/// Where the bytes are that a rule looks at.
enum class Scope : std::uint8_t {
  packet,       // one packet at a time
  stream,       // the bytes of a side in order
  transaction,  // what a parser found (its payload parts, if any, are looked for in the stream)
  once,         // only addresses: asked once per flow and side
  anomaly,      // what is wrong with a packet, or what a parser complained about
};

/// A rule ready to be evaluated.
struct CompiledRule {
  rule::AddressSet source, dest;
  rule::PortSet source_ports, dest_ports;
  bool both_directions = false;
  std::uint8_t ip_version = 0;           // 0: either
  std::vector<std::uint8_t> transports;  // IP protocol numbers; empty: any
  std::int16_t protocol = -1;            // application protocol, an index into CompileSettings::protocols
  Scope scope = Scope::packet;
  bool packets_too = false;    // Scope::stream: each packet alone as well
  bool fragments_too = false;  // it is asked of each fragment as well
  bool about_anomaly = false;
  std::string_view protocol_anomaly = {};  // of a rule about one that a parser notes: an entry of
                                           // Protocol::anomalies
  Sides sides = kBothSides;
  FlowNeeds flow;
  std::vector<Check> checks;
  std::vector<BitTest> bit_tests;
  std::vector<BitChange> bit_changes;
  std::shared_ptr<RuleMemory> memory;  // null: nothing
  std::vector<Part> parts;
  std::vector<FieldTest> fields;
  Threshold threshold, filter;
  std::array<std::uint8_t, 2> needs{};  // by Side: the progress at which every part is ready
  std::array<bool, 2> grows{};          // by Side: some part may still get longer after that
};

}  // namespace bansoko::detect
