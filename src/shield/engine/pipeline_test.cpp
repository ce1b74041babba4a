// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/pipeline.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/canary.h"
#include "shield/engine/pipeline_line.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/source_folder.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using packet::Action;
using traffic::From;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kDrop =
    "drop tcp any any -> any any (msg:\"evil\"; flow:established,to_server; content:\"EVIL\"; sid:1;)\n";
constexpr std::string_view kAlert = "alert tcp any any -> any any (msg:\"seen\"; content:\"EVIL\"; sid:2;)\n";
constexpr std::string_view kReject =
    "reject tcp any any -> any any (msg:\"no\"; flow:established,to_server; content:\"EVIL\"; sid:3;)\n";
constexpr std::string_view kPass =
    "pass tcp any any -> any any (msg:\"known\"; flow:established; content:\"trusted\"; sid:4;)\n";
constexpr std::string_view kUdp = "drop udp any any -> any 53 (msg:\"udp\"; content:\"EVIL\"; sid:5;)\n";
constexpr std::string_view kIcmp =
    "drop icmp any any -> any any (msg:\"icmp\"; itype:8; content:\"EVIL\"; sid:6;)\n";
constexpr std::string_view kUri =
    "drop http any any -> any any (msg:\"uri\"; http.uri; content:\"/EVIL\"; sid:8;)\n";
constexpr std::string_view kServer =
    "drop http any any -> any any (msg:\"server\"; flow:to_client; http.server; content:\"EVIL\"; sid:9;)\n";
constexpr std::string_view kEverything = "drop ip any any -> any any (msg:\"all\"; sid:7;)\n";

TestTcp opened() { return TestTcp().handshake(); }

struct Case {
  std::string_view name;
  std::string rules;
  std::vector<Octets> frames;
  std::string verdicts;
  std::string alerts;
};

class PipelinePath : public testing::TestWithParam<Case> {};

TEST_P(PipelinePath, Enforces) {
  Line line(GetParam().rules);
  EXPECT_EQ(line.send_all(GetParam().frames), GetParam().verdicts);
  EXPECT_EQ(line.alerts(), GetParam().alerts);
}

TEST_P(PipelinePath, ObservingAcceptsAll) {
  Line line(GetParam().rules, small_settings(Mode::observe));
  EXPECT_EQ(line.send_all(GetParam().frames), std::string(GetParam().verdicts.size(), 'a'));
  // Told the same about the packet where enforcing would have stepped in.
  const std::string alerts = line.alerts();
  EXPECT_EQ(alerts.substr(0, GetParam().alerts.size()), GetParam().alerts);
}

std::vector<Octets> icmp_frames() {
  return {traffic::ethernet(traffic::icmp_packet({}, {}, "fine")),
          traffic::ethernet(traffic::icmp_packet({}, {}, "EVIL")),
          traffic::ethernet(traffic::icmp_packet({}, {}, "fine"))};
}

std::vector<Octets> neighbour_frames() {
  const traffic::IpFields near{.source = traffic::v6(1), .dest = traffic::v6(2), .ttl = 255};
  return {traffic::ethernet(traffic::icmp_packet(near, {.type = 135}, std::string(20, '\0'))),
          traffic::ethernet(traffic::to_octets("who has 10.0.0.2? tell 10.0.0.1"), {.type = 0x0806}),
          traffic::ethernet(traffic::to_octets("anything at all, that is no IP"), {.type = 0x88cc})};
}

/// Each says of itself what cannot be, with the exploit inside; the last one says the truth.
std::vector<Octets> liars() {
  const traffic::IpFields truth;
  traffic::IpFields longer;
  longer.stated_length = 1000;
  traffic::IpFields headless;
  headless.stated_header_words = 2;
  traffic::UdpFields udp;
  udp.stated_length = 3;
  Octets stump = traffic::udp_packet(truth, {}, "fine");
  stump.resize(15);
  return {traffic::ethernet(traffic::udp_packet(longer, {.dest_port = 54}, "fine")),
          traffic::ethernet(traffic::udp_packet(headless, {.dest_port = 54}, "fine")),
          traffic::ethernet(traffic::udp_packet(truth, udp, "fine")), traffic::ethernet(stump),
          traffic::ethernet(traffic::udp_packet(truth, {}, "fine"))};
}

std::vector<Octets> fragmented() {
  const std::string payload = std::string(30, 'x') + "EVIL" + std::string(30, 'y');
  const Octets upper = traffic::udp_datagram({}, {}, payload);
  std::vector<Octets> frames;
  for (const Octets& part : traffic::fragments({}, packet::udp, upper, 32))
    frames.push_back(traffic::ethernet(part));
  return frames;
}

/// The last fragment is sent again and again: its receiver waits for nothing else.
std::vector<Octets> last_resent(std::vector<Octets> frames) {
  frames.insert(frames.end(), 2, frames.back());
  return frames;
}

/// An ICMP echo with the exploit inside; ICMP has no flow to be blocked.
std::vector<Octets> fragmented_icmp(std::string_view word) {
  const std::string payload = std::string(30, 'x') + std::string(word) + std::string(30, 'y');
  std::vector<Octets> frames;
  for (const Octets& part :
       traffic::fragments({.id = 9}, packet::icmp, traffic::icmp_message({}, {}, payload), 32))
    frames.push_back(traffic::ethernet(part));
  return frames;
}

std::vector<Octets> two(std::string_view first, std::string_view second) {
  return {traffic::udp_frame(traffic::kClient, 40000, traffic::kServer, 53, first),
          traffic::udp_frame(traffic::kClient, 40000, traffic::kServer, 53, second)};
}

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelinePath,
    testing::Values(
        Case{"Clean", std::string(kDrop), opened().client("hello").server("world").frames(), "aaaaa", ""},
        Case{"InOrder", std::string(kDrop), opened().client("some EVIL thing").frames(), "aaab", "1:rule"},
        Case{"RetransmissionAfterBlock", std::string(kDrop),
             opened().client("EVIL").segment(From::client, 0, "EVIL").frames(), "aaabd", "1:rule"},
        Case{"ServerAfterBlock", std::string(kDrop), opened().client("EVIL").server("ok").frames(), "aaabd",
             "1:rule"},
        Case{"SplitAcrossSegments", std::string(kDrop), opened().client("EV").client("IL").frames(), "aaaab",
             "1:rule"},
        Case{"SegmentClosesGap", std::string(kDrop),
             opened().segment(From::client, 2, "IL and more").segment(From::client, 0, "EV").frames(),
             "aaaab", "1:rule"},
        Case{"OnlyAnAlert", std::string(kAlert), opened().client("EVIL").client("more").frames(), "aaaaa",
             "2:alert"},
        Case{"AlertAndDropTellBoth", std::string(kAlert) + std::string(kDrop),
             opened().client("EVIL").frames(), "aaab", "1:rule 2:rule"},
        Case{"Reject", std::string(kReject), opened().client("EVIL").frames(), "aaaj", "3:rule"},
        Case{"DropComesBeforeReject", std::string(kReject) + std::string(kDrop),
             opened().client("EVIL").frames(), "aaab", "1:rule 3:rule"},
        Case{"PassVoidsTheDrop", std::string(kPass) + std::string(kDrop),
             opened().client("trusted EVIL").client("EVIL").server("x").frames(), "aaaaaa", ""},
        Case{"PassTooLate", std::string(kPass) + std::string(kDrop),
             opened().client("EVIL").client("trusted").frames(), "aaabd", "1:rule"},
        Case{"Udp", std::string(kUdp), two("EVIL", "fine"), "bd", "5:rule"},
        Case{"UdpClean", std::string(kUdp), two("fine", "fine"), "aa", ""},
        Case{"UdpInFragments", std::string(kUdp), fragmented(), "aab", "5:rule"},
        Case{"LastUdpFragmentAgain", std::string(kUdp), last_resent(fragmented()), "aabdd", "5:rule"},
        Case{"LastIcmpFragmentAgain", std::string(kIcmp), last_resent(fragmented_icmp("EVIL")), "aaddd",
             "6:rule"},
        Case{"LastCleanFragmentAgain", std::string(kIcmp), last_resent(fragmented_icmp("fine")), "aaaaa", ""},
        Case{"IcmpBlocksNoFlow", std::string(kIcmp), icmp_frames(), "ada", "6:rule"},
        Case{"LengthLies", std::string(kUdp), liars(), "dddda", ""},
        Case{"AnswerTellsTheRequest", std::string(kUri),
             opened().client("A=b /EVIL ").client("HTTP/1.1\r\n\r\n").server("HTTP/1.1 200 OK\r\n").frames(),
             "aaaaab", "8:rule"},
        Case{"AnswerToNoRequest", std::string(kServer) + std::string(kUri),
             opened().client("\x16\x03\x01 /EVIL").server("HTTP/1.1 400 No\r\nServer: EVIL\r\n\r\n").frames(),
             "aaaab", "9:rule"},
        Case{"BannerBeforeHttp", std::string(kUri),
             opened().server("hello\r\n").client("GET /EVIL HTTP/1.1\r\n\r\n").frames(), "aaaab", "8:rule"},
        Case{"NeverNeighboursNorArpNorOthers", std::string(kEverything), neighbour_frames(), "aaa",
             "7:exempt"}),
    by_name);

/// The rules that ship for requests that servers read differently.
std::string framing_rules() {
  std::ifstream file(source_folder() + "/content/policies/http-framing.rules");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Octets> post(const std::string& rest) {
  return opened().client("POST /a HTTP/1.1\r\nHost: h\r\n" + rest).frames();
}

INSTANTIATE_TEST_SUITE_P(
    HttpFraming, PipelinePath,
    testing::Values(Case{"InOrder", framing_rules(),
                         post("Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n"), "aaaa", ""},
                    Case{"LengthBesideChunked", framing_rules(),
                         post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "aaab",
                         "9200002:rule"},
                    Case{"UnknownCoding", framing_rules(),
                         post("Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n"), "aaab",
                         "9200003:rule 9200004:rule"},
                    Case{"ChunkSizeThatEndsTheParsing", framing_rules(),
                         post("Transfer-Encoding: chunked\r\n\r\n-3\r\nabc"), "aaab", "9200006:rule"},
                    Case{"ChunkLineInALaterSegment", framing_rules(),
                         opened()
                             .client("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                             .client("3\nabc\r\n0\r\n\r\n")
                             .frames(),
                         "aaaab", "9200009:rule"},
                    Case{"NulInPath", framing_rules(),
                         opened().client("GET /a%00.html HTTP/1.1\r\n\r\n").frames(), "aaab",
                         "9200014:rule"}),
    by_name);

constexpr std::string_view kTwice =
    "drop http any any -> any any (msg:\"twice\"; flow:established,to_server; http.uri; content:\"/x/cmd\"; "
    "sid:8;)\n";

struct Server {
  std::string_view name;
  packet::WebServer kind;
  std::string verdicts;
};

class PipelineServers : public testing::TestWithParam<Server> {};

TEST_P(PipelineServers, DecideHowATargetIsRead) {
  auto settings = small_settings(Mode::enforce);
  auto hosts = std::make_shared<packet::HostTable>();
  ASSERT_TRUE(hosts->set_web_server("10.0.0.2", GetParam().kind));
  settings.flows.hosts = std::move(hosts);
  Line line(kTwice, settings);
  EXPECT_EQ(line.send_all(opened().client("GET /x/y%255c../cmd HTTP/1.1\r\n\r\n").frames()),
            GetParam().verdicts);
}

INSTANTIATE_TEST_SUITE_P(Engine, PipelineServers,
                         testing::Values(Server{"Generic", packet::WebServer::generic, "aaab"},
                                         Server{"Iis6", packet::WebServer::iis6, "aaab"},
                                         Server{"Iis", packet::WebServer::iis, "aaaa"},
                                         Server{"Apache", packet::WebServer::apache, "aaaa"}),
                         by_name);

TEST(Pipeline, EverySplitIsCaught) {
  const std::string request = "GET /EVIL HTTP/1.1\r\n\r\n";
  for (std::size_t at = 1; at < request.size(); ++at) {
    Line line(kDrop);
    const std::string verdicts =
        line.send_all(opened().client(request.substr(0, at)).client(request.substr(at)).frames());
    EXPECT_EQ(verdicts, at < 9 ? "aaaab" : "aaabd") << at;
    Line reordered(kDrop);
    const auto swapped = opened()
                             .segment(From::client, static_cast<std::int64_t>(at), request.substr(at))
                             .segment(From::client, 0, request.substr(0, at))
                             .frames();
    EXPECT_EQ(reordered.send_all(swapped), "aaaab") << at;
  }
}

TEST(Pipeline, BadChecksumDoesNotEnterTheStream) {
  Line line(kDrop);
  EXPECT_EQ(line.send_all(opened().frames()), "aaa");
  // The receiver throws the decoy away; what comes in its place is what it reads.
  const auto frames = opened().client("EVIL").frames();
  Octets decoy = frames.back();
  decoy[decoy.size() - 1] ^= 0xff;
  EXPECT_EQ(line.send(decoy), Action::accept);
  EXPECT_EQ(line.send(frames.back()), Action::block);
  EXPECT_EQ(line.pipeline().counters().reasons[static_cast<std::size_t>(Reason::checksum_bad)].value(), 1U);
}

TEST(Pipeline, ConflictingRetransmissionIsRefusedAndToldOnce) {
  Line line(kDrop);
  const auto frames = opened()
                          .segment(From::client, 0, "hello")
                          .segment(From::client, 0, "jello")
                          .segment(From::client, 0, "jello")
                          .frames();
  EXPECT_EQ(line.send_all(frames), "aaaadd");
  const auto records = line.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].kind, RecordKind::anomaly);
  EXPECT_EQ(records[0].reason, Reason::conflicting_retransmission);
  EXPECT_EQ(cause_of(records[0].reason, records[0].anomalies), "stream.conflicting_retransmission");
}

TEST(Pipeline, BlockedFlowTellsItsEnd) {
  Line line(kDrop);
  line.send_all(opened().client("EVIL").client("EVIL").client("EVIL").frames());
  line.records();
  line.pipeline().finish();
  const auto records = line.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].kind, RecordKind::flow_end);
  EXPECT_EQ(records[0].refused_packets, 2U);
}

TEST(Pipeline, ReleasesAtTheDepth) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.streams.depth = 1000;
  Line line(kDrop, settings);
  const std::string bulk(1400, 'x');
  const std::string verdicts =
      line.send_all(opened().client(bulk).server(bulk).client("EVIL").server("x").frames());
  EXPECT_EQ(verdicts, "aaaaarr");  // not before the server's bytes are acknowledged
}

TEST(Pipeline, KeepsThePacketsAroundTheFirstHit) {
  Line line(kAlert);
  line.send_all(opened().client("fine").client("EVIL").client("more").frames());
  const auto records = line.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_TRUE(records[0].evidence.any);
  EXPECT_EQ(records[0].evidence.record, records[0].number);
  EXPECT_EQ(records[0].evidence.flow_id, records[0].flow_id);
  EXPECT_EQ(line.kept(), "1 2 3 4 5 6 ");
}

TEST(Pipeline, KeepsNoMoreThanTheSettingsAllow) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.evidence.max_packets = 2;
  Line line(kDrop, settings);
  line.send_all(opened().client("EVIL").client("EVIL").client("EVIL").frames());
  EXPECT_EQ(line.kept(), "3 4 ");
}

TEST(Pipeline, KeepsTheWholeDatagramOfFragments) {
  Line line(kUdp);
  line.send_all(fragmented());
  EXPECT_EQ(line.kept(), "3 ");
}

TEST(Pipeline, FullRingCountsWhatIsLost) {
  Line line("alert udp any any -> any any (msg:\"each\"; content:\"x\"; sid:9;)\n");
  for (int i = 0; i < 300; ++i)
    line.send(traffic::udp_frame(traffic::kClient, 40000, traffic::kServer, 53, "x"));
  EXPECT_EQ(line.records().size(), 256U);
  EXPECT_EQ(line.pipeline().counters().events_lost.value(), 44U);
}

TEST(Pipeline, CanaryFiresAndLeavesTheRulesOfBefore) {
  Line line(kDrop);
  EXPECT_TRUE(line.pipeline().try_canary(line.rules()));
  EXPECT_TRUE(line.pipeline().try_canary(line.rules()));  // another port: the flow of before is no obstacle
  EXPECT_EQ(line.send_all(opened().client("EVIL").frames()), "aaab");
  EXPECT_EQ(line.alerts(), "1:rule");
  EXPECT_EQ(line.pipeline().counters().packets.value(), 4U);
}

TEST(Pipeline, CanaryIsSilencedByARuleThatPassesAll) {
  Line line(kDrop);
  line.load("pass ip any any -> any any (msg:\"all\"; sid:8;)\n");
  EXPECT_FALSE(line.pipeline().try_canary(line.rules()));
}

TEST(Pipeline, AllocatesNothingOnceWarm) {
  Line line(std::string(kDrop) + std::string(kAlert) + std::string(kUdp));
  const auto clean = opened().client("hello there").server("general").fin().frames();
  const auto evil =
      TestTcp(traffic::kClient, 40001).handshake().client("EV").client("IL").client("x").frames();
  const auto datagrams = two("fine", "EVIL");
  const auto parts = fragmented();
  const auto round = [&] {
    for (const auto* frames : {&clean, &evil, &datagrams, &parts})
      for (const Octets& frame : *frames) line.send(frame);
    line.pipeline().finish();
  };
  round();
  const AllocationCounter allocations;
  round();
  round();
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace bansoko::engine
