// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/flow_table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/keyed_hash.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::flow {
namespace {

using namespace std::chrono_literals;
using packet::Anomaly;
using packet::Packet;
using packet::Protocol;
using packet::TcpFlag;

constexpr std::uint64_t kSeed = 0x1234;

struct Ended : FlowListener {
  void on_flow_end(Flow& flow) noexcept override { ids.push_back(flow.id); }
  std::vector<std::uint64_t> ids;
};

Packet between(std::uint16_t source, std::uint16_t dest, std::uint8_t protocol = Protocol::tcp) {
  Packet packet;
  packet.ip_version = 4;
  packet.protocol = protocol;
  packet.has_transport = true;
  packet.source =
      packet::Address::v4(10, 0, static_cast<std::uint8_t>(source >> 8), static_cast<std::uint8_t>(source));
  packet.dest =
      packet::Address::v4(10, 0, static_cast<std::uint8_t>(dest >> 8), static_cast<std::uint8_t>(dest));
  packet.source_port = source;
  packet.dest_port = dest;
  return packet;
}

Packet with_flags(Packet packet, unsigned flags) {
  packet.tcp.flags = static_cast<std::uint8_t>(flags);
  return packet;
}

Packet at(Packet packet, std::chrono::nanoseconds time) {
  packet.arrived = time;
  return packet;
}

Packet reversed(Packet packet) {
  std::swap(packet.source, packet.dest);
  std::swap(packet.source_port, packet.dest_port);
  return packet;
}

Packet tagged(Packet packet, std::uint16_t control) {
  packet.vlan = {control, 0};
  packet.vlan_count = 1;
  return packet;
}

Packet tagged_twice(Packet packet, std::uint16_t inner) {
  packet.vlan = {7, inner};
  packet.vlan_count = 2;
  return packet;
}

Packet inside(Packet packet, std::uint64_t network) {
  packet.network = network;
  packet.depth = 1;
  return packet;
}

struct SameFlowCase {
  std::string_view name;
  Packet first;
  Packet second;
  bool same = true;
};

class SameFlow : public testing::TestWithParam<SameFlowCase> {};

TEST_P(SameFlow, IsFound) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet first = GetParam().first;
  Packet second = GetParam().second;
  const auto a = table.track(first);
  const auto b = table.track(second);
  ASSERT_NE(a.flow, nullptr);
  EXPECT_TRUE(a.created);
  EXPECT_EQ(a.flow == b.flow, GetParam().same);
  EXPECT_EQ(b.created, !GetParam().same);
}

INSTANTIATE_TEST_SUITE_P(
    FlowTable, SameFlow,
    testing::Values(
        SameFlowCase{"same_direction", between(2000, 80), between(2000, 80)},
        SameFlowCase{"other_direction", between(2000, 80), reversed(between(2000, 80))},
        SameFlowCase{"icmp_other_direction", between(1, 2, Protocol::icmp), between(2, 1, Protocol::icmp)},
        SameFlowCase{"other_port", between(2000, 80), between(2001, 80), false},
        SameFlowCase{"other_protocol", between(2000, 80), between(2000, 80, Protocol::udp), false},
        SameFlowCase{"other_vlan", tagged(between(2000, 80), 7), tagged(between(2000, 80), 8), false},
        SameFlowCase{"other_inner_vlan", tagged_twice(between(2000, 80), 8),
                     tagged_twice(between(2000, 80), 9), false},
        SameFlowCase{"no_inner_vlan", tagged_twice(between(2000, 80), 8), tagged(between(2000, 80), 7),
                     false},
        SameFlowCase{"same_network", inside(between(2000, 80), 5), inside(reversed(between(2000, 80)), 5)},
        SameFlowCase{"other_network", inside(between(2000, 80), 5), inside(between(2000, 80), 6), false},
        SameFlowCase{"no_network", inside(between(2000, 80), 5), between(2000, 80), false},
        SameFlowCase{"no_vlan", tagged(between(2000, 80), 7), between(2000, 80), false},
        SameFlowCase{"other_vlan_priority", tagged(between(2000, 80), 0x2007),
                     tagged(between(2000, 80), 0xe007)}),
    by_name);

TEST(FlowTable, HopsAreThoseOfHostsOutsideTunnels) {
  Ended ended;
  auto hosts = std::make_shared<packet::HostTable>();
  ASSERT_TRUE(hosts->set_hops("0.0.0.0/0", 3));
  FlowTable table({.max_flows = 8, .hosts = hosts}, kSeed, ended);
  Packet outside = between(2000, 80);
  Packet within = inside(between(2000, 80), 5);
  EXPECT_EQ(table.track(outside).flow->hosts[1].hops, 3);
  EXPECT_EQ(table.track(within).flow->hosts[1].hops, 0);
}

struct ClientCase {
  std::string_view name;
  Packet packet;
  std::uint16_t client_port = 0;
  Side side = Side::client;
  bool midstream = false;
};

class Client : public testing::TestWithParam<ClientCase> {};

TEST_P(Client, IsToldByTheFirstPacket) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet packet = GetParam().packet;
  const auto found = table.track(packet);
  ASSERT_NE(found.flow, nullptr);
  EXPECT_EQ(found.flow->key.client_port, GetParam().client_port);
  EXPECT_EQ(found.side, GetParam().side);
  EXPECT_EQ(found.flow->midstream, GetParam().midstream);
}

constexpr unsigned kSynAck = TcpFlag::syn | TcpFlag::ack;

INSTANTIATE_TEST_SUITE_P(
    FlowTable, Client,
    testing::Values(
        ClientCase{"syn", with_flags(between(2000, 80), TcpFlag::syn), 2000, Side::client, false},
        ClientCase{"syn_from_low_port", with_flags(between(80, 2000), TcpFlag::syn), 80},
        ClientCase{"syn_ack", with_flags(between(2000, 3000), kSynAck), 3000, Side::server, true},
        ClientCase{"ack", with_flags(between(2000, 80), TcpFlag::ack), 2000, Side::client, true},
        ClientCase{"ack_from_low", with_flags(between(80, 2000), TcpFlag::ack), 2000, Side::server, true},
        ClientCase{"ack_both_low", with_flags(between(80, 81), TcpFlag::ack), 80, Side::client, true},
        ClientCase{"udp", between(53, 2000, Protocol::udp), 53},
        ClientCase{"icmp", between(9, 8, Protocol::icmp), 0}),
    by_name);

TEST(FlowTable, GivesNoFlowToWhatIsNotAWholeIpPacket) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet not_ip;
  Packet fragment = between(1, 2);
  fragment.is_fragment = true;
  Packet cut = between(1, 2);
  cut.has_transport = false;
  for (Packet* packet : {&not_ip, &fragment, &cut}) {
    EXPECT_EQ(table.track(*packet).flow, nullptr);
    EXPECT_TRUE(packet->anomalies.empty());
  }
  Packet gre = between(1, 2, 47);
  gre.has_transport = false;
  EXPECT_NE(table.track(gre).flow, nullptr);
}

TEST(FlowTable, CountsTrafficAndKnowsWhenBothHaveSpoken) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  const std::vector<std::uint8_t> bytes(100);
  Packet query = between(2000, 53, Protocol::udp);
  query.ip = bytes;
  Flow& flow = *table.track(query).flow;
  EXPECT_EQ(flow.phase, Phase::opening);
  Packet reply = reversed(query);
  EXPECT_EQ(table.track(reply).side, Side::server);
  EXPECT_EQ(flow.phase, Phase::established);
  EXPECT_EQ(flow.traffic[0].bytes, 100u);
  EXPECT_EQ(flow.traffic[1].packets, 1u);
}

struct TimeoutCase {
  std::string_view name;
  std::uint8_t protocol = Protocol::tcp;
  Phase phase = Phase::opening;
  Standing standing = Standing::inspected;
  std::chrono::seconds kept{};
};

class Timeout : public testing::TestWithParam<TimeoutCase> {};

TEST_P(Timeout, EndsASilentFlow) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet packet = at(between(2000, 80, GetParam().protocol), 1000s);
  Flow& flow = *table.track(packet).flow;
  flow.phase = GetParam().phase;  // as the tracker and the judge do, after track()
  flow.standing = GetParam().standing;
  table.expire(1000s + GetParam().kept - 1ns);
  EXPECT_TRUE(ended.ids.empty());
  table.expire(1000s + GetParam().kept);
  EXPECT_EQ(ended.ids.size(), 1u);
  EXPECT_EQ(table.counters().timed_out.value(), 1u);
  EXPECT_EQ(table.counters().active.value(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    FlowTable, Timeout,
    testing::Values(
        TimeoutCase{"tcp_opening", Protocol::tcp, Phase::opening, Standing::inspected, 30s},
        TimeoutCase{"tcp_established", Protocol::tcp, Phase::established, Standing::inspected, 600s},
        TimeoutCase{"tcp_closing", Protocol::tcp, Phase::closing, Standing::inspected, 600s},
        TimeoutCase{"tcp_closed", Protocol::tcp, Phase::closed, Standing::inspected, 10s},
        TimeoutCase{"tcp_closed_but_blocked", Protocol::tcp, Phase::closed, Standing::blocked, 600s},
        TimeoutCase{"udp", Protocol::udp, Phase::opening, Standing::inspected, 60s},
        TimeoutCase{"udp_established", Protocol::udp, Phase::established, Standing::inspected, 60s},
        TimeoutCase{"icmp", Protocol::icmp, Phase::opening, Standing::inspected, 30s}),
    by_name);

TEST(FlowTable, APacketPutsTheTimeoutOff) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet packet = at(between(1, 2, Protocol::udp), 0s);
  table.track(packet);
  packet.arrived = 50s;
  table.track(packet);
  packet.arrived = 20s;  // a capture may be out of order
  table.track(packet);
  table.expire(109s);
  EXPECT_TRUE(ended.ids.empty());
  table.expire(110s);
  EXPECT_EQ(ended.ids.size(), 1u);
}

TEST(FlowTable, ExpiryIsBoundedPerCall) {
  Ended ended;
  FlowTable table({.max_flows = 1000}, kSeed, ended);
  for (std::uint16_t port = 0; port < 1000; ++port) {
    Packet packet = between(port, 2000);
    table.track(packet);
  }
  table.expire(10000s);
  EXPECT_EQ(ended.ids.size(), 64u);
  for (int call = 0; call < 20; ++call) table.expire(10000s);
  EXPECT_EQ(ended.ids.size(), 1000u);
}

TEST(FlowTable, ASlotThatWasUsedIsUsedAgainBeforeOneThatNeverWas) {
  Ended ended;
  FlowTable table({.max_flows = 8}, kSeed, ended);
  Packet first = at(between(1, 80), 1s), second = at(between(2, 80), 1s), third = at(between(3, 80), 1h);
  EXPECT_EQ(table.track(first).flow->slot, 0U);
  EXPECT_EQ(table.track(second).flow->slot, 1U);
  table.expire(1h);
  EXPECT_EQ(ended.ids.size(), 2U);
  EXPECT_LT(table.track(third).flow->slot, 2U);
}

TEST(FlowTable, FullGivesUpTheOldestThatIsNotEstablished) {
  Ended ended;
  FlowTable table({.max_flows = 3}, kSeed, ended);
  std::vector<Flow*> flows;
  for (std::uint16_t port = 1; port <= 3; ++port) {
    Packet packet = at(between(port, 2000), std::chrono::seconds(port));
    flows.push_back(table.track(packet).flow);
  }
  flows[0]->phase = Phase::established;
  Packet again = at(between(1, 2000), 4s);
  table.track(again);
  const std::uint64_t weakest = flows[1]->id;
  Packet fourth = at(between(4, 2000, Protocol::udp), 5s);
  EXPECT_NE(table.track(fourth).flow, nullptr);
  EXPECT_EQ(ended.ids, std::vector{weakest});
  EXPECT_EQ(table.counters().evicted.value(), 1u);
}

TEST(FlowTable, FullOfEstablishedAndBlockedRefuses) {
  Ended ended;
  FlowTable table({.max_flows = 2}, kSeed, ended);
  Packet first = between(1, 2000);
  table.track(first).flow->phase = Phase::established;
  Packet second = between(2, 2000);
  table.track(second).flow->standing = Standing::blocked;
  Packet third = between(3, 2000);
  EXPECT_EQ(table.track(third).flow, nullptr);
  EXPECT_TRUE(third.anomalies.has(Anomaly::flow_limit));
  EXPECT_EQ(table.counters().refused.value(), 1u);
  EXPECT_NE(table.track(first).flow, nullptr);
  EXPECT_TRUE(ended.ids.empty());
}

struct SynCase {
  std::string_view name;
  Phase phase = Phase::opening;
  Standing standing = Standing::inspected;
  bool renewed = false;
};

class SynOnAFlow : public testing::TestWithParam<SynCase> {};

TEST_P(SynOnAFlow, BeginsANewOneOnlyWhenItIsOver) {
  Ended ended;
  FlowTable table({.max_flows = 2}, kSeed, ended);
  Packet syn = with_flags(between(2000, 80), TcpFlag::syn);
  const auto first = table.track(syn);
  const std::uint64_t id = first.flow->id;
  first.flow->phase = GetParam().phase;
  first.flow->standing = GetParam().standing;
  Packet again = reversed(syn);  // the roles may change
  const auto second = table.track(again);
  EXPECT_EQ(second.created, GetParam().renewed);
  EXPECT_EQ(second.flow->id != id, GetParam().renewed);
  EXPECT_EQ(second.flow->is_successor, GetParam().renewed);
  EXPECT_EQ(second.side, GetParam().renewed ? Side::client : Side::server);
  EXPECT_EQ(ended.ids.size(), GetParam().renewed ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    FlowTable, SynOnAFlow,
    testing::Values(SynCase{"opening", Phase::opening, Standing::inspected, false},
                    SynCase{"established", Phase::established, Standing::inspected, false},
                    SynCase{"closing", Phase::closing, Standing::inspected, false},
                    SynCase{"closed", Phase::closed, Standing::inspected, true},
                    SynCase{"closed_but_blocked", Phase::closed, Standing::blocked, false}),
    by_name);

TEST(FlowTable, HoldsAllThatItSaysAndTellsOfEach) {
  Ended ended;
  FlowTable table({}, kSeed, ended);
  ASSERT_EQ(table.capacity(), 65536u);
  ended.ids.reserve(65536);
  const AllocationCounter allocations;
  for (std::uint32_t port = 0; port < 65536; ++port) {
    Packet packet = between(static_cast<std::uint16_t>(port), 80);
    const auto found = table.track(packet);
    ASSERT_TRUE(found.created);
    found.flow->phase = Phase::established;
  }
  Packet one_more = between(1, 81);
  EXPECT_EQ(table.track(one_more).flow, nullptr);
  for (std::uint32_t port = 0; port < 65536; ++port) {
    Packet packet = reversed(between(static_cast<std::uint16_t>(port), 80));
    ASSERT_FALSE(table.track(packet).created);
  }
  table.clear();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(ended.ids.size(), 65536u);
  EXPECT_TRUE(table.track(one_more).created);
}

TEST(KeyedHash, DependsOnTheSeed) {
  const std::array<std::uint64_t, 2> words{1, 2};
  EXPECT_EQ(KeyedHash(1)(words), KeyedHash(1)(words));
  EXPECT_NE(KeyedHash(1)(words), KeyedHash(2)(words));
}

TEST(KeyedHash, SpreadsNeighbours) {
  const KeyedHash hash(kSeed);
  std::vector<int> buckets(256);
  for (std::uint64_t word = 0; word < 25600; ++word) ++buckets[hash(std::array{word}) & 255U];
  for (const int count : buckets) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 150);
  }
}

}  // namespace
}  // namespace bansoko::flow
