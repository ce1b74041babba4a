// SPDX-License-Identifier: Apache-2.0
// Rule options that remember: flowint, xbits, backoff, and what the application protocol has turned out to
// be.
#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using Sids = std::vector<std::uint32_t>;
using std::chrono::seconds;

constexpr packet::Address kOne = packet::Address::v4(192, 0, 2, 1);
constexpr packet::Address kTwo = packet::Address::v4(192, 0, 2, 2);
constexpr packet::Address kThree = packet::Address::v4(192, 0, 2, 3);

packet::Packet udp(std::string_view payload, const packet::Address& from = kOne,
                   const packet::Address& to = kTwo, seconds at = seconds(100)) {
  packet::Packet packet{
      .payload = as_bytes(payload), .ip_version = 4, .protocol = 17, .ttl = 64, .has_transport = true};
  packet.source = from;
  packet.dest = to;
  packet.arrived = at;
  return packet;
}

std::string rule_of(std::string_view options, std::string_view content, int sid) {
  return fmt::format("alert udp any any -> any any (content:\"{}\"; {} sid:{};)\n", content, options, sid);
}

struct Numbers {
  std::string name;
  std::string set, ask;  // options of a rule about "a" and of one about "b"
  std::string payloads;  // one packet for each letter
  bool want;             // the last of which has the second rule match
};

class Flowint : public testing::TestWithParam<Numbers> {};

TEST_P(Flowint, IsKeptByTheFlow) {
  RuleHarness harness(rule_of(GetParam().set, "a", 1) + rule_of(GetParam().ask, "b", 2));
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  Sids last;
  for (const char letter : GetParam().payloads) {
    const AllocationCounter allocations;
    const packet::Packet packet = udp(std::string_view(&letter, 1));
    harness.inspector().begin({.packet = &packet, .flow = &harness.flow});
    harness.inspector().finish();
    EXPECT_EQ(allocations.count(), 0u);
    last = harness.sids();
  }
  EXPECT_EQ(last == Sids{2}, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Flowint,
    testing::Values(
        Numbers{"CountedUp", "flowint:n,+,1;", "flowint:n,==,3;", "aaab", true},
        Numbers{"NotYet", "flowint:n,+,1;", "flowint:n,==,3;", "aab", false},
        Numbers{"Assigned", "flowint:n,=,9;", "flowint:n,==,9;", "aaab", true},
        Numbers{"NothingWasAssigned", "flowint:n,+,1;", "flowint:n,<,3;", "b", false},
        Numbers{"UnequalToNothing", "flowint:n,+,1;", "flowint:n,!=,3;", "b", false},
        Numbers{"Unequal", "flowint:n,+,1;", "flowint:n,!=,3;", "aab", true},
        Numbers{"Isset", "flowint:n,=,0;", "flowint:n,isset;", "ab", true},
        Numbers{"IssetNot", "flowint:n,=,0;", "flowint:n,isset;", "b", false},
        Numbers{"Notset", "flowint:n,=,0;", "flowint:n,notset;", "b", true},
        Numbers{"NotsetNot", "flowint:n,=,0;", "flowint:n,isnotset;", "ab", false},
        Numbers{"Less", "flowint:n,+,2;", "flowint:n,<,2;", "ab", false},
        Numbers{"LessOrEqual", "flowint:n,+,2;", "flowint:n,<=,2;", "ab", true},
        Numbers{"Greater", "flowint:n,+,2;", "flowint:n,>,2;", "ab", false},
        Numbers{"GreaterOrEqual", "flowint:n,+,2;", "flowint:n,>=,2;", "ab", true},
        Numbers{"WrapsAround", "flowint:n,+,4294967295;", "flowint:n,==,4294967294;", "aab", true},
        Numbers{"NotCountedDownFromNothing", "flowint:n,-,1;", "flowint:n,isset;", "ab", false},
        Numbers{"ByAnother", "flowint:n,+,2; flowint:m,=,n;", "flowint:m,==,2;", "ab", true},
        Numbers{"AgainstAnother", "flowint:n,+,1; flowint:m,=,2;", "flowint:n,==,m;", "aab", true},
        Numbers{"AgainstNothing", "flowint:n,=,0;", "flowint:n,==,m;", "ab", true}),
    by_name);

TEST(Flowint, EndsWithTheFlow) {
  RuleHarness harness(rule_of("flowint:n,+,1;", "a", 1) + rule_of("flowint:n,isset;", "b", 2));
  harness.packet(udp("a"), &harness.flow);
  EXPECT_EQ(harness.packet(udp("b"), &harness.flow), Sids{2});
  harness.inspector().forget(harness.flow);
  EXPECT_EQ(harness.packet(udp("b"), &harness.flow), Sids{});
  EXPECT_EQ(harness.packet(udp("b")), Sids{}) << "what has no flow has no numbers";
}

TEST(Flowint, IsSetBeforeItIsAsked) {
  RuleHarness harness(rule_of("flowint:n,>,0;", "a", 2) + rule_of("flowint:n,+,1;", "a", 1));
  EXPECT_EQ(harness.packet(udp("a"), &harness.flow), (Sids{1, 2}));
}

/// Packets as "from to time payload", one after the other.
struct Marks {
  std::string name;
  std::string set, ask;
  packet::Packet first, second;
  bool want;
};

class Xbits : public testing::TestWithParam<Marks> {};

TEST_P(Xbits, IsBornByAddresses) {
  RuleHarness harness(rule_of(GetParam().set, "a", 1) + rule_of(GetParam().ask, "b", 2));
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  EXPECT_EQ(harness.packet(GetParam().first), Sids{1});
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &GetParam().second});
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{2} : Sids{});
}

packet::Packet elsewhere(packet::Packet packet) {
  packet.network = 5;
  return packet;
}

constexpr auto kSet = "xbits:set,x,track ip_src,expire 10;";
constexpr auto kIsset = "xbits:isset,x,track ip_src;";

INSTANTIATE_TEST_SUITE_P(
    Rules, Xbits,
    testing::Values(
        Marks{"Source", kSet, kIsset, udp("a"), udp("b", kOne, kThree), true},
        Marks{"OtherSource", kSet, kIsset, udp("a"), udp("b", kThree, kTwo), false},
        Marks{"SourceOfTheAnswer", kSet, "xbits:isset,x,track ip_dst;", udp("a"), udp("b", kTwo, kOne), true},
        Marks{"DestIsNotSource", kSet, kIsset, udp("a"), udp("b", kTwo, kOne), false},
        Marks{"Dest", "xbits:set,x,track ip_dst;", "xbits:isset,x,track ip_dst;", udp("a"),
              udp("b", kThree, kTwo), true},
        Marks{"Pair", "xbits:set,x,track ip_pair;", "xbits:isset,x,track ip_pair;", udp("a"), udp("b"), true},
        Marks{"PairBack", "xbits:set,x,track ip_pair;", "xbits:isset,x,track ip_pair;", udp("a"),
              udp("b", kTwo, kOne), true},
        Marks{"OtherPair", "xbits:set,x,track ip_pair;", "xbits:isset,x,track ip_pair;", udp("a"),
              udp("b", kOne, kThree), false},
        Marks{"PairIsNoHost", "xbits:set,x,track ip_pair;", kIsset, udp("a"), udp("b"), false},
        Marks{"OtherName", kSet, "xbits:isset,y,track ip_src;", udp("a"), udp("b"), false},
        Marks{"OtherNetwork", kSet, kIsset, udp("a"), elsewhere(udp("b")), false},
        Marks{"LastMoment", kSet, kIsset, udp("a"), udp("b", kOne, kTwo, seconds(110)), true},
        Marks{"Expired", kSet, kIsset, udp("a"), udp("b", kOne, kTwo, seconds(111)), false},
        Marks{"ThirtySecondsByDefault", "xbits:set,x,track ip_src;", kIsset, udp("a"),
              udp("b", kOne, kTwo, seconds(130)), true},
        Marks{"ExpiredByDefault", "xbits:set,x,track ip_src;", kIsset, udp("a"),
              udp("b", kOne, kTwo, seconds(131)), false},
        Marks{"Isnotset", kSet, "xbits:isnotset,x,track ip_src;", udp("a"), udp("b"), false},
        Marks{"IsnotsetExpired", kSet, "xbits:isnotset,x,track ip_src;", udp("a"),
              udp("b", kOne, kTwo, seconds(111)), true},
        Marks{"SetAndUnset", "xbits:set,x,track ip_src; xbits:unset,x,track ip_src;", kIsset, udp("a"),
              udp("b"), false},
        Marks{"Toggled", "xbits:toggle,x,track ip_src;", kIsset, udp("a"), udp("b"), true},
        Marks{"ToggledTwice", "xbits:toggle,x,track ip_src; xbits:toggle,x,track ip_src;", kIsset, udp("a"),
              udp("b"), false}),
    by_name);

TEST(Xbits, SetAgainLastsLonger) {
  RuleHarness harness(rule_of(kSet, "a", 1) + rule_of(kIsset, "b", 2));
  harness.packet(udp("a"));
  harness.packet(udp("a", kOne, kTwo, seconds(109)));
  EXPECT_EQ(harness.packet(udp("b", kOne, kTwo, seconds(119))), Sids{2});
}

TEST(Xbits, FullTableIsCounted) {
  RuleHarness harness(rule_of(kSet, "a", 1) + rule_of(kIsset, "b", 2));
  for (std::uint8_t host = 0; host < 4 * RuleHarness::kMaxMarks; ++host)
    harness.packet(udp("a", packet::Address::v4(10, 0, 0, host), kTwo, seconds(100) + seconds(host) / 16));
  EXPECT_GT(harness.inspector().counters().mark_limit.value(), 0u);
  EXPECT_EQ(harness.packet(
                udp("b", packet::Address::v4(10, 0, 0, 4 * RuleHarness::kMaxMarks - 1), kTwo, seconds(103))),
            Sids{2});
}

TEST(Xbits, AfterTheFilter) {
  const std::string filter = "detection_filter:track by_src, count 2, seconds 60;";
  for (const bool waits : {false, true}) {
    const std::string set =
        std::string("xbits:set,x,track ip_src") + (waits ? ",after detection_filter;" : ";");
    RuleHarness harness(rule_of(set + filter, "a", 1) + rule_of(kIsset, "b", 2));
    ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
    EXPECT_EQ(harness.packet(udp("a")), Sids{});
    EXPECT_EQ(harness.packet(udp("b")), waits ? Sids{} : Sids{2});
    EXPECT_EQ(harness.packet(udp("a")), Sids{});
    EXPECT_EQ(harness.packet(udp("a")), Sids{1});
    EXPECT_EQ(harness.packet(udp("b")), Sids{2});
  }
}

TEST(Xbits, NoalertAlone) {
  RuleHarness harness(rule_of("xbits:noalert;", "a", 1));
  EXPECT_EQ(harness.packet(udp("a")), Sids{});
  EXPECT_EQ(harness.inspector().matches().size(), 1u);
}

TEST(Backoff, TellsOfTheFirstTheTenthTheHundredth) {
  RuleHarness harness(rule_of("threshold:type backoff, track by_flow, count 2, multiplier 3;", "a", 1));
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  std::vector<int> told;
  for (int number = 1; number <= 20; ++number)
    if (!harness.packet(udp("a", kOne, kTwo, seconds(100 * number)), &harness.flow).empty())
      told.push_back(number);
  EXPECT_EQ(told, (std::vector<int>{2, 6, 18}));
}

struct Spoken {
  std::string name;
  std::string option;
  std::size_t protocol;  // 0: one, 1: two
  bool given_up;
  bool want;
};

class AppLayerProtocol : public testing::TestWithParam<Spoken> {};

proto::Guess no_guess(const flow::StreamChunk&, const proto::Approach&) noexcept { return proto::Guess::no; }

constexpr std::array<std::string_view, 1> kAlso{"http"};
constexpr proto::Protocol kFirst{
    .name = "http1", .also = kAlso, .help = "", .probe = no_guess, .make_parser = nullptr};
constexpr proto::Protocol kSecond{.name = "toy", .help = "", .probe = no_guess, .make_parser = nullptr};
constexpr std::array kProtocols{&kFirst, &kSecond};
constexpr std::size_t kNone = detect::Subject::kNoProtocol;

TEST_P(AppLayerProtocol, IsAsked) {
  RuleHarness harness("alert udp any any -> any any (app-layer-protocol:" + GetParam().option + "; sid:1;)",
                      kProtocols);
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet = udp("a");
  harness.inspector().begin({.packet = &packet, .flow = &harness.flow, .protocol = GetParam().protocol});
  if (GetParam().given_up) harness.inspector().protocol_given_up(flow::Side::client);
  harness.inspector().finish();
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(Rules, AppLayerProtocol,
                         testing::Values(Spoken{"Is", "toy", 1, false, true},
                                         Spoken{"IsNot", "toy", 0, false, false},
                                         Spoken{"ByAnotherName", "http", 0, false, true},
                                         Spoken{"Negated", "!http", 1, false, true},
                                         Spoken{"NegatedIs", "!http", 0, false, false},
                                         Spoken{"NegatedNotYetKnown", "!http", kNone, false, false},
                                         Spoken{"NegatedGivenUp", "!http", kNone, true, true},
                                         Spoken{"Failed", "failed", kNone, true, true},
                                         Spoken{"FailedNot", "failed", 0, false, false},
                                         Spoken{"FailedNotYet", "failed", kNone, false, false},
                                         Spoken{"NotFailed", "!failed", 0, false, true},
                                         Spoken{"Unknown", "unknown", kNone, false, true},
                                         Spoken{"UnknownGivenUp", "unknown", kNone, true, false},
                                         Spoken{"Several", "unknown|toy", 1, false, true},
                                         Spoken{"SeveralNegated", "!toy|http", 1, false, false},
                                         Spoken{"NotFollowedHere", "bittorrent-dht", 0, false, false},
                                         Spoken{"NotFollowedHereNegated", "!bittorrent-dht", 0, false, true},
                                         Spoken{"Mode", "toy,final", 1, false, true}),
                         by_name);

struct Fault {
  std::string name;
  std::string options;
  std::string want;
};

class Forgotten : public testing::TestWithParam<Fault> {};

TEST_P(Forgotten, SaysWhy) {
  const RuleHarness harness("alert udp any any -> any any (" + GetParam().options + " sid:1;)", kProtocols);
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1u);
  EXPECT_NE(harness.diagnostics.front().message.find(GetParam().want), std::string::npos)
      << harness.diagnostics.front().message;
}

INSTANTIATE_TEST_SUITE_P(
    Memory, Forgotten,
    testing::Values(
        Fault{"FlowintWord", "flowint:n,plus,1;", "not something to do"},
        Fault{"FlowintName", "flowint:1n,+,1;", "not a variable's name"},
        Fault{"FlowintNoValue", "flowint:n,+;", "needs one value"},
        Fault{"FlowintTooMuch", "flowint:n,isset,1;", "needs no value"},
        Fault{"FlowintTooLarge", "flowint:n,=,4294967296;", "not within"},
        Fault{"FlowintTooMany", "flowint:a,+,1; flowint:b,+,1; flowint:c,+,1; flowint:d,+,1;",
              "one name more"},
        Fault{"XbitsTrack", "xbits:set,x,track ip_source;", "cannot be tracked"},
        Fault{"XbitsNoTrack", "xbits:set,x,expire 5;", "track is needed"},
        Fault{"XbitsAfter", "xbits:set,x,track ip_src,after noon;", "nothing that a mark can wait for"},
        Fault{"XbitsExpire", "xbits:set,x,track ip_src,expire 0;", "not within"},
        Fault{"XbitsCommand", "xbits:change,x,track ip_src;", "not something to do"},
        Fault{"XbitsName", "xbits:set,,track ip_src;", "not a name"},
        Fault{"Protocol", "app-layer-protocol:nonesuch;", "not an application protocol"},
        Fault{"ProtocolMode", "app-layer-protocol:toy,sideways;", "not a way"},
        Fault{"ProtocolUnknown", "app-layer-protocol:!unknown;", "cannot be negated"},
        Fault{"BackoffTrack", "threshold:type backoff, track by_src, count 1, multiplier 2;", "by_flow"},
        Fault{"BackoffSeconds", "threshold:type backoff, track by_flow, count 1, seconds 2;", "multiplier"},
        Fault{"MultiplierOne", "threshold:type backoff, track by_flow, count 1, multiplier 1;", "not within"},
        Fault{"MultiplierElsewhere", "threshold:type limit, track by_flow, count 1, seconds 1, multiplier 2;",
              "type backoff"},
        Fault{"TagScope", "tag:flow;", "cannot be tagged"},
        Fault{"TagUnit", "tag:host,5,lines;", "not a unit"},
        Fault{"TagHalf", "tag:host,5;", "number with its unit"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword
