// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "base/bytes.h"
#include "shield/flow/flow_table.h"

namespace bansoko::flow {
namespace {

constexpr std::uint32_t kFlows = 5;

void require(bool claim) noexcept {
  if (!claim) std::abort();
}

/// Knows which flows there are.
struct Census : FlowListener {
  void on_flow_end(Flow& flow) noexcept override { require(living.erase(flow.id) == 1); }
  std::set<std::uint64_t> living;
};

packet::Packet packet_of(ByteReader& in) noexcept {
  constexpr std::array kProtocols{packet::Protocol::tcp, packet::Protocol::udp, packet::Protocol::icmp,
                                  packet::Protocol::tcp};
  const std::uint8_t ends = in.u8();
  const std::uint8_t kind = in.u8();
  packet::Packet packet;
  packet.ip_version = 4;
  packet.protocol = kProtocols[kind & 3U];
  packet.has_transport = (kind & 4U) == 0;
  packet.is_fragment = (kind & 0x18U) == 0x18U;
  packet.source = packet::Address::v4(10, 0, 0, ends & 1U);
  packet.dest = packet::Address::v4(10, 0, 0, ends >> 1U & 1U);
  packet.source_port = ends >> 2U & 3U;
  packet.dest_port = ends >> 4U & 3U;
  packet.vlan_count = ends >> 6U & 1U;
  packet.vlan[0] = 7;
  packet.network = kind >> 5U & 3U;
  packet.tcp.flags = in.u8();
  return packet;
}

void track(FlowTable& table, Census& census, packet::Packet& packet, std::uint8_t change) noexcept {
  const FlowTable::Found found = table.track(packet);
  if (found.flow == nullptr) return;
  if (found.created) require(census.living.insert(found.flow->id).second);
  require(census.living.contains(found.flow->id));
  const packet::Address& sender =
      found.side == Side::client ? found.flow->key.client : found.flow->key.server;
  require(sender == packet.source);
  packet::Packet again = packet;
  again.tcp.flags = 0;
  require(table.track(again).flow == found.flow);
  found.flow->phase = static_cast<Phase>(change & 3U);
  found.flow->standing = static_cast<Standing>(change >> 2U & 3U);
}

}  // namespace
}  // namespace bansoko::flow

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bansoko::flow;
  bansoko::ByteReader in({data, size});
  Census census;
  FlowTable table({.max_flows = kFlows}, in.u8(), census);
  std::chrono::seconds now{1000};
  while (!in.rest().empty()) {
    bansoko::packet::Packet packet = packet_of(in);
    const std::uint8_t later = in.u8();
    now += std::chrono::seconds(later & 0x1fU);
    packet.arrived = now - std::chrono::seconds(later >> 5U);
    track(table, census, packet, in.u8());
    if ((later & 1U) != 0) table.expire(now);
    require(census.living.size() == table.counters().active.value() && census.living.size() <= kFlows);
  }
  table.clear();
  require(census.living.empty());
  return 0;
}
