// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/decode.h"

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::packet {
namespace {

using traffic::ethernet;
using traffic::Extension;
using traffic::extension;
using traffic::icmp_packet;
using traffic::ip_packet;
using traffic::IpFields;
using traffic::Octets;
using traffic::tcp_packet;
using traffic::tcp_segment;
using traffic::to_bytes;
using traffic::udp_packet;
using traffic::v6;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kDestination = 60;

Packet decoded(const Octets& bytes, Link link = Link::ethernet) {
  return decode({.bytes = bytes, .link = link}, 1, {});
}

IpFields six(std::vector<Extension> extensions = {}) {
  return {.source = v6(1), .dest = v6(2), .extensions = std::move(extensions)};
}

/// The names of all anomalies, with a blank between.
std::string names(const AnomalySet& anomalies) {
  std::string all;
  for (std::size_t i = 0; i < kAnomalyCount; ++i) {
    if (!anomalies.has(static_cast<Anomaly>(i))) continue;
    if (!all.empty()) all += ' ';
    all += name_of(static_cast<Anomaly>(i));
  }
  return all;
}

Octets first(std::size_t size, Octets bytes) {
  bytes.resize(size);
  return bytes;
}

struct SoundCase {
  std::string_view name;
  Octets frame;
  int version;
  int protocol;
  bool has_transport;
  std::string_view payload;
  std::string_view anomalies = {};
};

class DecodesSound : public testing::TestWithParam<SoundCase> {};

TEST_P(DecodesSound, Frame) {
  const SoundCase& row = GetParam();
  const Packet packet = decoded(row.frame);
  EXPECT_EQ(packet.ip_version, row.version);
  EXPECT_EQ(packet.protocol, row.protocol);
  EXPECT_EQ(packet.has_transport, row.has_transport);
  EXPECT_EQ(as_text(packet.payload), row.payload);
  EXPECT_EQ(names(packet.anomalies), row.anomalies);
  EXPECT_FALSE(packet.checksum_bad);
  EXPECT_FALSE(packet.is_fragment);
}

const Extension kRoutingOfTwo = extension(kRouting, {2, 0, 0, 0, 0, 0});
const Extension kAuthentication{51, {2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}};

INSTANTIATE_TEST_SUITE_P(
    Decode, DecodesSound,
    testing::Values(
        SoundCase{"Tcp", ethernet(tcp_packet({}, {}, "data")), 4, tcp, true, "data"},
        SoundCase{"TcpEmpty", ethernet(tcp_packet({}, {})), 4, tcp, true, ""},
        SoundCase{"TcpOddSize", ethernet(tcp_packet({}, {}, "odd")), 4, tcp, true, "odd"},
        SoundCase{"TcpOverSix", ethernet(tcp_packet(six(), {}, "data")), 6, tcp, true, "data"},
        SoundCase{"Ipv4Options", ethernet(tcp_packet({.options = {1, 7, 4, 4, 0}}, {}, "data")), 4, tcp, true,
                  "data"},
        SoundCase{"PaddingIsNoPayload", ethernet(tcp_packet({}, {}, "x"), {.padded_to = 60}), 4, tcp, true,
                  "x"},
        SoundCase{"PaddingIsNoPayloadOverSix", ethernet(udp_packet(six(), {}, "x"), {.padded_to = 90}), 6,
                  udp, true, "x"},
        SoundCase{"Udp", ethernet(udp_packet({}, {}, "data")), 4, udp, true, "data"},
        SoundCase{"UdpEmpty", ethernet(udp_packet({}, {})), 4, udp, true, ""},
        SoundCase{"UdpWithoutChecksum", ethernet(udp_packet({}, {.no_checksum = true}, "data")), 4, udp, true,
                  "data"},
        SoundCase{"Icmp", ethernet(icmp_packet({}, {}, "ping")), 4, icmp, true, "ping"},
        SoundCase{"Icmpv6", ethernet(icmp_packet(six(), {.type = 128}, "ping")), 6, icmpv6, true, "ping"},
        SoundCase{"IcmpOverSixIsOther", ethernet(ip_packet(six(), icmp, traffic::to_octets("80"))), 6, icmp,
                  false, "80", "icmp.other_version"},
        SoundCase{"Icmpv6OverFourIsOther", ethernet(ip_packet({}, icmpv6, traffic::to_octets("80"))), 4,
                  icmpv6, false, "80", "icmp.other_version"},
        SoundCase{"Sctp", ethernet(ip_packet({}, sctp, traffic::to_octets("0123ttttkkkkabc"))), 4, sctp, true,
                  "abc"},
        SoundCase{"SctpWithoutChunks", ethernet(ip_packet(six(), sctp, Octets(12))), 6, sctp, true, ""},
        SoundCase{"UnknownProtocolIsEmpty", ethernet(ip_packet({}, 253, {})), 4, 253, false, ""},
        SoundCase{"NoNextHeader", ethernet(ip_packet(six(), 59, traffic::to_octets("z"))), 6, 59, false, "z",
                  "ipv6.data_after_end"},
        SoundCase{"NoNextHeaderAlone", ethernet(ip_packet(six(), 59, {})), 6, 59, false, ""},
        SoundCase{"HopByHop", ethernet(icmp_packet(six({extension(kHopByHop)}), {.type = 143}, "m")), 6,
                  icmpv6, true, "m"},
        SoundCase{"WholeChain",
                  ethernet(tcp_packet(six({extension(kHopByHop), extension(kDestination), kRoutingOfTwo,
                                           kAuthentication, extension(kDestination)}),
                                      {}, "data")),
                  6, tcp, true, "data"},
        SoundCase{"AtomicFragment",
                  ethernet(tcp_packet({.source = v6(1), .dest = v6(2), .fragment_header = true}, {}, "data")),
                  6, tcp, true, "data", "ipv6.fragment_needless"},
        SoundCase{"RouterAlert",
                  ethernet(tcp_packet(six({extension(kHopByHop, {5, 2, 0, 0, 1, 0})}), {}, "m")), 6, tcp,
                  true, "m"},
        SoundCase{"UnknownHopByHopOption",
                  ethernet(tcp_packet(six({extension(kHopByHop, {30, 2, 0, 0, 1, 0})}), {}, "m")), 6, tcp,
                  true, "m", "ipv6.hop_by_hop_option_unknown"},
        SoundCase{"UnknownDestinationOption",
                  ethernet(tcp_packet(six({extension(kDestination, {30, 4, 0, 0, 0, 0})}), {}, "m")), 6, tcp,
                  true, "m", "ipv6.destination_option_unknown"},
        SoundCase{"OptionBeyondItsHeader",
                  ethernet(tcp_packet(six({extension(kDestination, {1, 5, 0, 0, 0, 0})}), {}, "m")), 6, tcp,
                  true, "m", "ipv6.options_malformed"},
        SoundCase{"DestinationTwice",
                  ethernet(tcp_packet(six({extension(kDestination), kRoutingOfTwo, extension(kDestination)}),
                                      {}, "m")),
                  6, tcp, true, "m"},
        SoundCase{"Arp", ethernet(Octets(28, 1), {.type = 0x0806}), 0, 0, false, ""},
        SoundCase{"Ieee8023Length", ethernet(Octets(38, 0x42), {.type = 38}), 0, 0, false, ""},
        SoundCase{"TaggedArp", ethernet(Octets(28, 1), {.vlans = {5}, .type = 0x0806}), 0, 0, false, ""}),
    by_name);

struct BrokenCase {
  std::string_view name;
  Octets frame;
  std::string_view anomalies;
  bool has_transport;
  bool checksum_bad;
};

class DecodesBroken : public testing::TestWithParam<BrokenCase> {};

TEST_P(DecodesBroken, Frame) {
  const BrokenCase& row = GetParam();
  const Packet packet = decoded(row.frame);
  EXPECT_EQ(names(packet.anomalies), row.anomalies);
  EXPECT_EQ(packet.has_transport, row.has_transport);
  EXPECT_EQ(packet.checksum_bad, row.checksum_bad);
}

Octets with_byte(Octets bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = value;
  return bytes;
}

std::vector<Extension> many(std::size_t count) {
  return std::vector<Extension>(count, extension(kDestination));
}

INSTANTIATE_TEST_SUITE_P(
    Link, DecodesBroken,
    testing::Values(
        BrokenCase{"Nothing", {}, "link.truncated", false, false},
        BrokenCase{"ThirteenBytes", first(13, ethernet({})), "link.truncated", false, false},
        BrokenCase{"NoPacket", first(14, ethernet({})), "ipv4.header_truncated", false, false},
        BrokenCase{"TagCut", first(17, ethernet({}, {.vlans = {1}})), "link.truncated", false, false},
        BrokenCase{"ThreeTags", ethernet(tcp_packet({}, {}), {.vlans = {1, 2, 3}}), "vlan.too_deep", true,
                   false},
        BrokenCase{"NineTags", ethernet(tcp_packet({}, {}), {.vlans = std::vector<std::uint16_t>(9)}),
                   "vlan.too_deep", false, false},
        BrokenCase{"SctpCut", ethernet(ip_packet({}, sctp, Octets(11))), "sctp.header_truncated", false,
                   false},
        BrokenCase{"SixInsideFour", ethernet(tcp_packet(six(), {}), {.type = 0x0800}), "ip.version_unknown",
                   false, false},
        BrokenCase{"VersionFive", ethernet(with_byte(tcp_packet({}, {}), 0, 0x55)), "ip.version_unknown",
                   false, false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Ipv4, DecodesBroken,
    testing::Values(BrokenCase{"Header19", ethernet(first(19, tcp_packet({}, {}))), "ipv4.header_truncated",
                               false, false},
                    BrokenCase{"FourWords", ethernet(tcp_packet({.stated_header_words = 4}, {})),
                               "ipv4.header_length", false, false},
                    BrokenCase{"OptionsBeyondEnd",
                               ethernet(first(20, tcp_packet({.options = {1, 1, 1, 1}}, {}))),
                               "ipv4.header_truncated", false, false},
                    BrokenCase{"TotalBelowHeader", ethernet(tcp_packet({.stated_length = 19}, {})),
                               "ipv4.total_length", false, false},
                    BrokenCase{"TotalZero", ethernet(tcp_packet({.stated_length = 0}, {})),
                               "ipv4.total_length", false, false},
                    BrokenCase{"TotalOneTooMany", ethernet(tcp_packet({.stated_length = 41}, {})),
                               "ipv4.total_length", true, false},
                    BrokenCase{"TotalOneTooFew", ethernet(tcp_packet({.stated_length = 40}, {}, "x")),
                               "tcp.checksum", true, true},
                    BrokenCase{"OptionSizeOne", ethernet(tcp_packet({.options = {7, 1, 0, 0}}, {})),
                               "ipv4.options_malformed", true, false},
                    BrokenCase{"OptionTooLong", ethernet(tcp_packet({.options = {7, 5, 0, 0}}, {})),
                               "ipv4.options_malformed", true, false},
                    BrokenCase{"OptionWithoutSize", ethernet(tcp_packet({.options = {1, 1, 1, 7}}, {})),
                               "ipv4.options_malformed", true, false},
                    BrokenCase{"Checksum", ethernet(tcp_packet({.bad_checksum = true}, {})), "ipv4.checksum",
                               true, true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Ipv6, DecodesBroken,
    testing::Values(
        BrokenCase{"Header39", ethernet(first(39, tcp_packet(six(), {}))), "ipv6.header_truncated", false,
                   false},
        BrokenCase{"PayloadBeyondEnd",
                   ethernet(tcp_packet({.source = v6(1), .dest = v6(2), .stated_length = 21}, {})),
                   "ipv6.payload_length", true, false},
        BrokenCase{"ExtensionCut", ethernet(ip_packet(six(), kHopByHop, Octets{6, 1, 0, 0, 0, 0, 0, 0})),
                   "ipv6.extension_truncated", false, false},
        BrokenCase{"ExtensionAbsent", ethernet(ip_packet(six(), kDestination, {})),
                   "ipv6.extension_truncated", false, false},
        BrokenCase{"HopByHopSecond",
                   ethernet(tcp_packet(six({extension(kDestination), extension(kHopByHop)}), {})),
                   "ipv6.extension_order", true, false},
        BrokenCase{"RoutingTwice", ethernet(tcp_packet(six({extension(kRouting), extension(kRouting)}), {})),
                   "ipv6.extension_order ipv6.routing_repeated ipv6.routing_type_0", true, false},
        BrokenCase{"HopByHopTwice",
                   ethernet(tcp_packet(six({extension(kHopByHop), extension(kHopByHop)}), {})),
                   "ipv6.extension_order ipv6.hop_by_hop_repeated", true, false},
        BrokenCase{"EightExtensions", ethernet(tcp_packet(six(many(8)), {})),
                   "ipv6.extension_order ipv6.destination_repeated", true, false},
        BrokenCase{"NineExtensions", ethernet(tcp_packet(six(many(9)), {})),
                   "ipv6.extension_chain_too_long ipv6.extension_order ipv6.destination_repeated", false,
                   false},
        BrokenCase{"SmallJumbo",
                   ethernet(tcp_packet({.source = v6(1),
                                        .dest = v6(2),
                                        .extensions = {extension(kHopByHop, {0xc2, 4, 0, 0, 0, 28})},
                                        .stated_length = 0},
                                       {})),
                   "ipv6.payload_length", true, false},
        BrokenCase{
            "ZeroPayloadWithoutJumbo",
            ethernet(tcp_packet(
                {.source = v6(1), .dest = v6(2), .extensions = {extension(kHopByHop)}, .stated_length = 0},
                {})),
            "ipv6.extension_truncated", false, false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Transport, DecodesBroken,
    testing::Values(
        BrokenCase{"Tcp19", ethernet(ip_packet({}, tcp, Octets(19))), "tcp.header_truncated", false, false},
        BrokenCase{"TcpFourWords", ethernet(tcp_packet({}, {.stated_header_words = 4})), "tcp.header_length",
                   false, false},
        BrokenCase{"TcpHeaderBeyondEnd", ethernet(tcp_packet({}, {.stated_header_words = 6})),
                   "tcp.header_truncated", false, false},
        BrokenCase{"TcpChecksum", ethernet(tcp_packet({}, {.bad_checksum = true}, "x")), "tcp.checksum", true,
                   true},
        BrokenCase{"TcpChecksumOverSix", ethernet(tcp_packet(six(), {.bad_checksum = true}, "x")),
                   "tcp.checksum", true, true},
        BrokenCase{"TcpNoFlags", ethernet(tcp_packet({}, {.flags = 0})), "tcp.flags_invalid", true, false},
        BrokenCase{"TcpSynFin", ethernet(tcp_packet({}, {.flags = syn | fin})), "tcp.flags_invalid", true,
                   false},
        BrokenCase{"TcpSynRst", ethernet(tcp_packet({}, {.flags = syn | rst})), "tcp.flags_invalid", true,
                   false},
        BrokenCase{"TcpFinAlone", ethernet(tcp_packet({}, {.flags = fin})), "tcp.flags_invalid", true, false},
        BrokenCase{"TcpXmas", ethernet(tcp_packet({}, {.flags = fin | psh | urg})), "tcp.flags_invalid", true,
                   false},
        BrokenCase{"TcpRstAlone", ethernet(tcp_packet({}, {.flags = rst})), "", true, false},
        BrokenCase{"Udp7", ethernet(ip_packet({}, udp, Octets(7))), "udp.header_truncated", false, false},
        BrokenCase{"UdpLength7", ethernet(udp_packet({}, {.stated_length = 7}, "x")),
                   "udp.length_under_header", true, false},
        BrokenCase{"UdpLengthOneTooMany", ethernet(udp_packet({}, {.stated_length = 10}, "x")), "udp.length",
                   true, false},
        BrokenCase{"UdpChecksum", ethernet(udp_packet({}, {.bad_checksum = true}, "x")), "udp.checksum", true,
                   true},
        BrokenCase{"UdpWithoutChecksumOverSix", ethernet(udp_packet(six(), {.no_checksum = true}, "x")),
                   "udp.checksum", true, false},
        BrokenCase{"Icmp7", ethernet(ip_packet({}, icmp, Octets(7))), "icmp.header_truncated", false, false},
        BrokenCase{"IcmpChecksum", ethernet(icmp_packet({}, {.bad_checksum = true})), "icmp.checksum", true,
                   true},
        BrokenCase{"Icmpv6Of7", ethernet(ip_packet(six(), icmpv6, Octets(7))), "icmpv6.header_truncated",
                   false, false},
        BrokenCase{"Icmpv6Checksum", ethernet(icmp_packet(six(), {.bad_checksum = true})), "icmpv6.checksum",
                   true, true}),
    by_name);

TEST(Decode, ReadsEveryField) {
  const Octets frame =
      ethernet(tcp_packet({.ttl = 17, .id = 0xbeef},
                          {.source_port = 1234,
                           .dest_port = 443,
                           .sequence = 0xfffffff0,
                           .acknowledgement = 7,
                           .flags = syn | ack | ece,
                           .window = 512,
                           .urgent = 3,
                           .options = to_bytes({.timestamp = 0x01020304, .timestamp_echo = 5})},
                          "hello"),
               {.vlans = {0x2064, 0x0007}, .vlan_type = 0x88a8});
  const Packet packet = decode({.bytes = frame, .arrived = std::chrono::seconds(9)}, 42, {});
  EXPECT_EQ(packet.number, 42U);
  EXPECT_EQ(packet.arrived, std::chrono::seconds(9));
  EXPECT_EQ(packet.frame.size(), frame.size());
  EXPECT_EQ(packet.ip.size(), frame.size() - 22);
  EXPECT_EQ(packet.vlan_count, 2);
  EXPECT_EQ(packet.vlan, (std::array<std::uint16_t, 2>{0x2064, 0x0007}));
  EXPECT_EQ(packet.source, traffic::kClient);
  EXPECT_EQ(packet.dest, traffic::kServer);
  EXPECT_EQ(packet.ttl, 17);
  EXPECT_EQ(packet.source_port, 1234);
  EXPECT_EQ(packet.dest_port, 443);
  EXPECT_EQ(packet.tcp.sequence, 0xfffffff0);
  EXPECT_EQ(packet.tcp.acknowledgement, 7U);
  EXPECT_TRUE(packet.has(syn) && packet.has(ack) && packet.has(ece) && !packet.has(fin));
  EXPECT_EQ(packet.tcp.window, 512);
  EXPECT_EQ(packet.tcp.urgent, 3);
  EXPECT_EQ(packet.tcp.timestamp, 0x01020304U);
  EXPECT_EQ(packet.tcp.timestamp_echo, 5U);
}

TEST(Decode, IcmpTypeAndCode) {
  const Packet packet = decoded(icmp_packet(six(), {.type = 135, .code = 2}), Link::ip);
  EXPECT_EQ(packet.icmp_type, 135);
  EXPECT_EQ(packet.icmp_code, 2);
  EXPECT_EQ(packet.source, v6(1));
}

TEST(Decode, FragmentHasNoTransport) {
  const IpFields ip{.id = 77};
  const Octets whole = udp_datagram(ip, {}, "0123456789abcdef");
  for (const IpFields& fields : {ip, IpFields{.source = v6(1), .dest = v6(2), .id = 77}}) {
    const Octets bytes = fragment(fields, udp, whole, 8, 8);
    const Packet packet = decoded(bytes, Link::ip);
    EXPECT_TRUE(packet.is_fragment && packet.more_fragments && !packet.has_transport);
    EXPECT_EQ(packet.fragment_id, 77U);
    EXPECT_EQ(packet.fragment_offset, 8U);
    EXPECT_EQ(packet.protocol, udp);
    EXPECT_EQ(as_text(packet.payload), "01234567");
    EXPECT_TRUE(packet.anomalies.empty());
  }
}

TEST(Decode, ChecksumsAreLeftAloneWhenNotAsked) {
  const Octets bad = ethernet(tcp_packet({.bad_checksum = true}, {.bad_checksum = true}, "x"));
  EXPECT_TRUE(decode({.bytes = bad, .checksums_trusted = true}, 1, {}).anomalies.empty());
  EXPECT_TRUE(decode({.bytes = bad}, 1, {.verify_checksums = false}).anomalies.empty());
  EXPECT_TRUE(decode({.bytes = bad}, 1, {}).checksum_bad);
}

TEST(Decode, FrameCutByTheDriverIsReadAsFarAsItGoes) {
  for (const Octets& frame :
       {ethernet(tcp_packet({}, {}, "0123456789")), ethernet(tcp_packet(six(), {}, "0123456789")),
        ethernet(udp_packet({}, {}, "0123456789"))}) {
    const auto wire_size = static_cast<std::uint32_t>(frame.size());
    const Packet packet =
        decode({.bytes = Bytes(frame).first(frame.size() - 4), .wire_size = wire_size}, 1, {});
    EXPECT_EQ(names(packet.anomalies), "frame.truncated");
    EXPECT_EQ(as_text(packet.payload), "012345");
    EXPECT_TRUE(packet.has_transport);
    EXPECT_FALSE(packet.checksum_bad);
  }
}

TEST(Decode, SourceRoutedDestinationIsNotHeldAgainstTheChecksum) {
  // The checksum covers the last stop (RFC 8200 section 8.1), which is not in the destination field yet.
  IpFields to_first_stop = six({{kRouting, {0, 0, 1, 0, 0, 0, 0}}});
  const Octets segment = tcp_segment({.source = v6(1), .dest = v6(3)}, {}, "x");
  EXPECT_FALSE(decoded(ip_packet(to_first_stop, tcp, segment), Link::ip).checksum_bad);
  to_first_stop.extensions[0].body[2] = 0;  // no stop left: now it must agree
  EXPECT_TRUE(decoded(ip_packet(to_first_stop, tcp, segment), Link::ip).checksum_bad);
}

}  // namespace
}  // namespace bansoko::packet
