// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/tunnel.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/tunnels.h"

namespace bansoko::packet {
namespace {

using traffic::ethernet;
using traffic::geneve;
using traffic::gre;
using traffic::GreFields;
using traffic::ip_packet;
using traffic::IpFields;
using traffic::joined;
using traffic::Octets;
using traffic::over_udp;
using traffic::pptp;
using traffic::to_octets;
using traffic::vxlan;

constexpr std::uint8_t kGre = 47;
constexpr Address kInnerClient = Address::v4(192, 168, 1, 1);
constexpr Address kInnerServer = Address::v4(192, 168, 1, 2);

Address teredo_address(std::uint8_t host) {
  return {{0x20, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host}};
}

const IpFields kOuterSix{.source = traffic::v6(11), .dest = traffic::v6(12)};
const Octets kFour =
    traffic::tcp_packet({.source = kInnerClient, .dest = kInnerServer, .ttl = 3}, {}, "data");
const Octets kSix =
    traffic::udp_packet({.source = traffic::v6(1), .dest = traffic::v6(2), .ttl = 3}, {}, "data");
const Octets kTeredo =
    traffic::udp_packet({.source = teredo_address(1), .dest = traffic::v6(2), .ttl = 3}, {}, "data");
const Octets kFrame = ethernet(kFour, {.vlans = {9}});
const Octets kOrigin{0, 0, 1, 2, 3, 4, 5, 6};
const Octets kAuthentication = joined({{0, 1, 2, 3}, Octets(5), Octets(9)});

std::string names(const AnomalySet& anomalies) {
  std::string all;
  anomalies.for_each(
      [&](Anomaly anomaly) { all += (all.empty() ? "" : " ") + std::string(name_of(anomaly)); });
  return all;
}

struct Case {
  std::string_view name;
  Octets packet;  // from IP on
  Tunnel by;
  int version = 4;                // of what is inside; 0: no IP
  std::string_view anomaly = "";  // of what is outside
};

class Tunnels : public testing::TestWithParam<Case> {};

TEST_P(Tunnels, CarryPackets) {
  const Case& row = GetParam();
  Packet outer = decode({.bytes = row.packet, .link = Link::ip}, 7, {});
  const Carried carried = carried_by(outer, {});
  EXPECT_EQ(carried.by, row.by);
  EXPECT_EQ(names(outer.anomalies), row.anomaly);
  if (!carried.any()) return;
  EXPECT_NE(carried.network, 0U);
  const Packet inner = decode_carried(outer, carried, {});
  EXPECT_EQ(inner.number, 7U);
  EXPECT_EQ(inner.depth, 1);
  EXPECT_EQ(inner.network, carried.network);
  EXPECT_EQ(inner.frame.data(), row.packet.data());
  EXPECT_EQ(inner.outermost.data(), outer.ip.data());
  EXPECT_EQ(names(inner.anomalies), "");
  EXPECT_EQ(inner.ip_version, row.version);
  if (row.version == 0) return;
  EXPECT_EQ(as_text(inner.payload), "data");
  EXPECT_EQ(inner.ttl, 3);
}

/// A tunnel cut anywhere never carries more than there is, and what it carries is never taken for whole.
TEST_P(Tunnels, CutAnywhere) {
  const Case& row = GetParam();
  for (std::size_t size = 0; size < row.packet.size(); ++size) {
    const Octets part(row.packet.begin(), row.packet.begin() + static_cast<std::ptrdiff_t>(size));
    Packet outer = decode({.bytes = part, .link = Link::ip}, 1, {.verify_checksums = false});
    const Carried carried = carried_by(outer, {.verify_checksums = false});
    if (!carried.any()) continue;
    const Packet inner = decode_carried(outer, carried, {.verify_checksums = false});
    EXPECT_TRUE(outer.ip.empty() || carried.bytes.size() < outer.ip.size()) << size;
    EXPECT_TRUE(!inner.is_ip() || !outer.anomalies.empty()) << size;
  }
}

constexpr std::uint8_t kIpIp = 4;
constexpr std::uint8_t kIpv6 = 41;
constexpr std::uint8_t kMplsInIp = 137;

Octets in_gre(const GreFields& fields, Bytes payload, const IpFields& ip = {}) {
  return ip_packet(ip, kGre, gre(fields, payload));
}

INSTANTIATE_TEST_SUITE_P(
    Ip, Tunnels,
    testing::Values(Case{"FourInFour", ip_packet({}, kIpIp, kFour), Tunnel::ip},
                    Case{"SixInFour", ip_packet({}, kIpv6, kSix), Tunnel::ip, 6},
                    Case{"FourInSix", ip_packet(kOuterSix, kIpIp, kFour), Tunnel::ip},
                    Case{"SixInSix", ip_packet(kOuterSix, kIpv6, kSix), Tunnel::ip, 6},
                    Case{"MplsInIp", ip_packet({}, kMplsInIp, traffic::mpls({5}, kFour)), Tunnel::ip},
                    Case{"BehindExtensions",
                         ip_packet({.source = traffic::v6(11),
                                    .dest = traffic::v6(12),
                                    .extensions = {traffic::extension(60)}},
                                   kIpIp, kFour),
                         Tunnel::ip},
                    Case{"Tcp", kFour, Tunnel::none}, Case{"Udp", kSix, Tunnel::none},
                    Case{"Fragment", ip_packet({.more_fragments = true}, kIpIp, kFour), Tunnel::none},
                    Case{"WrongChecksum", ip_packet({.bad_checksum = true}, kIpIp, kFour), Tunnel::none, 4,
                         "ipv4.checksum"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Gre, Tunnels,
    testing::Values(
        Case{"Plain", in_gre({}, kFour), Tunnel::gre},
        Case{"OverSix", in_gre({.type = 0x86dd}, kSix, kOuterSix), Tunnel::gre, 6},
        Case{"All",
             in_gre({.checksum = true,
                     .key = 5,
                     .sequence = 1,
                     .routes = Octets{8, 0, 0, 4, 10, 0, 0, 1, 0, 0, 0, 0}},
                    kFour),
             Tunnel::gre},
        Case{"Checksum", in_gre({.checksum = true}, kFour), Tunnel::gre},
        Case{"WrongChecksum", in_gre({.bad_checksum = true}, kFour), Tunnel::none, 4, "gre.checksum"},
        Case{"RoutesWithoutEnd", in_gre({.routes = Octets{8, 0, 0, 200}}, kFour), Tunnel::none, 4,
             "gre.malformed"},
        Case{"TooManyRoutes", in_gre({.routes = Octets(17 * 4, 8)}, kFour), Tunnel::none, 4, "gre.malformed"},
        Case{"Empty", ip_packet({}, kGre, Octets{}), Tunnel::none, 4, "gre.malformed"},
        Case{"HeaderCut", ip_packet({}, kGre, Octets{0x20, 0, 8, 0, 0, 0, 0}), Tunnel::none, 4,
             "gre.malformed"},
        Case{"VersionTwo", in_gre({.version = 2}, kFour), Tunnel::none, 4, "gre.malformed"},
        Case{"Ethernet", in_gre({.type = 0x6558}, kFrame), Tunnel::gre},
        Case{"EthernetArp", in_gre({.type = 0x6558}, ethernet(Octets(28), {.type = 0x0806})), Tunnel::gre, 0},
        Case{"Mpls", in_gre({.type = 0x8847}, traffic::mpls({5, 6}, kFour)), Tunnel::gre},
        Case{"Ppp", in_gre({.type = 0x880b}, traffic::ppp(0x0021, kFour)), Tunnel::gre},
        Case{"Wccp", in_gre({.type = 0x883e}, kFour), Tunnel::gre},
        Case{"WccpTwo", in_gre({.type = 0x883e}, joined({{0, 1, 2, 3}, kFour})), Tunnel::gre},
        Case{"KeepAlive", in_gre({.type = 0}, Octets{}), Tunnel::none},
        Case{"Pptp", ip_packet({}, kGre, pptp(1, traffic::ppp(0x0021, kFour))), Tunnel::pptp},
        Case{"PptpWithoutAddress", ip_packet({}, kGre, pptp(1, traffic::ppp(0x0021, kFour, false))),
             Tunnel::pptp},
        Case{"PptpEncrypted", ip_packet({}, kGre, pptp(1, traffic::ppp(0x00fd, kFour))), Tunnel::pptp, 0},
        Case{"PptpAcknowledgement", ip_packet({}, kGre, pptp(1, Octets{})), Tunnel::none},
        Case{"PptpBeyondEnd", ip_packet({}, kGre, pptp(1, traffic::ppp(0x0021, kFour), 900)), Tunnel::none, 4,
             "gre.malformed"},
        Case{"VersionOneWithoutKey", in_gre({.type = 0x880b, .version = 1}, Octets(20)), Tunnel::none, 4,
             "gre.malformed"},
        Case{"ErspanOne", in_gre({.type = 0x88be}, kFrame), Tunnel::erspan},
        Case{"ErspanTwo", in_gre({.type = 0x88be, .sequence = 1}, traffic::erspan(1, 5, kFrame)),
             Tunnel::erspan},
        Case{"ErspanThree", in_gre({.type = 0x22eb, .sequence = 1}, traffic::erspan(2, 5, kFrame)),
             Tunnel::erspan},
        Case{"ErspanOtherVersion", in_gre({.type = 0x88be, .sequence = 1}, traffic::erspan(3, 5, kFrame)),
             Tunnel::none, 4, "erspan.malformed"},
        Case{"ErspanCut", in_gre({.type = 0x88be, .sequence = 1}, Octets{0x10, 7, 0, 5}), Tunnel::none, 4,
             "erspan.malformed"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Udp, Tunnels,
    testing::Values(
        Case{"Vxlan", over_udp(4789, vxlan(5, kFrame)), Tunnel::vxlan},
        Case{"VxlanOverSix", over_udp(4789, vxlan(5, kFrame), kOuterSix), Tunnel::vxlan},
        Case{"VxlanReservedBits", over_udp(4789, vxlan(5, kFrame, 0xff)), Tunnel::vxlan},
        Case{"VxlanWithoutNetwork", over_udp(4789, vxlan(5, kFrame, 0)), Tunnel::none, 4, "vxlan.malformed"},
        Case{"VxlanCut", over_udp(4789, Octets{8, 0, 0, 0, 0, 0, 5}), Tunnel::none, 4, "vxlan.malformed"},
        Case{"VxlanBack", over_udp(53, vxlan(5, kFrame), {}, 4789), Tunnel::none},
        Case{"VxlanOtherPort", over_udp(4790, vxlan(5, kFrame)), Tunnel::none},
        Case{"Geneve", over_udp(6081, geneve(5, 0x6558, kFrame)), Tunnel::geneve},
        Case{"GeneveOptions", over_udp(6081, geneve(5, 0x6558, kFrame, Octets(8))), Tunnel::geneve},
        Case{"GeneveFour", over_udp(6081, geneve(5, 0x0800, kFour)), Tunnel::geneve},
        Case{"GeneveSix", over_udp(6081, geneve(5, 0x86dd, kSix)), Tunnel::geneve, 6},
        Case{"GeneveOther", over_udp(6081, geneve(5, 0x0806, kSix)), Tunnel::none},
        Case{"GeneveOptionsBeyondEnd", over_udp(6081, joined({{0x3f}, Octets(20)})), Tunnel::none, 4,
             "geneve.malformed"},
        Case{"GeneveVersion", over_udp(6081, joined({{0x40, 0, 0x65, 0x58}, Octets(20)})), Tunnel::none, 4,
             "geneve.malformed"},
        Case{"Teredo", over_udp(3544, kTeredo), Tunnel::teredo, 6},
        Case{"TeredoBack", over_udp(40000, kTeredo, {}, 3544), Tunnel::teredo, 6},
        Case{"TeredoOrigin", over_udp(3544, joined({kOrigin, kTeredo})), Tunnel::teredo, 6},
        Case{"TeredoBoth", over_udp(3544, joined({kAuthentication, kOrigin, kTeredo})), Tunnel::teredo, 6},
        Case{"TeredoOtherAddresses", over_udp(3544, kSix), Tunnel::none},
        Case{"TeredoIsFour", over_udp(3544, kFour), Tunnel::none},
        Case{"TeredoLongerThanItsPacket", over_udp(3544, joined({kTeredo, {0, 0}})), Tunnel::teredo, 6},
        Case{"TeredoAuthenticationCut", over_udp(3544, Octets{0, 1, 9, 9, 1}), Tunnel::none, 4,
             "teredo.malformed"},
        Case{"TeredoWithoutTransport", over_udp(3544, Octets{}), Tunnel::none}),
    by_name);

/// What tells networks apart, and what does not.
struct NetworkCase {
  std::string_view name;
  Octets one;
  Octets other;
  bool same;
};
class Networks : public testing::TestWithParam<NetworkCase> {};

std::uint64_t network_of(const Octets& frame, std::uint64_t seed = 1) {
  Packet outer = decode({.bytes = frame}, 1, {});
  return carried_by(outer, {.seed = seed}).network;
}

TEST_P(Networks, AreToldApart) {
  EXPECT_EQ(network_of(GetParam().one) == network_of(GetParam().other), GetParam().same);
  EXPECT_NE(network_of(GetParam().one), 0U);
  EXPECT_NE(network_of(GetParam().one, 1), network_of(GetParam().one, 2));
}

const IpFields kBack{.source = traffic::kServer, .dest = traffic::kClient};
const IpFields kElsewhere{.source = Address::v4(10, 9, 9, 9)};
const IpFields kSixElsewhere{.source = traffic::v6(99), .dest = traffic::v6(12)};

INSTANTIATE_TEST_SUITE_P(
    Tunnel, Networks,
    testing::Values(
        NetworkCase{"VxlanNumber", ethernet(over_udp(4789, vxlan(5, kFrame))),
                    ethernet(over_udp(4789, vxlan(6, kFrame))), false},
        // A receiver takes a network's frames from everywhere, so parts of a stream may come from everywhere.
        NetworkCase{"VxlanFromElsewhere", ethernet(over_udp(4789, vxlan(5, kFrame))),
                    ethernet(over_udp(4789, vxlan(5, kFrame), kElsewhere, 1)), true},
        NetworkCase{"VxlanInOtherVlan", ethernet(over_udp(4789, vxlan(5, kFrame))),
                    ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {3}}), false},
        NetworkCase{"VxlanInOtherInnerTag", ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {3, 1}}),
                    ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {3, 2}}), false},
        NetworkCase{"VlanPriority", ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {3}}),
                    ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {0x6003}}), true},
        NetworkCase{"GeneveIsNotVxlan", ethernet(over_udp(4789, vxlan(5, kFrame))),
                    ethernet(over_udp(6081, geneve(5, 0x6558, kFrame))), false},
        NetworkCase{"GreBack", ethernet(in_gre({}, kFour)), ethernet(in_gre({}, kFour, kBack)), true},
        NetworkCase{"GreElsewhere", ethernet(in_gre({}, kFour)), ethernet(in_gre({}, kFour, kElsewhere)),
                    false},
        NetworkCase{"GreKey", ethernet(in_gre({.key = 1}, kFour)), ethernet(in_gre({.key = 2}, kFour)),
                    false},
        NetworkCase{"PptpCalls", ethernet(ip_packet({}, kGre, pptp(1, traffic::ppp(0x21, kFour)))),
                    ethernet(ip_packet(kBack, kGre, pptp(2, traffic::ppp(0x21, kFour)))), true},
        NetworkCase{"IpInIpElsewhere", ethernet(ip_packet({}, kIpIp, kFour)),
                    ethernet(ip_packet(kElsewhere, kIpIp, kFour)), false},
        NetworkCase{"IpInIpBack", ethernet(ip_packet({}, kIpIp, kFour)),
                    ethernet(ip_packet(kBack, kIpIp, kFour)), true},
        NetworkCase{"SixToFourRelays", ethernet(ip_packet({}, kIpv6, kSix)),
                    ethernet(ip_packet(kElsewhere, kIpv6, kSix)), true},
        NetworkCase{"SixInSixElsewhere", ethernet(ip_packet(kOuterSix, kIpv6, kSix)),
                    ethernet(ip_packet(kSixElsewhere, kIpv6, kSix)), false},
        NetworkCase{"TeredoPeers", ethernet(over_udp(3544, kTeredo)),
                    ethernet(over_udp(3544, kTeredo, kElsewhere)), true}),
    by_name);

TEST(Tunnel, InTunnels) {
  const Octets packet = ip_packet({}, kIpIp, over_udp(4789, vxlan(5, ethernet(in_gre({}, kFour)))));
  Packet at = decode({.bytes = packet, .link = Link::ip}, 1, {});
  std::string way;
  for (Carried carried = carried_by(at, {}); carried.any(); carried = carried_by(at, {})) {
    way += std::to_string(static_cast<int>(carried.by));
    at = decode_carried(at, carried, {});
    EXPECT_EQ(at.outermost.data(), packet.data());
  }
  EXPECT_EQ(way, "162");
  EXPECT_EQ(at.depth, 3);
  EXPECT_EQ(at.source, kInnerClient);
  EXPECT_EQ(as_text(at.payload), "data");
}

TEST(Tunnel, InnerChecksumsAreVerifiedUnlessTrusted) {
  const Octets bad = traffic::tcp_packet({}, {.bad_checksum = true}, "data");
  const Octets packet = ip_packet({}, kIpIp, bad);
  for (const bool trusted : {false, true}) {
    Packet outer = decode({.bytes = packet, .link = Link::ip, .checksums_trusted = trusted}, 1, {});
    EXPECT_EQ(decode_carried(outer, carried_by(outer, {}), {}).checksum_bad, !trusted);
  }
}

TEST(Tunnel, InnerVlanTagsAreItsOwn) {
  const Octets frame = ethernet(over_udp(4789, vxlan(5, kFrame)), {.vlans = {1, 2}});
  Packet outer = decode({.bytes = frame}, 1, {});
  const Packet inner = decode_carried(outer, carried_by(outer, {}), {});
  EXPECT_EQ(inner.vlan_count, 1);
  EXPECT_EQ(inner.vlan[0], 9);
}

TEST(Tunnel, CutByTheDriver) {
  const Octets whole = ip_packet({}, kIpIp, kFour);
  const Octets part(whole.begin(), whole.end() - 2);
  Packet outer =
      decode({.bytes = part, .link = Link::ip, .wire_size = static_cast<std::uint32_t>(whole.size())}, 1, {});
  const Packet inner = decode_carried(outer, carried_by(outer, {}), {});
  EXPECT_EQ(names(inner.anomalies), "frame.truncated");
  EXPECT_EQ(as_text(inner.payload), "da");
}

TEST(PortList, HoldsEight) {
  PortList ports;
  for (std::uint16_t port = 1; port <= 8; ++port) EXPECT_TRUE(ports.add(port));
  EXPECT_FALSE(ports.add(9));
  EXPECT_TRUE(ports.has(8));
  EXPECT_FALSE(ports.has(9));
  EXPECT_FALSE(PortList().has(0));
}

TEST(Tunnel, AllocatesNothing) {
  const Octets packet = over_udp(4789, vxlan(5, kFrame));
  const AllocationCounter allocations;
  Packet outer = decode({.bytes = packet, .link = Link::ip}, 1, {});
  EXPECT_EQ(decode_carried(outer, carried_by(outer, {}), {}).depth, 1);
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace bansoko::packet
