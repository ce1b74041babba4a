// SPDX-License-Identifier: Apache-2.0
// Rules whose answer depends on what the pipeline knows beside the bytes: the stream's size, the protocol,
// fragments, files beside the rules, and the evidence that a tag asks for.
#include <gtest/gtest.h>

#include "shield/engine/pipeline.h"
#include "shield/engine/pipeline_line.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::From;
using traffic::Octets;
using traffic::TestTcp;

std::string tcp_rule(std::string_view options) {
  return "alert tcp any any -> any any (msg:\"t\"; " + std::string(options) + " sid:1;)\n";
}

TestTcp opened() { return TestTcp().handshake(); }

struct Case {
  std::string name;
  std::string rules;
  std::vector<Octets> frames;
  std::string alerts;  // after each frame: '1' told, '.' not
};

class PipelineMemory : public testing::TestWithParam<Case> {};

TEST_P(PipelineMemory, Tells) {
  Line line(GetParam().rules);
  std::string alerts;
  for (const Octets& frame : GetParam().frames) {
    line.send(frame);
    alerts += line.alerts().empty() ? '.' : '1';
  }
  EXPECT_EQ(alerts, GetParam().alerts);
}

std::vector<Octets> framed(const std::vector<Octets>& packets) {
  std::vector<Octets> frames;
  for (const Octets& packet : packets) frames.push_back(traffic::ethernet(packet));
  return frames;
}

std::vector<Octets> fragmented(const std::string& payload = std::string(40, 'x')) {
  return framed(traffic::fragments({}, packet::Protocol::udp, traffic::udp_datagram({}, {}, payload), 24));
}

std::string ip_rule(std::string_view options) {
  return "alert ip any any -> any any (msg:\"t\"; " + std::string(options) + " sid:1;)\n";
}

INSTANTIATE_TEST_SUITE_P(
    StreamSize, PipelineMemory,
    testing::Values(
        Case{"TheSynCountsAsOne", tcp_rule("stream_size:client,=,1;"), opened().client("abc").frames(),
             "111."},
        Case{"ServerIsNotThereYet", tcp_rule("stream_size:server,=,1; flow:to_client;"),
             opened().client("abc").server("de").frames(), ".1..."},
        Case{"WithThePacketAtHand", tcp_rule("stream_size:client,=,4; content:\"c\";"),
             opened().client("abc").client("c").frames(), "...1."},
        Case{"WhatIsOutOfOrderDoesNotCount", tcp_rule("stream_size:client,>,1;"),
             opened().segment(From::client, 3, "def").segment(From::client, 0, "abc").frames(), "....1"},
        Case{"AllThatClosingAHoleDelivers", tcp_rule("stream_size:client,=,7; content:\"abcdef\";"),
             opened().segment(From::client, 3, "def").segment(From::client, 0, "abc").frames(), "....1"},
        Case{"TheFinDoesNotCount", tcp_rule("stream_size:client,=,4; flags:FA; flow:to_server;"),
             opened().client("abc").fin(From::client).frames(), "....1"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Protocol, PipelineMemory,
    testing::Values(Case{"NotKnownYet", tcp_rule("app-layer-protocol:unknown;"),
                         opened().client("GET / HTTP/1.1\r\n\r\n").frames(), "111."},
                    Case{"Is", tcp_rule("app-layer-protocol:http;"),
                         opened().client("GET / HTTP/1.1\r\n\r\n").frames(), "...1"},
                    Case{"IsNot", tcp_rule("app-layer-protocol:!http;"),
                         opened().client("GET / HTTP/1.1\r\n\r\n").frames(), "...."},
                    Case{"IsAnother", tcp_rule("app-layer-protocol:!http;"),
                         opened().client(std::string_view("\xff\xfeneither\0\0\0\0\0\0\0", 16)).frames(),
                         "...1"},
                    Case{"OfThatSideAlone", tcp_rule("app-layer-protocol:failed;"),
                         opened()
                             .client(std::string_view("\xff\xfeneither\0\0\0\0\0\0\0", 16))
                             .acknowledge(From::server)
                             .frames(),
                         "...1."}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Fragments, PipelineMemory,
    testing::Values(Case{"First", ip_rule("fragbits:M; fragoffset:0;"), fragmented(), "1."},
                    Case{"Last", ip_rule("fragoffset:3;"), fragmented(), ".1"},
                    Case{"Any", ip_rule("fragbits:!D;"), fragmented(), "11"},
                    Case{"HasNoPayload", ip_rule("fragbits:M; content:\"x\";"), fragmented(), ".."},
                    Case{"OtherRulesSeeTheWhole", ip_rule("dsize:40;"), fragmented(), ".1"},
                    Case{"WasInFragments", ip_rule("flow:only_frag; content:\"x\";"), fragmented(), ".1"},
                    Case{"WasNotInFragments", ip_rule("flow:no_frag; content:\"x\";"), fragmented(), ".."},
                    Case{"NeverInFragments", ip_rule("flow:no_frag; content:\"x\";"),
                         framed({traffic::udp_packet({}, {}, "x")}), "1"}),
    by_name);

TEST(PipelineFragments, ADropRuleStopsTheFragment) {
  Line line("drop ip any any -> any any (msg:\"t\"; fragbits:M; sid:1;)\n");
  EXPECT_EQ(line.send_all(fragmented()), "da");
  EXPECT_EQ(line.alerts(), "1:rule");
}

TEST(PipelineXbits, LeadFromOneFlowToAnother) {
  Line line(
      "alert udp any any -> any any (msg:\"t\"; content:\"knock\"; xbits:set,k,track ip_pair,expire 5; "
      "noalert; "
      "sid:1;)\n"
      "drop tcp any any -> any any (msg:\"t\"; flow:to_server; content:\"open\"; xbits:isset,k,track "
      "ip_pair; "
      "sid:2;)\n");
  EXPECT_EQ(line.send_all(opened().client("open").frames()), "aaaa");
  EXPECT_EQ(line.send_all(framed({traffic::udp_packet({}, {}, "knock")})), "a");
  EXPECT_EQ(line.send_all(TestTcp(traffic::kClient, 40001).handshake().client("open").frames()), "aaab");
}

struct Kept {
  std::string name;
  std::string tag;
  std::uint32_t max_packets;
  std::string kept;  // numbers of packets
};

class Tagged : public testing::TestWithParam<Kept> {};

/// Packets 4 and 8 of the first flow have a rule speak, and only that about 8 has the tag. 9 and 10 are of
/// another flow from the same client, 11 and 12 of one from elsewhere.
TEST_P(Tagged, KeepsWhatFollows) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.evidence.payload = Payload::packets;
  settings.evidence.max_packets = GetParam().max_packets;
  settings.evidence.recent_memory = 0;
  Line line(tcp_rule("content:\"first\";") + "alert tcp any any -> any any (msg:\"t\"; content:\"second\"; " +
                GetParam().tag + " sid:2;)\n",
            settings);
  line.send_all(opened().client("first").client("a").client("b").client("c").client("second").frames());
  line.send_all(framed({traffic::udp_packet({}, {}, "x"), traffic::udp_packet({}, {}, "y")}));
  traffic::IpFields other;
  other.source = packet::Address::v4(10, 9, 9, 9);
  line.send_all(framed({traffic::udp_packet(other, {}, "x"), traffic::udp_packet(other, {}, "y")}));
  EXPECT_EQ(line.kept(), GetParam().kept);
}

INSTANTIATE_TEST_SUITE_P(
    Evidence, Tagged,
    testing::Values(Kept{"None", "", 2, "4 5 "}, Kept{"Session", "tag:session,5,packets;", 2, "4 5 8 "},
                    Kept{"SessionWhileTheFirstGoesOn", "tag:session,5,packets;", 8, "4 5 6 7 8 "},
                    Kept{"HostFrom", "tag:host,5,packets,src;", 8, "4 5 6 7 8 9 10 "},
                    Kept{"HostFromAsManyAsItSays", "tag:host,1,packets,src;", 8, "4 5 6 7 8 9 "},
                    Kept{"HostFromAsLongAsItSays", "tag:host,1,seconds,src;", 8, "4 5 6 7 8 9 10 "},
                    Kept{"HostFromAsManyBytes", "tag:host,1,bytes,src;", 8, "4 5 6 7 8 9 "},
                    Kept{"HostTo", "tag:host,3,packets,dst;", 8, "4 5 6 7 8 9 10 11 "},
                    Kept{"HostToByDefault", "tag:host;", 3, "4 5 6 9 10 11 "}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
