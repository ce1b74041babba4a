// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::ethernet;
using traffic::IpFields;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kOverlap =
    "alert pkthdr any any -> any any (decode-event:ipv4.frag_overlap; sid:1;)\n";
constexpr std::string_view kTruncated = "alert ip any any -> any any (decode-event:ipv4.trunc_pkt; sid:2;)\n";
constexpr std::string_view kRouted = "drop ip any any -> any any (decode-event:ipv6.rh_type_0; sid:3;)\n";
constexpr std::string_view kLet = "pass ip any any -> any any (decode-event:ipv4.trunc_pkt; sid:4;)\n";
constexpr std::string_view kConflict =
    "alert tcp any any -> any any (stream-event:reassembly_overlap_different_data; sid:5;)\n";
constexpr std::string_view kShortHeader =
    "alert pkthdr any any -> any any (decode-event:ipv4.pkt_too_small; sid:6;)\n";
constexpr std::string_view kFolded =
    "alert http any any -> any any (app-layer-event:http.invalid_request_field_folding; sid:7;)\n";
constexpr std::string_view kLengths =
    "drop http any any -> any any (app-layer-event:http.duplicate_content_length_field_in_request; http.uri; "
    "content:\"/a\"; sid:8;)\n";
constexpr std::string_view kBlocks = "drop tcp any any -> any any (content:\"EVIL\"; sid:9;)\n";

std::vector<Octets> overlapping() {
  const Octets whole = traffic::udp_datagram({}, {}, std::string(56, 'x'));
  Octets other = whole;
  other[20] ^= 1U;
  return {ethernet(traffic::fragment({}, packet::udp, whole, 0, 32)),
          ethernet(traffic::fragment({}, packet::udp, other, 16, 32)),
          ethernet(traffic::fragment({}, packet::udp, whole, 48, 16)),
          ethernet(traffic::fragment({}, packet::udp, whole, 32, 16))};
}

std::vector<Octets> routed() {
  return {ethernet(traffic::udp_packet(
      {.source = traffic::v6(1), .dest = traffic::v6(2), .extensions = {traffic::extension(43)}}, {}, "x"))};
}

std::vector<Octets> lying() { return {ethernet(traffic::udp_packet({.stated_length = 90}, {}, "x"))}; }

std::vector<Octets> cut() {
  Octets packet = traffic::udp_packet({}, {}, "x");
  packet.resize(12);
  return {ethernet(packet)};
}

std::vector<Octets> conflicting() {
  TestTcp tcp;
  tcp.handshake().client("abcd");
  std::vector<Octets> frames = tcp.frames();
  TestTcp again;
  again.handshake().client("aXcd");
  frames.push_back(again.frames().back());
  return frames;
}

std::vector<Octets> request(std::string_view text) { return TestTcp().handshake().client(text).frames(); }

struct Case {
  std::string_view name;
  std::string rules;
  std::vector<Octets> frames;
  std::string verdicts;
  std::string alerts;
  std::string observed;  // the same in mode observe
};

class Anomalies : public testing::TestWithParam<Case> {};

TEST_P(Anomalies, AreTold) {
  Line line(GetParam().rules);
  EXPECT_EQ(line.send_all(GetParam().frames), GetParam().verdicts);
  EXPECT_EQ(line.alerts(), GetParam().alerts);
  Line observing(GetParam().rules, small_settings(Mode::observe));
  observing.send_all(GetParam().frames);
  EXPECT_EQ(observing.alerts(), GetParam().observed);
}

INSTANTIATE_TEST_SUITE_P(
    Pipeline, Anomalies,
    testing::Values(
        Case{"RefusedFragmentSpeaksOnce", std::string(kOverlap), overlapping(), "addd", "1:fragment_broken",
             "1:fragment_broken"},
        Case{"RefusedForItsHeader", std::string(kTruncated), lying(), "d", "2:malformed", "2:malformed"},
        Case{"NoIpAtAll", std::string(kShortHeader), cut(), "d", "6:malformed", "6:malformed"},
        Case{"DropsWhatWouldPass", std::string(kRouted), routed(), "b", "3:rule", "3:rule"},
        Case{"WithoutARuleItPasses", std::string(kTruncated), routed(), "a", "", ""},
        Case{"LetsPassWhatWouldBeRefused", std::string(kLet) + std::string(kTruncated), lying(), "a", "", ""},
        Case{"Stream", std::string(kConflict), conflicting(), "aaaad", "5:conflicting_retransmission",
             "5:conflicting_retransmission"},
        Case{"Folded", std::string(kFolded), request("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"), "aaaa",
             "7:alert", "7:alert"},
        Case{"NotFolded", std::string(kFolded), request("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "aaaa", "", ""},
        Case{"WithAnotherBuffer", std::string(kLengths),
             request("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
             "aaab", "8:rule", "8:rule"},
        Case{"WithAnotherBufferThatDiffers", std::string(kLengths),
             request("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
             "aaaa", "", ""}),
    by_name);

// What is wrong with packets of a blocked flow is not told.
TEST(AnomaliesOfABlockedFlow, AreNotTold) {
  Line line(std::string(kBlocks) +
            "alert tcp any any -> any any (decode-event:tcp.opt_invalid_len; sid:10;)\n");
  TestTcp tcp;
  tcp.handshake().client("EVIL");
  line.send_all(tcp.frames());
  const Octets odd = ethernet(traffic::tcp_packet({}, {.options = {2, 0, 0, 0}}, "x"));
  EXPECT_EQ(line.send(odd), packet::Action::drop);
  EXPECT_EQ(line.alerts(), "9:rule");
}

TEST(AnomaliesOnThePacketPath, AllocateNothing) {
  Line line(kTruncated);
  const auto frames = lying();
  line.send_all(frames);
  const AllocationCounter allocations;
  line.send(frames.front());
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace bansoko::engine
