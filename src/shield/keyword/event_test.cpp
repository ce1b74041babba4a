// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "shield/keyword/keywords.h"
#include "shield/keyword/rule_harness.h"
#include "shield/proto/protocol.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using packet::Anomaly;
using Sids = std::vector<std::uint32_t>;

struct EventCase {
  std::string_view name;
  std::string_view option;
  packet::AnomalySet anomalies;
  bool want;
  std::uint8_t version = 4;
  std::string_view payload = "payload of more than twenty bytes";
  std::uint8_t flags = 0;
  bool more_fragments = false;
  packet::AnomalySet inherited = {};
  std::uint8_t protocol = 6;
};

packet::Packet packet_of(const EventCase& row) {
  packet::Packet packet;
  packet.ip_version = row.version;
  packet.protocol = row.protocol;
  packet.anomalies = row.anomalies;
  packet.inherited = row.inherited;
  packet.payload = as_bytes(row.payload);
  packet.tcp.flags = row.flags;
  packet.more_fragments = row.more_fragments;
  return packet;
}

class OnEvent : public testing::TestWithParam<EventCase> {};

TEST_P(OnEvent, Fires) {
  RuleHarness harness("alert pkthdr any any -> any any (" + std::string(GetParam().option) + "; sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet = packet_of(GetParam());
  ASSERT_TRUE(harness.inspector().heeds_anomalies());
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet});
  harness.inspector().finish();
  EXPECT_TRUE(harness.inspector().matches().empty()) << "it is asked apart from the others";
  harness.inspector().anomalies();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

constexpr std::string_view kOverlapOfSix = "decode-event:ipv6.frag_overlap";
constexpr std::string_view kUneven = "decode-event:ipv6.frag_invalid_length";
constexpr std::string_view kChain = "decode-event:ipv6.trunc_exthdr";
constexpr std::string_view kGre = "decode-event:gre.pkt_too_small";

INSTANTIATE_TEST_SUITE_P(
    Decode, OnEvent,
    testing::Values(
        EventCase{"OverlapOfFour", "decode-event:ipv4.frag_overlap", {Anomaly::fragment_overlap}, true},
        EventCase{"OverlapOfTheOtherVersion", kOverlapOfSix, {Anomaly::fragment_overlap}, false},
        EventCase{"OverlapOfSix", kOverlapOfSix, {Anomaly::fragment_overlap}, true, 6},
        EventCase{"OverlapOfAnEarlierFragment",
                  kOverlapOfSix,
                  {Anomaly::fragment_overlap},
                  false,
                  6,
                  "12345678",
                  0,
                  true,
                  {Anomaly::fragment_overlap}},
        EventCase{"AnotherAnomaly", kOverlapOfSix, {Anomaly::fragment_limit}, false, 6},
        EventCase{"Uneven", kUneven, {Anomaly::fragment_length_mismatch}, true, 6, "123456789", 0, true},
        EventCase{"TooSmallAndUneven", kUneven, {Anomaly::fragment_too_small}, true, 6, "123", 0, true},
        EventCase{"TwoEnds", kUneven, {Anomaly::fragment_length_mismatch}, false, 6, "12345678", 0, true},
        EventCase{"ChainCut", kChain, {Anomaly::ipv6_extension_truncated}, true, 6},
        EventCase{"NothingBehindTheChain", kChain, {Anomaly::tcp_header_truncated}, true, 6, "1"},
        EventCase{"TwoBytesBehindTheChain", kChain, {Anomaly::tcp_header_truncated}, false, 6, "12"},
        EventCase{"TcpCutOverFour", kChain, {Anomaly::tcp_header_truncated}, false, 4, "1"},
        EventCase{"TcpCut", "decode-event:tcp.pkt_too_small", {Anomaly::tcp_header_truncated}, true, 4, "12"},
        EventCase{"TcpOptionsCut", "decode-event:tcp.pkt_too_small", {Anomaly::tcp_header_truncated}, false},
        EventCase{
            "TcpOptionsCutByName", "decode-event:tcp.invalid_optlen", {Anomaly::tcp_header_truncated}, true},
        EventCase{"GreCut", kGre, {Anomaly::gre_malformed}, true, 4, "123"},
        EventCase{"GreOfVersionThree", kGre, {Anomaly::gre_malformed}, false, 4, {"\0\3\0\0", 4}},
        EventCase{"GreOfVersionThreeByName",
                  "decode-event:gre.wrong_version",
                  {Anomaly::gre_malformed},
                  true,
                  4,
                  {"\0\3\0\0", 4}},
        EventCase{"OwnName", "decode-event:mpls.too_deep", {Anomaly::mpls_too_deep}, true},
        EventCase{"OwnNameOfAnother", "decode-event:mpls.too_deep", {Anomaly::vlan_too_deep}, false},
        EventCase{"BothOfTwo",
                  "decode-event:ipv6.exthdr_useless_fh; decode-event:ipv6.exthdr_dupl_fh",
                  {Anomaly::ipv6_fragment_needless, Anomaly::ipv6_fragment_repeated},
                  true,
                  6},
        EventCase{"OneOfTwo",
                  "decode-event:ipv6.exthdr_useless_fh; decode-event:ipv6.exthdr_dupl_fh",
                  {Anomaly::ipv6_fragment_needless},
                  false,
                  6},
        EventCase{"WithContent",
                  "decode-event:tcp.opt_invalid_len; content:\"twenty\"",
                  {Anomaly::tcp_options_malformed},
                  true},
        EventCase{"WithContentThatIsNotThere",
                  "decode-event:tcp.opt_invalid_len; content:\"thirty\"",
                  {Anomaly::tcp_options_malformed},
                  false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Stream, OnEvent,
    testing::Values(
        EventCase{"Gap", "stream-event:reassembly_seq_gap", {Anomaly::stream_gap}, true},
        EventCase{"NoGap", "stream-event:reassembly_seq_gap", {Anomaly::stream_late_copy}, false},
        EventCase{"Conflict",
                  "stream-event:reassembly_overlap_different_data",
                  {Anomaly::stream_conflicting_retransmission},
                  true},
        EventCase{"AnEndThatMoves",
                  "stream-event:reassembly_overlap_different_data",
                  {Anomaly::stream_conflicting_retransmission},
                  false,
                  4,
                  ""},
        EventCase{
            "OldTimestamp", "stream-event:pkt_invalid_timestamp", {Anomaly::stream_old_timestamp}, true},
        EventCase{"FinAndSyn",
                  "stream-event:fin_syn",
                  {Anomaly::tcp_flags_invalid},
                  true,
                  4,
                  "",
                  packet::syn | packet::fin},
        EventCase{
            "OtherFlags", "stream-event:fin_syn", {Anomaly::tcp_flags_invalid}, false, 4, "", packet::fin},
        EventCase{"OwnName", "stream-event:urgent", {Anomaly::stream_urgent}, true}),
    by_name);

struct HeaderCase {
  std::string_view name;
  std::string_view header;
  bool want;
};

class HeaderOfEvent : public testing::TestWithParam<HeaderCase> {};

TEST_P(HeaderOfEvent, MustFit) {
  RuleHarness harness("alert " + std::string(GetParam().header) +
                      " (decode-event:tcp.pkt_too_small; sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  packet::Packet packet = packet_of({"", "", {Anomaly::tcp_header_truncated}, true, 4, "12"});
  packet.source = packet::Address::v4(192, 0, 2, 1);
  harness.inspector().begin({.packet = &packet});
  harness.inspector().anomalies();
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(Header, HeaderOfEvent,
                         testing::Values(HeaderCase{"Tcp", "tcp any any -> any any", true},
                                         HeaderCase{"Ip", "ip any any -> any any", true},
                                         HeaderCase{"Udp", "udp any any -> any any", false},
                                         HeaderCase{"Source", "tcp 192.0.2.1 any -> any any", true},
                                         HeaderCase{"AnotherSource", "tcp 192.0.2.2 any -> any any", false}),
                         by_name);

struct RefusedCase {
  std::string_view name;
  std::string_view options;
  std::string_view message;
};

class RefusedEvent : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedEvent, IsTold) {
  const RuleHarness harness("alert tcp any any -> any any (" + std::string(GetParam().options) + " sid:1;)",
                            proto::all_protocols());
  ASSERT_EQ(harness.diagnostics.size(), 1U);
  EXPECT_NE(harness.diagnostics.front().message.find(GetParam().message), std::string::npos)
      << harness.diagnostics.front().message;
}

constexpr std::string_view kNotNoticed = "is not an event that is noticed here";

INSTANTIATE_TEST_SUITE_P(
    Refused, RefusedEvent,
    testing::Values(
        RefusedCase{"UnknownDecode", "decode-event:ppp.wrong_type;", kNotNoticed},
        RefusedCase{"UnknownStream", "stream-event:pkt_retransmission;", kNotNoticed},
        RefusedCase{"UnknownProtocol", "app-layer-event:finger.bad;", kNotNoticed},
        RefusedCase{"UnknownOfProtocol", "app-layer-event:http.range_invalid;", kNotNoticed},
        RefusedCase{"OfNoProtocol", "app-layer-event:applayer_proto_detection_skipped;", kNotNoticed},
        RefusedCase{"NoName", "decode-event;", "needs a value"},
        RefusedCase{"BufferBesideAnomaly", "decode-event:tcp.opt_invalid_len; http.uri; content:\"a\";",
                    "cannot look for contents as well"},
        RefusedCase{"ContentBesideParsersAnomaly", "app-layer-event:smb.gap; content:\"a\";",
                    "cannot look for contents as well"},
        RefusedCase{"TwoOfParsers", "app-layer-event:smb.gap; app-layer-event:smb.header_short;", "already"},
        RefusedCase{"TwoProtocols", "app-layer-event:smb.gap; http.uri; content:\"a\";",
                    "but the rule is about"}),
    by_name);

TEST(AppLayerEvent, FiresForTheSideThatItIsAbout) {
  RuleHarness harness(
      "alert smb any any -> any any (app-layer-event:smb.gap; sid:1;)\n"
      "alert tcp any any -> any any (flow:to_client; app-layer-event:smb.gap; sid:2;)\n"
      "alert tcp any any -> any any (app-layer-event:smb.header_short; sid:3;)\n",
      proto::all_protocols());
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const auto protocols = proto::all_protocols();
  const auto smb = static_cast<std::size_t>(std::ranges::find(protocols, "smb", &proto::Protocol::name) -
                                            protocols.begin());
  const auto names = protocols[smb]->anomalies;
  const auto gap = static_cast<std::size_t>(std::ranges::find(names, "smb.gap") - names.begin());
  ASSERT_LT(gap, names.size());
  const packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  harness.flow.key.protocol = 6;
  const auto sids_after = [&](flow::Side side, std::size_t protocol) {
    harness.inspector().begin({.packet = &packet, .flow = &harness.flow, .side = side, .protocol = protocol});
    harness.inspector().protocol_anomaly(side, gap);
    harness.inspector().protocol_anomaly(side, gap);
    harness.inspector().finish();
    return harness.sids();
  };
  EXPECT_EQ(sids_after(flow::Side::client, smb), Sids{1});
  EXPECT_EQ(sids_after(flow::Side::server, smb), (Sids{1, 2}));
  EXPECT_EQ(sids_after(flow::Side::server, detect::Subject::kNoProtocol), Sids{});
}

}  // namespace
}  // namespace bansoko::keyword
