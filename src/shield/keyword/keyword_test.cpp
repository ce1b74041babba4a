// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/keywords.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using namespace std::string_literals;
using Sids = std::vector<std::uint32_t>;

struct Case {
  std::string name;
  std::string options;
  std::string payload;
  bool want;
};

packet::Packet udp(std::string_view payload) {
  packet::Packet packet{
      .payload = as_bytes(payload), .ip_version = 4, .protocol = 17, .ttl = 64, .has_transport = true};
  packet.source = packet::Address::v4(192, 0, 2, 1);
  packet.dest = packet::Address::v4(192, 0, 2, 2);
  packet.source_port = 4000;
  packet.dest_port = 53;
  return packet;
}

std::string problems(const RuleHarness& harness) {
  std::string text;
  for (const auto& diagnostic : harness.diagnostics) text += rule::to_text(diagnostic) + "\n";
  return text;
}

class OnPayload : public testing::TestWithParam<Case> {};

TEST_P(OnPayload, Matches) {
  RuleHarness harness("alert udp any any -> any any (msg:\"t\"; " + GetParam().options + " sid:1;)");
  ASSERT_EQ(problems(harness), "");
  const packet::Packet packet = udp(GetParam().payload);
  harness.packet(packet);
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet});
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(
    Content, OnPayload,
    testing::Values(
        Case{"Plain", "content:\"abc\";", "xxabcxx", true},
        Case{"Absent", "content:\"abc\";", "xxabxcx", false},
        Case{"Hex", "content:\"a|00 ff|b\";", "a\0\xff"s + "b", true},
        Case{"Escapes", "content:\"a\\;\\\"\\\\b\";", "a;\"\\b", true},
        Case{"CaseMatters", "content:\"abc\";", "ABC", false},
        Case{"Nocase", "content:\"aBc\"; nocase;", "xAbC", true},
        Case{"Negated", "content:\"a\"; content:!\"b\";", "a", true},
        Case{"NegatedPresent", "content:\"a\"; content:!\"b\";", "ab", false},
        Case{"DepthAtLimit", "content:\"abc\"; depth:5;", "xxabc", true},
        Case{"DepthPast", "content:\"abc\"; depth:5;", "xxxabc", false},
        Case{"OffsetAt", "content:\"abc\"; offset:2;", "xxabc", true},
        Case{"OffsetBefore", "content:\"abc\"; offset:3;", "xxabc", false},
        Case{"DepthFromOffset", "content:\"abc\"; offset:2; depth:4;", "xxxabcx", true},
        Case{"DepthFromOffsetPast", "content:\"abc\"; offset:2; depth:3;", "xxxabc", false},
        Case{"Distance", "content:\"ab\"; content:\"cd\"; distance:2;", "abxxcd", true},
        Case{"DistanceShort", "content:\"ab\"; content:\"cd\"; distance:2;", "abxcd", false},
        Case{"DistanceBack", "content:\"abc\"; content:\"bc\"; distance:-2;", "abc", true},
        Case{"WithinAt", "content:\"ab\"; content:\"cd\"; within:3;", "abxcd", true},
        Case{"WithinPast", "content:\"ab\"; content:\"cd\"; within:3;", "abxxcd", false},
        Case{"DistanceWithin", "content:\"ab\"; content:\"cd\"; distance:1; within:2;", "abxcd", true},
        Case{"DistanceWithinPast", "content:\"ab\"; content:\"cd\"; distance:1; within:2;", "abxxcd", false},
        Case{"SecondPlaceOfTheFirst", "content:\"ab\"; content:\"cd\"; within:2;", "abxxabcd", true},
        Case{"RetryGoesBackTwice", "content:\"a\"; content:\"b\"; within:1; content:\"c\"; within:1;",
             "abxabxabc", true},
        Case{"NegatedWithin", "content:\"ab\"; content:!\"z\"; within:3;", "abxxxz", true},
        Case{"NegatedWithinPresent", "content:\"ab\"; content:!\"z\"; within:3;", "abxxz", false},
        Case{"NegatedWithinSecondPlace", "content:\"ab\"; content:!\"z\"; within:1;", "abzab", true},
        Case{"Startswith", "content:\"ab\"; startswith;", "abc", true},
        Case{"StartswithLater", "content:\"ab\"; startswith;", "xab", false},
        Case{"Endswith", "content:\"bc\"; endswith;", "abcbc", true},
        Case{"EndswithEarlier", "content:\"ab\"; endswith;", "abc", false},
        Case{"EndswithTooShort", "content:\"abcd\"; endswith;", "bcd", false},
        Case{"FastPatternPart", "content:\"abcdef\"; fast_pattern:2,3;", "abcdef", true},
        Case{"FastPatternPartIsNotAll", "content:\"abcdef\"; fast_pattern:2,3;", "xxcdexx", false},
        Case{"FastPatternOnly", "content:\"abc\"; fast_pattern:only; content:\"d\";", "dabc", true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Pcre, OnPayload,
    testing::Values(Case{"Plain", "content:\"a\"; pcre:\"/b{2}/\";", "abb", true},
                    Case{"None", "content:\"a\"; pcre:\"/b{3}/\";", "abb", false},
                    Case{"Alone", "pcre:\"/^a.c$/\";", "abc", true},
                    Case{"Nocase", "pcre:\"/ABC/i\";", "abc", true},
                    Case{"DotAll", "pcre:\"/a.c/s\";", "a\nc", true},
                    Case{"NoDotAll", "pcre:\"/a.c/\";", "a\nc", false},
                    Case{"Negated", "content:\"a\"; pcre:!\"/b/\";", "ac", true},
                    Case{"Relative", "content:\"ab\"; pcre:\"/^c/R\";", "xabc", true},
                    Case{"RelativeNext", "content:\"ab\"; pcre:\"/^c/R\";", "abxabc", true},
                    Case{"RelativeNone", "content:\"ab\"; pcre:\"/^c/R\";", "cab", false},
                    Case{"ContentAfter", "pcre:\"/a+/\"; content:\"b\"; within:1;", "aaxaab", true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Numbers, OnPayload,
    testing::Values(
        Case{"TestGreater", "content:\"L\"; byte_test:2,>,256,0,relative;", "L\x01\x01"s, true},
        Case{"TestGreaterNot", "content:\"L\"; byte_test:2,>,257,0,relative;", "L\x01\x01"s, false},
        Case{"TestLittle", "content:\"L\"; byte_test:2,=,1,0,relative,little;", "L\x01\x00"s, true},
        Case{"TestNegated", "content:\"L\"; byte_test:1,!=,1,0,relative;", "L\x02"s, true},
        Case{"TestMask", "content:\"L\"; byte_test:1,=,3,0,relative,bitmask 0x30;", "L\x30"s, true},
        Case{"TestAnd", "content:\"L\"; byte_test:1,&,0x80,0,relative;", "L\x81"s, true},
        Case{"TestBeyond", "content:\"L\"; byte_test:4,>,0,0,relative;", "L\x01"s, false},
        Case{"TestText", "content:\"L\"; byte_test:3,>,200,0,relative,string,dec;", "L201", true},
        Case{"TestHexText", "content:\"L\"; byte_test:4,=,255,0,relative,string,hex;", "L00ff", true},
        Case{"TestNegativeOffset", "content:\"L\"; byte_test:1,=,7,-2,relative;", "\x07L", true},
        Case{"Jump", "content:\"L\"; byte_jump:1,0,relative; content:\"x\"; within:1;",
             "L\x02"
             "abx"s,
             true},
        Case{"JumpTooFar", "content:\"L\"; byte_jump:1,0,relative; content:\"x\"; within:1;",
             "L\x7f"
             "abx"s,
             false},
        Case{"NegatedWithoutPayload", "content:!\"a\";", "", false},
        Case{"JumpToTheEnd", "content:\"L\"; byte_jump:1,0,relative; isdataat:!1,relative;", "L\2ab"s, true},
        Case{"JumpBeyondTheEnd", "content:\"L\"; byte_jump:1,0,relative; isdataat:!1,relative;", "L\3ab"s,
             false},
        Case{"DigitsAsFarAsTheyGo", "byte_test:0,=,42,0,string,dec;", "42 ", true},
        Case{"NoDigits", "byte_test:0,=,0,0,string,dec;", "x", false},
        Case{"BoundWithoutLeast", "pcre:\"/^a{,2}b/\";", "aab", true},
        Case{"BoundEscaped", "pcre:\"/^a\\{,2}b/\";", "a{,2}b", true},
        Case{"JumpMultiplied", "content:\"L\"; byte_jump:1,0,relative,multiplier 2; content:\"x\"; within:1;",
             "L\x01"
             "abx"s,
             true},
        Case{"JumpPostOffset",
             "content:\"L\"; byte_jump:1,0,relative,post_offset -1; content:\"x\"; within:1;",
             "L\x03"
             "abx"s,
             true},
        Case{"JumpFromBeginning",
             "content:\"L\"; byte_jump:1,0,relative,from_beginning; content:\"c\"; within:1;", "abcL\x02"s,
             true},
        Case{"JumpFromEnd",
             "content:\"L\"; byte_jump:1,0,relative,from_end,post_offset -2; content:\"y\"; within:1;",
             "L\x00"
             "xyz"s,
             true},
        Case{"Extract", "content:\"L\"; byte_extract:1,0,n,relative; content:\"x\"; offset:n;",
             "L\x04"
             "abx"s,
             true},
        Case{"ExtractTooFar", "content:\"L\"; byte_extract:1,0,n,relative; content:\"x\"; offset:n;",
             "L\x05"
             "abx"s,
             false},
        Case{"ExtractInDataAt", "content:\"L\"; byte_extract:1,0,n,relative; isdataat:!n,relative;",
             "L\x04"
             "ab"s,
             true},
        Case{"ExtractTriesAgain", "content:\"L\"; byte_extract:1,0,n,relative; byte_test:1,=,n,0,relative;",
             "L\x01\x02L\x03\x03"s, true},
        Case{"Math", "byte_math:bytes 1,offset 0,oper +,rvalue 2,result n; content:\"x\"; offset:n;",
             "\x01"
             "abx"s,
             true},
        Case{"MathDivide",
             "byte_math:bytes 1,offset 0,oper /,rvalue 2,result n; content:\"x\"; offset:n; depth:1;",
             "\x06"
             "abx"s,
             true},
        Case{"DataAt", "content:\"a\"; isdataat:2,relative;", "abc", true},
        Case{"DataAtNot", "content:\"a\"; isdataat:3,relative;", "abc", false},
        Case{"NoDataAt", "content:\"c\"; isdataat:!1,relative;", "abc", true},
        Case{"DataAtAbsolute", "content:\"a\"; isdataat:2;", "abc", true},
        Case{"DataAtAbsoluteNot", "content:\"a\"; isdataat:3;", "abc", false},
        Case{"BufferSize", "content:\"a\"; bsize:3;", "abc", true},
        Case{"BufferSizeNot", "content:\"a\"; bsize:>3;", "abc", false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Packet, OnPayload,
    testing::Values(Case{"Dsize", "dsize:3;", "abc", true}, Case{"DsizeBetween", "dsize:2<>4;", "abc", true},
                    Case{"DsizeNot", "dsize:>3;", "abc", false}, Case{"Ttl", "ttl:<65;", "a", true},
                    Case{"TtlNot", "ttl:<64;", "a", false},
                    Case{"FlowNeedsAFlow", "content:\"a\"; flow:to_server;", "a", false}),
    by_name);

struct Fault {
  std::string name;
  std::string options;
  std::string want;  // part of the diagnostic
};

class Refused : public testing::TestWithParam<Fault> {};

TEST_P(Refused, SaysWhy) {
  const RuleHarness harness("alert udp any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1u) << problems(harness);
  EXPECT_NE(problems(harness).find(GetParam().want), std::string::npos) << problems(harness);
  EXPECT_EQ(harness.set->rules().size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Option, Refused,
    testing::Values(
        Fault{"Unknown", "contend:\"a\";", "test.rules:1:31: error: 'contend' is not a rule option"},
        Fault{"Nearest", "contend:\"a\";", "content"},
        Fault{"DsizeText", "dsize:12x;", "test.rules:1:37: error: dsize: '12x' is not a number"},
        Fault{"NoContentBefore", "nocase;", "no content before it"},
        Fault{"HalfAByte", "content:\"|0|\";", "one digit only"},
        Fault{"OpenBar", "content:\"|00\";", "no second one"},
        Fault{"EmptyContent", "content:\"\";", "no bytes"},
        Fault{"DepthBelowContent", "content:\"abc\"; depth:2;", "could never match"},
        Fault{"PlacedTwice", "content:\"abc\"; depth:3; distance:1;", "already placed"},
        Fault{"PcreWrong", "pcre:\"/a(b/\";", "the expression is wrong at its byte 3"},
        Fault{"PcreFlag", "pcre:\"/a/z\";", "'z' is not a flag"},
        Fault{"UnknownVariable", "content:\"a\"; offset:n;", "'n' is neither a number nor a variable"},
        Fault{"DivideByZero", "byte_math:bytes 1,offset 0,oper /,rvalue 0,result n;", "divided by 0"},
        Fault{"TooManyBytes", "byte_test:9,>,1,0;", "too long"},
        Fault{"ClassUnknown", "classtype:no-such;", "classification"},
        Fault{"NoValue", "dsize;", "needs a value"},
        Fault{"ValueTooMuch", "content:\"a\"; nocase:1;", "takes no value"},
        Fault{"FlowTwoWays", "flow:to_server,to_client;", "both directions"},
        Fault{"ThresholdHalf", "threshold:type limit, track by_src;", "all needed"},
        Fault{"Dce", "byte_test:4,>,1,0,dce;", "buffers of DCE/RPC"}),
    by_name);

TEST(Stream, MatchesAcrossChunks) {
  RuleHarness harness(
      "alert tcp any any -> any 80 (content:\"exploit\"; content:\"tail\"; distance:0; sid:1;)");
  EXPECT_EQ(harness.stream("an exp"), Sids{});
  EXPECT_EQ(harness.stream("loit and"), Sids{});
  EXPECT_EQ(harness.stream(" its tai"), Sids{});
  EXPECT_EQ(harness.stream("l"), Sids{1});
}

TEST(Stream, AnyNumberOfRulesMayWaitForMore) {
  std::string rules;
  for (int sid = 1; sid <= 40; ++sid)
    rules +=
        fmt::format("alert tcp any any -> any any (content:\"first\"; content:\"then\"; sid:{};)\n", sid);
  RuleHarness harness(rules);
  EXPECT_TRUE(harness.stream("the first ").empty());
  EXPECT_TRUE(harness.stream("and more ").empty());
  EXPECT_EQ(harness.stream("and then").size(), 40U);
}

TEST(Stream, DepthCountsFromTheStreamsStart) {
  RuleHarness harness("alert tcp any any -> any 80 (content:\"ab\"; depth:4; flow:only_stream; sid:1;)");
  EXPECT_EQ(harness.stream("xxa"), Sids{});
  EXPECT_EQ(harness.stream("b"), Sids{1});
  RuleHarness late("alert tcp any any -> any 80 (content:\"ab\"; depth:4; flow:only_stream; sid:1;)");
  EXPECT_EQ(late.stream("xxxa"), Sids{});
  EXPECT_EQ(late.stream("ab"), Sids{});
}

TEST(Stream, PacketRulesSeeEachPacketAlone) {
  RuleHarness harness("alert tcp-pkt any any -> any 80 (content:\"ab\"; depth:2; sid:1;)");
  EXPECT_EQ(harness.stream("xxa"), Sids{});
  EXPECT_EQ(harness.stream("ab"), Sids{1});
}

TEST(Flowbits, SetInOneRuleAskedInAnother) {
  RuleHarness harness(
      "alert udp any any -> any any (content:\"two\"; flowbits:isset,seen; sid:2;)\n"
      "alert udp any any -> any any (content:\"one\"; flowbits:set,seen; flowbits:noalert; sid:1;)\n"
      "alert udp any any -> any any (content:\"no\"; flowbits:isnotset,seen; sid:3;)\n");
  ASSERT_EQ(problems(harness), "");
  flow::Flow flow;
  EXPECT_EQ(harness.packet(udp("two no"), &flow), Sids{3});
  EXPECT_EQ(harness.packet(udp("one two no"), &flow), Sids{2});
  harness.inspector().forget(flow);
  EXPECT_EQ(harness.packet(udp("two"), &flow), Sids{});
}

TEST(Threshold, CountsPacketsWhileTheMatchIsInView) {
  RuleHarness harness(
      "alert tcp any any -> any 80 (content:\"ab\"; threshold:type both, track by_src, count 3, seconds 60; "
      "sid:1;)\n"
      "alert tcp any any -> any 80 (content:\"ab\"; detection_filter:track by_src, count 1, seconds 60; "
      "sid:2;)\n"
      "alert tcp any any -> any 80 (content:\"ab\"; threshold:type limit, track by_src, count 5, seconds 60; "
      "sid:3;)\n"
      "alert tcp any any -> any 80 (content:\"ab\"; sid:4;)\n");
  ASSERT_EQ(problems(harness), "");
  EXPECT_EQ(harness.stream("a"), Sids{});
  EXPECT_EQ(harness.stream("b"), (Sids{3, 4}));
  EXPECT_EQ(harness.stream("c"), Sids{2});
  EXPECT_EQ(harness.stream("d"), (Sids{1, 2}));
  EXPECT_EQ(harness.stream("e"), Sids{2});
}

TEST(Flow, WhatIsLeftAloneIsNotEstablished) {
  RuleHarness harness(
      "alert tcp any any -> any any (flow:established; content:\"a\"; sid:1;)\n"
      "alert tcp any any -> any any (flow:not_established; content:\"a\"; sid:2;)\n"
      "alert tcp any any -> any any (flow:to_server; content:\"a\"; sid:3;)\n");
  ASSERT_EQ(problems(harness), "");
  packet::Packet packet = udp("a");
  packet.protocol = harness.flow.key.protocol = packet::Protocol::tcp;
  harness.flow.has_stream = false;
  EXPECT_EQ(harness.packet(packet, &harness.flow), (Sids{2, 3}));
}

TEST(Threshold, LimitAndFilter) {
  RuleHarness harness(
      "alert udp any any -> any any (content:\"a\"; threshold:type limit, track by_src, count 1, seconds 60; "
      "sid:1;)\n"
      "alert udp any any -> any any (content:\"a\"; detection_filter:track by_dst, count 2, seconds 60; "
      "sid:2;)\n");
  ASSERT_EQ(problems(harness), "");
  packet::Packet packet = udp("a");
  EXPECT_EQ(harness.packet(packet), Sids{1});
  EXPECT_EQ(harness.packet(packet), Sids{});
  EXPECT_EQ(harness.packet(packet), Sids{2});
  packet.arrived = std::chrono::seconds(61);
  EXPECT_EQ(harness.packet(packet), Sids{1});
}

TEST(Order, PassBeforeDropBeforeAlert) {
  RuleHarness harness(
      "alert udp any any -> any any (content:\"a\"; sid:1;)\n"
      "drop udp any any -> any any (content:\"a\"; sid:2;)\n"
      "pass udp any any -> any any (content:\"a\"; sid:3;)\n");
  EXPECT_EQ(harness.packet(udp("a")), (Sids{3, 2, 1}));
}

TEST(Addresses, ManyRulesByAddress) {
  RuleHarness harness(
      "alert udp [192.0.2.1,198.51.100.0/24] any -> any any (dsize:1; sid:1;)\n"
      "alert udp any any -> [192.0.2.0/24,!192.0.2.2] any (dsize:1; sid:2;)\n"
      "alert udp 203.0.113.0/24 any <> any any (dsize:1; sid:3;)\n");
  packet::Packet packet = udp("a");
  EXPECT_EQ(harness.packet(packet), Sids{1});
  packet.dest = packet::Address::v4(192, 0, 2, 3);
  EXPECT_EQ(harness.packet(packet), (Sids{1, 2}));
  packet.dest = packet::Address::v4(203, 0, 113, 9);
  EXPECT_EQ(harness.packet(packet), (Sids{1, 3}));
}

}  // namespace
}  // namespace bansoko::keyword
