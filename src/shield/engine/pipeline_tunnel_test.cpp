// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"
#include "tests/traffic/tunnels.h"

namespace bansoko::engine {
namespace {

using traffic::ethernet;
using traffic::From;
using traffic::IpFields;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kDrop =
    "drop tcp any any -> any any (msg:\"evil\"; flow:established,to_server; content:\"EVIL\"; sid:1;)\n";
constexpr std::string_view kReject =
    "reject tcp any any -> any any (msg:\"no\"; flow:established,to_server; content:\"EVIL\"; sid:3;)\n";
constexpr std::string_view kPassTunnel = "pass udp any any -> any 4789 (msg:\"leave it\"; sid:4;)\n";
constexpr std::string_view kTunnelSeen = "alert udp any any -> any 4789 (msg:\"vxlan\"; sid:5;)\n";
constexpr std::string_view kRawEvil = "drop udp any any -> any any (msg:\"raw\"; content:\"EVIL\"; sid:6;)\n";
constexpr std::string_view kOuterHost = "drop ip 10.0.0.1 any -> any any (msg:\"host\"; sid:7;)\n";
constexpr std::string_view kInnerHost = "drop ip 192.168.1.1 any -> any any (msg:\"host\"; sid:8;)\n";
constexpr std::string_view kUdpEvil = "drop udp any any -> any 53 (msg:\"udp\"; content:\"EVIL\"; sid:9;)\n";
constexpr std::string_view kPing =
    "drop icmp any any -> any any (msg:\"ping\"; itype:8; content:\"EVIL\"; sid:10;)\n";

constexpr packet::Address kOne = packet::Address::v4(192, 168, 1, 1);
constexpr packet::Address kTwo = packet::Address::v4(192, 168, 1, 2);
const IpFields kInner{.source = kOne, .dest = kTwo};
const IpFields kElsewhere{.source = packet::Address::v4(10, 9, 9, 9)};

/// What puts an IP packet into a tunnel, and that into an Ethernet frame.
using Wrap = std::function<Octets(const Octets&)>;

Wrap vxlan(std::uint32_t network, const IpFields& ip = {}) {
  return [=](const Octets& packet) {
    return ethernet(traffic::over_udp(4789, traffic::vxlan(network, ethernet(packet)), ip));
  };
}
Octets in_ip(const Octets& packet) { return traffic::ip_packet({}, 4, packet); }
Octets ip_in_ip(const Octets& packet) { return ethernet(in_ip(packet)); }
Octets in_gre(const Octets& packet) { return ethernet(traffic::ip_packet({}, 47, traffic::gre({}, packet))); }
Octets geneve(const Octets& packet) {
  return ethernet(traffic::over_udp(6081, traffic::geneve(1, 0x0800, packet)));
}
Octets pppoe(const Octets& packet) {
  return ethernet(traffic::pppoe(3, traffic::ppp(0x0021, packet, false)), {.type = 0x8864});
}
Octets mpls(const Octets& packet) { return ethernet(traffic::mpls({9}, packet), {.type = 0x8847}); }

std::vector<Octets> all_in(const Wrap& wrap, const std::vector<Octets>& packets) {
  std::vector<Octets> frames;
  for (const Octets& packet : packets) frames.push_back(wrap(packet));
  return frames;
}

std::vector<Octets> chain(std::vector<std::vector<Octets>> parts) {
  std::vector<Octets> frames;
  for (const auto& part : parts) frames.insert(frames.end(), part.begin(), part.end());
  return frames;
}

TestTcp opened(std::uint16_t port = 40000) {
  return TestTcp(kOne, port, kTwo, 80).link(packet::Link::ip).handshake();
}

const std::vector<Octets> kEvil = opened().client("EVIL").client("more").server("x").frames();
const std::vector<Octets> kFine = opened(40001).client("fine").frames();

Octets udp(std::string_view payload) { return traffic::udp_packet(kInner, {}, payload); }
Octets ping(std::string_view payload) { return traffic::icmp_packet(kInner, {}, payload); }

/// An inner datagram in three fragments, the last of them three times.
std::vector<Octets> inner_fragments() {
  const std::string payload = std::string(30, 'x') + "EVIL" + std::string(30, 'y');
  auto parts = traffic::fragments(kInner, packet::udp, traffic::udp_datagram(kInner, {}, payload), 32);
  parts.insert(parts.end(), 2, parts.back());
  return parts;
}

/// The same in a tunnel whose own packets are fragments.
std::vector<Octets> outer_fragments(const Octets& inner) {
  std::vector<Octets> frames;
  for (const Octets& part : traffic::fragments({}, 4, inner, 48)) frames.push_back(ethernet(part));
  frames.push_back(frames.back());
  return frames;
}

std::vector<Octets> fragments_in_fragments() {
  std::vector<Octets> frames;
  std::uint32_t id = 100;
  for (const Octets& part : inner_fragments()) {
    const IpFields outer{.id = ++id};
    for (const Octets& piece : traffic::fragments(outer, 4, part, 24)) frames.push_back(ethernet(piece));
  }
  return frames;
}

Octets nested(int times, Octets packet) {
  for (int i = 0; i < times; ++i) packet = in_ip(packet);
  return ethernet(packet);
}

Octets lying(Octets packet) {
  packet[3] = 200;  // its total length
  return packet;
}

struct Case {
  std::string_view name;
  std::string rules;
  std::vector<Octets> frames;
  std::string verdicts;
  std::string alerts;
};

class PipelineTunnel : public testing::TestWithParam<Case> {};

TEST_P(PipelineTunnel, Enforces) {
  Line line(GetParam().rules);
  EXPECT_EQ(line.send_all(GetParam().frames), GetParam().verdicts);
  EXPECT_EQ(line.alerts(), GetParam().alerts);
}

TEST_P(PipelineTunnel, ObservingAcceptsAll) {
  Line line(GetParam().rules, small_settings(Mode::observe));
  EXPECT_EQ(line.send_all(GetParam().frames), std::string(GetParam().verdicts.size(), 'a'));
  EXPECT_EQ(line.alerts().substr(0, GetParam().alerts.size()), GetParam().alerts);
}

TEST_P(PipelineTunnel, AllocatesNothing) {
  Line line(GetParam().rules);
  line.send_all(all_in(in_gre, opened(50000).client("warm").frames()));
  const AllocationCounter allocations;
  for (const Octets& frame : GetParam().frames) line.send(frame);
  EXPECT_EQ(allocations.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Inner, PipelineTunnel,
    testing::Values(
        // The packet and what follows it in its flow; the kernel knows the tunnel alone and must not block
        // it.
        Case{"Vxlan", std::string(kDrop), all_in(vxlan(1), kEvil), "aaaddd", "1:rule"},
        Case{"Geneve", std::string(kDrop), all_in(geneve, kEvil), "aaaddd", "1:rule"},
        Case{"Gre", std::string(kDrop), all_in(in_gre, kEvil), "aaaddd", "1:rule"},
        Case{"IpInIp", std::string(kDrop), all_in(ip_in_ip, kEvil), "aaaddd", "1:rule"},
        Case{"RejectedLikeDropped", std::string(kReject), all_in(vxlan(1), kEvil), "aaaddd", "3:rule"},
        // What no tunnel is around, the kernel blocks.
        Case{"Pppoe", std::string(kDrop), all_in(pppoe, kEvil), "aaabdd", "1:rule"},
        Case{"Mpls", std::string(kDrop), all_in(mpls, kEvil), "aaabdd", "1:rule"},
        Case{"OtherFlowsOfTheTunnelGoOn", std::string(kDrop),
             chain({all_in(vxlan(1), kEvil), all_in(vxlan(1), kFine)}), "aaadddaaaa", "1:rule"},
        Case{"SameAddressesInOtherNetwork", std::string(kDrop),
             chain({all_in(vxlan(1), kEvil), all_in(vxlan(2), opened().client("fine").frames())}),
             "aaadddaaaa", "1:rule"},
        Case{"SameAddressesWithoutTunnel", std::string(kDrop),
             chain({all_in(vxlan(1), kEvil), all_in([](const Octets& packet) { return ethernet(packet); },
                                                    opened().client("fine").frames())}),
             "aaadddaaaa", "1:rule"},
        Case{"StreamFromTwoEnds", std::string(kDrop),
             chain({all_in(vxlan(1), opened().client("EV").frames()),
                    {vxlan(1, kElsewhere)(opened().client("EV").client("IL").frames().back())}}),
             "aaaad", "1:rule"},
        Case{"DroppedByAddressAlone", std::string(kInnerHost),
             all_in(vxlan(1), {udp("a"), udp("b"), ping("c"), ping("d")}), "dddd", "8:rule 8:rule"},
        Case{"Ping", std::string(kPing), all_in(in_gre, {ping("fine"), ping("EVIL"), ping("fine")}), "add",
             "10:rule"},
        Case{"LyingInside", std::string(kDrop), {vxlan(1)(lying(udp("fine")))}, "d", ""},
        Case{"ArpInside",
             std::string(kInnerHost),
             {ethernet(traffic::over_udp(4789, traffic::vxlan(1, ethernet(Octets(28), {.type = 0x0806}))))},
             "a",
             ""}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Outer, PipelineTunnel,
    testing::Values(
        Case{"IsSeen", std::string(kTunnelSeen), all_in(vxlan(1), {udp("x"), udp("y")}), "aa",
             "5:alert 5:alert"},
        Case{"BothAreSeen", std::string(kTunnelSeen) + std::string(kUdpEvil), all_in(vxlan(1), {udp("EVIL")}),
             "d", "5:alert 9:rule"},
        Case{"PassedUnseen", std::string(kPassTunnel) + std::string(kDrop), all_in(vxlan(1), kEvil), "aaaaaa",
             ""},
        // Its bytes may be anybody's: only this packet is dropped, and what follows in the tunnel is not.
        Case{"DroppedByBytes", std::string(kRawEvil),
             all_in(vxlan(1), {udp("fine"), udp("EVIL"), udp("fine")}), "ada", "6:rule"},
        Case{"DroppedByAddressAlone", std::string(kOuterHost), all_in(vxlan(1), {udp("a"), udp("b")}), "dd",
             "7:rule"},
        Case{"WrongChecksum", std::string(kDrop),
             all_in(
                 [](const Octets& packet) {
                   return ethernet(traffic::ip_packet({}, 47, traffic::gre({.bad_checksum = true}, packet)));
                 },
                 kEvil),
             "aaaaaa", ""}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Fragments, PipelineTunnel,
    testing::Values(
        Case{"Inner", std::string(kUdpEvil), all_in(vxlan(1), inner_fragments()), "aaddd", "9:rule"},
        Case{"InnerOfTwoNetworks",
             std::string(kUdpEvil),
             {vxlan(1)(inner_fragments()[0]), vxlan(1)(inner_fragments()[1]), vxlan(2)(inner_fragments()[2])},
             "aaa",
             ""},
        Case{"Outer", std::string(kUdpEvil), outer_fragments(udp(std::string(50, 'x') + "EVIL")), "add",
             "9:rule"},
        // The third inner one completes what is inside with its own last piece.
        Case{"Both", std::string(kUdpEvil), fragments_in_fragments(), "aaaaaaadadad", "9:rule"}),
    by_name);

struct DepthCase {
  std::string_view name;
  int tunnels;
  std::uint8_t max;
  flow::OnLimit on_limit;
  std::string_view payload;
  packet::Action action;
  std::uint64_t reached;
};
class TunnelDepth : public testing::TestWithParam<DepthCase> {};

TEST_P(TunnelDepth, IsLimited) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.tunnels.max_depth = GetParam().max;
  settings.on_tunnel_limit = GetParam().on_limit;
  Line line(kUdpEvil, settings);
  EXPECT_EQ(line.send(nested(GetParam().tunnels, udp(GetParam().payload))), GetParam().action);
  const PipelineCounters& counters = line.pipeline().counters();
  const auto too_deep = static_cast<std::size_t>(packet::Anomaly::tunnel_too_deep);
  EXPECT_EQ(counters.anomalies[too_deep].value(), GetParam().reached);
  EXPECT_EQ(counters.tunnelled.value(),
            static_cast<std::uint64_t>(std::min<int>(GetParam().tunnels, GetParam().max)));
  EXPECT_EQ(counters.packets.value(), 1U);
}

constexpr auto kLimitDrops = flow::OnLimit::drop;
constexpr auto kLimitPasses = flow::OnLimit::pass;

INSTANTIATE_TEST_SUITE_P(
    Pipeline, TunnelDepth,
    testing::Values(DepthCase{"AtTheLimit", 4, 4, kLimitDrops, "fine", packet::Action::accept, 0},
                    DepthCase{"SeenAtTheLimit", 4, 4, kLimitDrops, "EVIL", packet::Action::drop, 0},
                    DepthCase{"Beyond", 5, 4, kLimitDrops, "fine", packet::Action::drop, 1},
                    DepthCase{"BeyondPasses", 5, 4, kLimitPasses, "EVIL", packet::Action::accept, 1},
                    DepthCase{"NoneAllowed", 1, 0, kLimitDrops, "fine", packet::Action::drop, 1},
                    DepthCase{"NoneInspected", 1, 0, kLimitPasses, "EVIL", packet::Action::accept, 1},
                    DepthCase{"MostPossible", 8, 8, kLimitDrops, "EVIL", packet::Action::drop, 0},
                    DepthCase{"FarBeyond", 60, 8, kLimitDrops, "EVIL", packet::Action::drop, 1}),
    by_name);

TEST(PipelineTunnelled, TellsBothEndsAndKeepsTheOutermost) {
  Line line(kUdpEvil);
  const Octets outer = traffic::over_udp(4789, traffic::vxlan(1, ethernet(in_ip(udp("EVIL")))));
  EXPECT_EQ(line.send(ethernet(outer)), packet::Action::drop);
  const auto records = line.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].source, kOne);
  EXPECT_EQ(records[0].tunnel.source, traffic::kClient);
  EXPECT_EQ(records[0].tunnel.dest, traffic::kServer);
  EXPECT_EQ(records[0].tunnel.dest_port, 4789);
  EXPECT_EQ(records[0].tunnel.protocol, packet::udp);
  EXPECT_EQ(records[0].tunnel.depth, 2);
  EXPECT_EQ(line.evidence(), std::vector<Octets>{outer});
}

/// A release would let the whole tunnel by.
TEST(PipelineTunnelled, NeverReleases) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.streams.depth = 16;
  const std::string much(100, 'x');
  const auto frames = opened().client(much).server(much).client(much).server(much).fin().frames();
  Line bare(kDrop, settings);
  EXPECT_NE(bare.send_all(all_in([](const Octets& packet) { return ethernet(packet); }, frames)).find('r'),
            std::string::npos);
  Line line(kDrop, settings);
  EXPECT_EQ(line.send_all(all_in(in_gre, frames)), std::string(frames.size(), 'a'));
}

}  // namespace
}  // namespace bansoko::engine
