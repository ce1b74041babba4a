// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "shield/flow/stream_chunk.h"
#include "shield/packet/host.h"
#include "shield/packet/packet.h"

namespace bansoko::flow {

/// Both ends of a flow. `client` is who opened it: who sent the first packet, or for TCP the SYN.
struct FlowKey {
  packet::Address client = {};
  packet::Address server = {};
  std::uint16_t client_port = 0;  // 0 on both sides where the protocol has none (ICMP)
  std::uint16_t server_port = 0;
  std::uint32_t vlan = 0;     // the 12-bit ids of the two outermost tags, the outer one low
  std::uint64_t network = 0;  // Packet::network
  std::uint8_t protocol = 0;
};

/// How far a conversation has come. UDP and the rest: established once both sides have spoken.
enum class Phase : std::uint8_t { opening, established, closing, closed };

/// What has been decided about the rest of a flow.
enum class Standing : std::uint8_t {
  inspected,
  passed,    // a pass rule, or an operator's exception: accepted unseen
  released,  // the inspection depth is reached: accepted unseen
  blocked,   // every further packet is dropped
};

/// One conversation. It lives in a slot of its FlowTable; whoever keeps more about a flow keeps
/// an array of FlowTable::capacity() and indexes it by `slot`.
struct Flow {
  struct Traffic {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;  // of IP
  };

  std::uint64_t id = 0;  // unlike any other of this run
  std::uint32_t slot = 0;
  FlowKey key = {};
  Phase phase = Phase::opening;
  Standing standing = Standing::inspected;
  bool midstream = false;     // TCP: we did not see it begin
  bool is_successor = false;  // TCP: it began where another flow had just been closed
  bool has_stream = false;    // TCP: segments are being put in order; when false, each is looked at alone
  std::chrono::nanoseconds started{};
  std::chrono::nanoseconds last_seen{};
  std::array<Traffic, 2> traffic{};         // by Side
  std::array<packet::HostView, 2> hosts{};  // by Side: what operators say of each end
  std::array<std::uint64_t, 2> sequence{};  // by Side: TCP: how far its numbers have come without a hole; the
                                            // SYN counts as one, the FIN does not; 0: nothing seen

  bool is_tcp() const noexcept { return key.protocol == packet::Protocol::tcp; }
};

/// Told when a flow ends, by closing, timing out or giving way; the slot is used again afterwards.
class FlowListener {
 public:
  virtual ~FlowListener() = default;
  virtual void on_flow_end(Flow& flow) noexcept = 0;
};

}  // namespace bansoko::flow
