// SPDX-License-Identifier: Apache-2.0
// Rule options about one packet: its headers, and what the flow says of it.
#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "shield/packet/decode.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"

namespace bansoko::keyword {
namespace {

using namespace std::string_literals;
using traffic::Octets;
using Sids = std::vector<std::uint32_t>;

const traffic::IpFields kIp{.id = 7, .dont_fragment = true, .options = {}};
const traffic::IpFields kIp6{.source = traffic::v6(1), .dest = traffic::v6(2)};

packet::Packet decoded(const Octets& ip_packet) {
  static std::vector<Octets> kept;  // views point into it
  kept.push_back(ip_packet);
  return packet::decode({.bytes = kept.back(), .link = packet::Link::ip}, 1, {});
}

Octets tcp() {
  return traffic::tcp_packet(kIp, {.sequence = 100,
                                   .acknowledgement = 200,
                                   .flags = packet::syn | packet::ack,
                                   .window = 512,
                                   .options = traffic::to_bytes({.mss = 1460})});
}
Octets udp(std::string_view payload = "abc") { return traffic::udp_packet(kIp, {}, payload); }
Octets ping() { return traffic::icmp_packet(kIp, {.type = 8, .rest_of_header = 0x00050006}, "x"); }
Octets with_tos(Octets packet, std::uint8_t tos) {
  packet[1] = tos;
  return packet;
}
Octets with_options(Octets options) {
  traffic::IpFields ip = kIp;
  ip.options = std::move(options);
  return traffic::udp_packet(ip, {}, "abc");
}
Octets to_itself() {
  traffic::IpFields ip = kIp;
  ip.dest = ip.source;
  return traffic::udp_packet(ip, {}, "abc");
}
Octets too_big() { return traffic::icmp_packet(kIp6, {.type = 2, .rest_of_header = 1280}, "x"); }

/// A call of version 2 of the port mapper, procedure 3 (RFC 1833).
std::string rpc_call() { return "\0\0\0\x07\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x03"s; }
Octets rpc_over_udp() { return udp(rpc_call()); }
Octets rpc_over_tcp() { return traffic::tcp_packet(kIp, {}, "\x80\0\0\x18"s + rpc_call()); }
Octets rpc_answer() {
  std::string answer = rpc_call();
  answer[7] = 1;
  return udp(answer);
}
Octets cut_call() { return udp(rpc_call().substr(0, 23)); }

struct Case {
  std::string name;
  std::string options;
  Octets packet;
  bool want;
};

class OnPacket : public testing::TestWithParam<Case> {};

TEST_P(OnPacket, Matches) {
  RuleHarness harness("alert ip any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet = decoded(GetParam().packet);
  ASSERT_TRUE(packet.has_transport);
  EXPECT_EQ(harness.packet(packet), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(
    Ip, OnPacket,
    testing::Values(
        Case{"Id", "id:7;", udp(), true}, Case{"IdNot", "id:8;", udp(), false},
        Case{"IdOfIpv6", "id:!7;", too_big(), false}, Case{"Tos", "tos:8;", with_tos(udp(), 8), true},
        Case{"TosNegated", "tos:!8;", with_tos(udp(), 8), false},
        Case{"TosNegatedOther", "tos:!8;", udp(), true}, Case{"TosOfIpv6", "tos:0;", too_big(), false},
        Case{"FragbitsEqual", "fragbits:D;", udp(), true}, Case{"FragbitsMore", "fragbits:M;", udp(), false},
        Case{"FragbitsEqualIsAll", "fragbits:DM;", udp(), false},
        Case{"FragbitsAny", "fragbits:*DM;", udp(), true}, Case{"FragbitsPlus", "fragbits:+D;", udp(), true},
        Case{"FragbitsPlusAll", "fragbits:+DR;", udp(), false},
        Case{"FragbitsNot", "fragbits:!M;", udp(), true},
        Case{"FragbitsNotSet", "fragbits:!D;", udp(), false},
        Case{"FragbitsOfIpv6", "fragbits:!M;", too_big(), false},
        Case{"Fragoffset", "fragoffset:0;", udp(), true},
        Case{"FragoffsetNot", "fragoffset:>0;", udp(), false},
        Case{"FragoffsetOfIpv6", "fragoffset:0;", too_big(), false},
        Case{"Sameip", "sameip;", to_itself(), true}, Case{"SameipNot", "sameip;", udp(), false},
        Case{"IpProto", "ip_proto:17;", udp(), true}, Case{"IpProtoNot", "ip_proto:6;", udp(), false},
        Case{"IpProtoName", "ip_proto:UDP;", udp(), true},
        Case{"IpProtoNegated", "ip_proto:!17;", udp(), false},
        Case{"IpProtoAbove", "ip_proto:>6; ip_proto:<18;", udp(), true},
        Case{"IpProtoAboveNot", "ip_proto:>17;", udp(), false},
        Case{"L3", "l3_proto:ipv4; dsize:3;", udp(), true},
        Case{"L3Not", "l3_proto:ipv6; dsize:3;", udp(), false},
        Case{"NoFrag", "flow:no_frag; dsize:3;", udp(), false},
        Case{"Ipv4Hdr", "ipv4.hdr; content:\"|00 07|\"; offset:4; depth:2;", udp(), true},
        Case{"Ipv4HdrEnds", "ipv4.hdr; bsize:20;", udp(), true},
        Case{"Ipv4HdrOptions", "ipv4.hdr; bsize:24;", with_options({7, 4, 4, 0}), true},
        Case{"Ipv4HdrOfIpv6", "ipv4.hdr; content:!\"zz\";", too_big(), false},
        Case{"Ipv6Hdr", "ipv6.hdr; bsize:40; content:\"|20 01 0d b8|\"; offset:8;", too_big(), true},
        Case{"Ipv6HdrOfIpv4", "ipv6.hdr; content:!\"zz\";", udp(), false},
        Case{"IpSrc", "ip.src; content:\"|0a 00 00 01|\"; bsize:4;", udp(), true},
        Case{"IpDst", "ip.dst; content:\"|0a 00 00 02|\";", udp(), true},
        Case{"IpDst6", "ip.dst; content:\"|00 02|\"; endswith; bsize:16;", too_big(), true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Options, OnPacket,
                         testing::Values(Case{"Rr", "ipopts:rr;", with_options({7, 4, 4, 0}), true},
                                         Case{"RrNot", "ipopts:lsrr;", with_options({7, 4, 4, 0}), false},
                                         Case{"BehindNop", "ipopts:ts;", with_options({1, 68, 4, 5, 0}),
                                              true},
                                         Case{"Nop", "ipopts:nop;", with_options({1, 68, 4, 5, 0}), true},
                                         Case{"Eol", "ipopts:eol;", with_options({1, 0, 68, 4}), true},
                                         Case{"BehindEol", "ipopts:ts;", with_options({0, 68, 4, 5}), false},
                                         Case{"Any", "ipopts:any;", with_options({7, 4, 4, 0}), true},
                                         Case{"AnyWithout", "ipopts:any;", udp(), false},
                                         Case{"OfSizeZero", "ipopts:ts;", with_options({7, 0, 68, 4}), false},
                                         Case{"OfIpv6", "ipopts:any;", too_big(), false}),
                         by_name);

INSTANTIATE_TEST_SUITE_P(
    Tcp, OnPacket,
    testing::Values(
        Case{"Seq", "seq:100;", tcp(), true}, Case{"SeqNot", "seq:101;", tcp(), false},
        Case{"SeqOfUdp", "seq:!100;", udp(), false}, Case{"Ack", "ack:200;", tcp(), true},
        Case{"AckAbove", "ack:>200;", tcp(), false}, Case{"Window", "window:512;", tcp(), true},
        Case{"WindowNegated", "window:!512;", tcp(), false}, Case{"Mss", "tcp.mss:1460;", tcp(), true},
        Case{"MssBelow", "tcp.mss:<536;", tcp(), false}, Case{"MssWithin", "tcp.mss:1459-1461;", tcp(), true},
        Case{"MssEndsAreOut", "tcp.mss:1460-1470;", tcp(), false},
        Case{"MssAbsent", "tcp.mss:!1;", rpc_over_tcp(), false},
        Case{"Hdr", "tcp.hdr; content:\"|02 04 05 b4|\"; offset:20;", tcp(), true},
        Case{"HdrEnds", "tcp.hdr; bsize:24;", tcp(), true},
        Case{"HdrWithoutPayload", "tcp.hdr; bsize:20;", rpc_over_tcp(), true},
        Case{"HdrAndPayload", "content:\"|86 a0|\"; tcp.hdr; content:\"|00 50|\"; offset:2; depth:2;",
             rpc_over_tcp(), true},
        Case{"HdrOfUdp", "tcp.hdr; content:!\"zz\";", udp(), false},
        Case{"Flags", "tcp.flags:SA;", tcp(), true}, Case{"FlagsNot", "tcp.flags:S;", tcp(), false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Others, OnPacket,
    testing::Values(Case{"UdpHdr", "udp.hdr; content:\"|00 0b|\"; offset:4; depth:2; bsize:8;", udp(), true},
                    Case{"IcmpId", "icmp_id:5;", ping(), true},
                    Case{"IcmpIdNot", "icmp_id:6;", ping(), false},
                    Case{"Prefilter", "icmp_id:5; prefilter;", ping(), true},
                    Case{"IcmpSeq", "icmp_seq:6;", ping(), true},
                    Case{"IcmpSeqNot", "icmp_seq:5;", ping(), false},
                    Case{"IcmpIdOfAnError", "icmp_id:0;", too_big(), false},
                    Case{"IcmpHdr", "icmpv4.hdr; content:\"|08 00|\"; startswith; bsize:8;", ping(), true},
                    Case{"IcmpHdrOfSix", "icmpv4.hdr; content:!\"zz\";", too_big(), false},
                    Case{"Icmpv6Hdr", "icmpv6.hdr; content:\"|05 00|\"; offset:6;", too_big(), true},
                    Case{"Mtu", "icmpv6.mtu:1280;", too_big(), true},
                    Case{"MtuNot", "icmpv6.mtu:<1280;", too_big(), false},
                    Case{"MtuOfAPing", "icmpv6.mtu:!1;", ping(), false},
                    Case{"Rpc", "rpc:100000,2,3;", rpc_over_udp(), true},
                    Case{"RpcProgram", "rpc:100000;", rpc_over_udp(), true},
                    Case{"RpcWildcards", "rpc:100000,*,*;", rpc_over_udp(), true},
                    Case{"RpcVersion", "rpc:100000,3,*;", rpc_over_udp(), false},
                    Case{"RpcProcedure", "rpc:100000,*,4;", rpc_over_udp(), false},
                    Case{"RpcOverTcp", "rpc:100000,2,3;", rpc_over_tcp(), true},
                    Case{"RpcAnswer", "rpc:100000,2,3;", rpc_answer(), false},
                    Case{"RpcCutShort", "rpc:100000,2,3;", cut_call(), false}),
    by_name);

struct FlowCase {
  std::string name;
  std::string options;
  bool want;
};

class OnFlow : public testing::TestWithParam<FlowCase> {};

/// A flow of 12 s: 3 packets of 300 bytes from the client, 5 of 900 from the server, and 41 and 1001
/// sequence numbers.
TEST_P(OnFlow, Matches) {
  RuleHarness harness("alert tcp any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  flow::Flow& flow = harness.flow;
  flow.key.protocol = packet::Protocol::tcp;
  flow.started = std::chrono::milliseconds(1900);
  flow.last_seen = std::chrono::milliseconds(13100);
  flow.traffic = {flow::Flow::Traffic{3, 300}, flow::Flow::Traffic{5, 900}};
  flow.sequence = {41, 1001};
  const packet::Packet packet = decoded(rpc_over_tcp());
  EXPECT_EQ(harness.packet(packet, &flow), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(Flow, OnFlow,
                         testing::Values(FlowCase{"AgeInWholeSeconds", "flow.age:12;", true},
                                         FlowCase{"AgeNot", "flow.age:>12;", false},
                                         FlowCase{"Packets", "flow.pkts:toserver,3;", true},
                                         FlowCase{"PacketsBack", "flow.pkts:toclient,>4;", true},
                                         FlowCase{"PacketsEither", "flow.pkts:either,5;", true},
                                         FlowCase{"PacketsBoth", "flow.pkts:both,>3;", false},
                                         FlowCase{"PacketsOldName", "flow.pkts_toserver:3;", true},
                                         FlowCase{"PacketsOldNameBack", "flow.pkts_toclient:3;", false},
                                         FlowCase{"Bytes", "flow.bytes:toserver,<301;", true},
                                         FlowCase{"BytesBoth", "flow.bytes:both,>299;", true},
                                         FlowCase{"BytesOldName", "flow.bytes_toclient:900;", true},
                                         FlowCase{"BytesOldNameTo", "flow.bytes_toserver:900;", false},
                                         FlowCase{"StreamServer", "stream_size:server,=,1001;", true},
                                         FlowCase{"StreamClient", "stream_size:client,<,41;", false},
                                         FlowCase{"StreamClientMost", "stream_size:client,<=,41;", true},
                                         FlowCase{"StreamBoth", "stream_size:both,>,41;", false},
                                         FlowCase{"StreamEither", "stream_size:either,>=,1001;", true},
                                         FlowCase{"StreamNot", "stream_size:server, != , 1001;", false}),
                         by_name);

struct Fault {
  std::string name;
  std::string options;
  std::string want;
};

class NotTaken : public testing::TestWithParam<Fault> {};

TEST_P(NotTaken, SaysWhy) {
  const RuleHarness harness("alert ip any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1u);
  EXPECT_NE(harness.diagnostics.front().message.find(GetParam().want), std::string::npos)
      << harness.diagnostics.front().message;
}

INSTANTIATE_TEST_SUITE_P(
    Packet, NotTaken,
    testing::Values(
        Fault{"IdTooLarge", "id:65536;", "beyond 65535"}, Fault{"TypeTooLarge", "itype:256;", "beyond 255"},
        Fault{"CodeTooLarge", "icode:<300;", "beyond 255"}, Fault{"TtlTooLarge", "ttl:999;", "beyond 255"},
        Fault{"SizeTooLarge", "dsize:>65535;", "beyond 65535"},
        Fault{"IdAtMost", "id:65535; id:x;", "'x' is not a number"},
        Fault{"TosTooLarge", "tos:256;", "beyond 255"}, Fault{"RangeEmpty", "seq:5-6;", "no number"},
        Fault{"Fragbits", "fragbits:X;", "not a bit"}, Fault{"FragbitsNone", "fragbits:+;", "no bit"},
        Fault{"Fragoffset", "fragoffset:8192;", "beyond 8191"},
        Fault{"Ipopts", "ipopts:abc;", "not an option"},
        Fault{"IpProto", "ip_proto:nonesuch;", "not a number"}, Fault{"L3", "l3_proto:ipx;", "not a version"},
        Fault{"L3Twice", "l3_proto:ipv4; l3_proto:ipv6;", "other version"},
        Fault{"Rpc", "rpc:*;", "not a number"}, Fault{"RpcTooMany", "rpc:1,2,3,4;", "more than three"},
        Fault{"StreamSide", "stream_size:client_side,>,1;", "not a side"},
        Fault{"StreamOperator", "stream_size:client,~,1;", "not an operator"},
        Fault{"StreamShort", "stream_size:client,5;", "side, operator and number"},
        Fault{"FlowDirection", "flow.pkts:up,5;", "not a direction"},
        Fault{"FlowNumber", "flow.bytes:toserver;", "direction and a number"},
        Fault{"Geoip", "geoip:src,RU;", "no table of countries"}, Fault{"Lua", "lua:x.lua;", "programs"},
        Fault{"HeaderWithoutContent", "tcp.hdr;", "nothing is looked for in 'tcp.hdr'"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
