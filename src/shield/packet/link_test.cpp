// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "shield/packet/decode.h"
#include "tests/cases.h"
#include "tests/traffic/tunnels.h"

namespace bansoko::packet {
namespace {

using traffic::ethernet;
using traffic::joined;
using traffic::mpls;
using traffic::Octets;
using traffic::ppp;
using traffic::pppoe;

const Octets kFour = traffic::tcp_packet({}, {}, "data");
const Octets kSix = traffic::tcp_packet({.source = traffic::v6(1), .dest = traffic::v6(2)}, {}, "data");
const Octets kEthernetHead(14, 0);

Octets tagged(std::vector<std::pair<std::uint16_t, std::uint16_t>> tags, std::uint16_t type, Bytes packet) {
  Octets frame(12, 2);
  const auto put = [&frame](std::uint16_t value) {
    frame.push_back(static_cast<std::uint8_t>(value >> 8U));
    frame.push_back(static_cast<std::uint8_t>(value));
  };
  for (const auto& [tag_type, tag] : tags) {
    put(tag_type);
    put(tag);
  }
  put(type);
  frame.insert(frame.end(), packet.begin(), packet.end());
  return frame;
}

Octets cooked(std::uint16_t type, Bytes packet) {
  Octets head(16, 0);
  head[14] = static_cast<std::uint8_t>(type >> 8U);
  head[15] = static_cast<std::uint8_t>(type);
  return joined({head, Octets(packet.begin(), packet.end())});
}

Octets cooked_v2(std::uint16_t type, Bytes packet) {
  Octets head(20, 0);
  head[0] = static_cast<std::uint8_t>(type >> 8U);
  head[1] = static_cast<std::uint8_t>(type);
  return joined({head, Octets(packet.begin(), packet.end())});
}

/// A frame of Ethernet addresses that begin with `first`, as pseudowires carry it.
Octets carried(std::uint8_t first, const Octets& packet, std::uint16_t type = 0x0800) {
  Octets frame = ethernet(packet, {.type = type});
  frame[0] = first;
  return frame;
}

struct Case {
  std::string_view name;
  Link link;
  Octets frame;
  int version;       // 0: leads to no IP
  std::size_t head;  // how many bytes stand before IP
  std::vector<std::uint16_t> vlans = {};
  std::string_view anomaly = "";
};

class Links : public testing::TestWithParam<Case> {};

std::string names(const AnomalySet& anomalies) {
  std::string all;
  anomalies.for_each(
      [&](Anomaly anomaly) { all += (all.empty() ? "" : " ") + std::string(name_of(anomaly)); });
  return all;
}

TEST_P(Links, LeadToIp) {
  const Case& row = GetParam();
  const Packet packet = decode({.bytes = row.frame, .link = row.link}, 1, {});
  EXPECT_EQ(packet.ip_version, row.version);
  EXPECT_EQ(names(packet.anomalies), row.anomaly);
  EXPECT_EQ(std::vector(packet.vlan.begin(), packet.vlan.begin() + packet.vlan_count), row.vlans);
  if (row.version == 0) return;
  EXPECT_EQ(packet.ip.data() - row.frame.data(), static_cast<std::ptrdiff_t>(row.head));
  EXPECT_EQ(as_text(packet.payload), "data");
}

/// Cut anywhere in the link's header, a frame is no IP packet; cut behind it, it is a damaged one.
TEST_P(Links, CutAnywhere) {
  const Case& row = GetParam();
  if (row.version == 0) return;
  for (std::size_t size = 0; size < row.frame.size(); ++size) {
    const Octets part(row.frame.begin(), row.frame.begin() + static_cast<std::ptrdiff_t>(size));
    const Packet packet = decode({.bytes = part, .link = row.link}, 1, {});
    const std::size_t header = row.version == 4 ? 20 : 40;
    EXPECT_EQ(packet.is_ip(), size >= row.head + header) << size;
    EXPECT_TRUE(packet.is_ip() || packet.payload.empty()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Decode, Links,
    testing::Values(
        Case{"Raw", Link::ip, kFour, 4, 0}, Case{"RawSix", Link::ip, kSix, 6, 0},
        Case{"Qtag", Link::ethernet, tagged({{0x8100, 5}}, 0x0800, kFour), 4, 18, {5}},
        Case{"QinQ",
             Link::ethernet,
             tagged({{0x88a8, 5}, {0x8100, 0x2006}}, 0x86dd, kSix),
             6,
             22,
             {5, 0x2006}},
        Case{
            "QinQOfBefore", Link::ethernet, tagged({{0x9100, 5}, {0x9100, 6}}, 0x0800, kFour), 4, 22, {5, 6}},
        Case{"NullLittle", Link::null, joined({{2, 0, 0, 0}, kFour}), 4, 4},
        Case{"NullBig", Link::null, joined({{0, 0, 0, 2}, kFour}), 4, 4},
        Case{"NullSixOfLinux", Link::null, joined({{10, 0, 0, 0}, kSix}), 6, 4},
        Case{"NullSixOfFreeBsd", Link::null, joined({{28, 0, 0, 0}, kSix}), 6, 4},
        Case{"NullSixOfMac", Link::null, joined({{0, 0, 0, 30}, kSix}), 6, 4},
        Case{"NullAppletalk", Link::null, joined({{16, 0, 0, 0}, kFour}), 0, 0},
        Case{"Cooked", Link::linux_cooked, cooked(0x0800, kFour), 4, 16},
        Case{"CookedArp", Link::linux_cooked, cooked(0x0806, kFour), 0, 0},
        Case{
            "CookedVlan", Link::linux_cooked, cooked(0x8100, joined({{0, 7, 0x86, 0xdd}, kSix})), 6, 20, {7}},
        Case{"CookedTwo", Link::linux_cooked_v2, cooked_v2(0x86dd, kSix), 6, 20},
        Case{"CookedTwoPppoe", Link::linux_cooked_v2, cooked_v2(0x8864, pppoe(1, ppp(0x21, kFour, false))), 4,
             28},
        Case{"Ppp", Link::ppp, ppp(0x0021, kFour), 4, 4},
        Case{"PppSixWithoutAddress", Link::ppp, ppp(0x0057, kSix, false), 6, 2},
        Case{"PppProtocolInOneByte", Link::ppp, joined({{0x21}, kFour}), 4, 1},
        Case{"PppMpls", Link::ppp, ppp(0x0281, mpls({16}, kFour)), 4, 8},
        Case{"PppLcp", Link::ppp, ppp(0xc021, kFour), 0, 0},
        Case{"Hdlc", Link::hdlc, joined({{0x0f, 0, 8, 0}, kFour}), 4, 4},
        Case{"Pppoe", Link::ethernet, ethernet(pppoe(9, ppp(0x0021, kFour, false)), {.type = 0x8864}), 4, 22},
        Case{"PppoePadded", Link::ethernet,
             ethernet(pppoe(9, ppp(0x0021, kFour, false)), {.type = 0x8864, .padded_to = 90}), 4, 22},
        Case{"PppoeInVlan",
             Link::ethernet,
             tagged({{0x8100, 3}}, 0x8864, pppoe(9, ppp(0x0057, kSix, false))),
             6,
             26,
             {3}},
        Case{"PppoeBeyondEnd",
             Link::ethernet,
             ethernet(pppoe(9, ppp(0x0021, kFour, false), 200), {.type = 0x8864}),
             4,
             22,
             {},
             "pppoe.length"},
        Case{"PppoeDiscovery", Link::ethernet, ethernet(Octets(40, 0x11), {.type = 0x8863}), 0, 0},
        Case{"PppoeNoSession", Link::ethernet,
             ethernet(joined({{0x11, 9, 0, 1, 0, 46}, ppp(0x0021, kFour, false)}), {.type = 0x8864}), 0, 0},
        Case{"Mpls", Link::ethernet, ethernet(mpls({100}, kFour), {.type = 0x8847}), 4, 18},
        Case{"MplsStackSix", Link::ethernet, ethernet(mpls({100, 2, 3}, kSix), {.type = 0x8848}), 6, 26},
        Case{"MplsSixteen", Link::mpls, mpls(std::vector<std::uint32_t>(16, 20), kFour), 4, 64},
        Case{"MplsSeventeen",
             Link::mpls,
             mpls(std::vector<std::uint32_t>(17, 20), kFour),
             0,
             0,
             {},
             "mpls.too_deep"},
        Case{"Pseudowire", Link::mpls, mpls({100}, joined({{0, 0, 0, 1}, carried(2, kFour)})), 4, 22},
        Case{"PseudowireTagged",
             Link::mpls,
             mpls({100}, joined({{0, 0, 0, 1}, tagged({{0x8100, 8}}, 0x86dd, kSix)})),
             6,
             26,
             {8}},
        Case{"PseudowireWithoutControlWord", Link::mpls, mpls({100}, carried(0, kFour)), 4, 18},
        Case{"PseudowireThatLooksLikeIp", Link::mpls, mpls({100}, carried(0x45, kFour)), 4, 18},
        Case{"PseudowireArp", Link::mpls, mpls({100}, joined({Octets(4), carried(2, kFour, 0x0806)})), 0, 0},
        Case{"MplsInMpls", Link::mpls, mpls({1}, joined({Octets(4), carried(2, mpls({2}, kFour), 0x8847)})),
             4, 26}),
    by_name);

/// A header that leads to another may not keep us for ever.
TEST(Link, NestedForEver) {
  Octets frame = kFour;
  for (int i = 0; i < 100; ++i) frame = mpls({1}, joined({Octets(4), carried(2, frame, 0x8847)}));
  EXPECT_FALSE(decode({.bytes = frame, .link = Link::mpls}, 1, {}).is_ip());
}

/// Sessions are networks of their own, in both directions; labels are not.
TEST(Link, NetworksOfSessions) {
  const auto network = [](const Octets& frame) { return decode({.bytes = frame}, 1, {}).network; };
  const auto session = [](std::uint16_t id, const Octets& packet) {
    return ethernet(pppoe(id, ppp(0x0021, packet, false)), {.type = 0x8864});
  };
  const Octets back = traffic::tcp_packet({.source = traffic::kServer, .dest = traffic::kClient}, {}, "data");
  EXPECT_EQ(network(ethernet(kFour)), 0U);
  EXPECT_EQ(network(ethernet(mpls({7}, kFour), {.type = 0x8847})), 0U);
  EXPECT_NE(network(session(0, kFour)), 0U);
  EXPECT_NE(network(session(1, kFour)), network(session(2, kFour)));
  EXPECT_EQ(network(session(1, kFour)), network(session(1, back)));
}

TEST(Link, CutByTheDriver) {
  const Octets whole = ethernet(pppoe(1, ppp(0x0021, kFour, false)), {.type = 0x8864});
  const Octets part(whole.begin(), whole.end() - 2);
  const Packet packet = decode({.bytes = part, .wire_size = static_cast<std::uint32_t>(whole.size())}, 1, {});
  EXPECT_EQ(names(packet.anomalies), "frame.truncated");
  EXPECT_EQ(packet.cut, 2U);
  EXPECT_EQ(as_text(packet.payload), "da");
}

}  // namespace
}  // namespace bansoko::packet
