// SPDX-License-Identifier: Apache-2.0
// base64_decode, base64_data and urilen.
#include "shield/keyword/toy_protocol.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using Sids = std::vector<std::uint32_t>;

struct Case {
  std::string name;
  std::string options;
  std::string payload;
  bool want;
};

class Base64 : public testing::TestWithParam<Case> {};

TEST_P(Base64, Matches) {
  RuleHarness harness("alert udp any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet{
      .payload = as_bytes(GetParam().payload), .ip_version = 4, .protocol = 17, .has_transport = true};
  harness.packet(packet);
  const AllocationCounter allocations;
  harness.inspector().begin({.packet = &packet});
  harness.inspector().finish();
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(harness.sids(), GetParam().want ? Sids{1} : Sids{});
}

// dGhpc2lzYXRlc3Q is "thisisatest".
INSTANTIATE_TEST_SUITE_P(
    Decode, Base64,
    testing::Values(
        Case{"Whole", "base64_decode; base64_data; content:\"thisisatest\"; startswith; endswith;",
             "dGhpc2lzYXRlc3Q=", true},
        Case{"NoPadding", "base64_decode; base64_data; content:\"test\"; endswith;", "dGhpc2lzYXRlc3Q", true},
        Case{"StopsAtAForeignSign", "base64_decode; base64_data; content:\"test\";", "dGhpc2lz-YXRlc3Q",
             false},
        Case{"NothingToDecode", "base64_decode; base64_data; content:!\"x\";", "-", false},
        Case{"Offset", "base64_decode:offset 2; base64_data; content:\"test\";", "::dGhpc2lzYXRlc3Q", true},
        Case{"OffsetBeyond", "base64_decode:offset 99; base64_data; content:\"test\";", "dGhpc2lzYXRlc3Q",
             false},
        Case{"Bytes", "base64_decode:bytes 4; base64_data; content:\"thi\"; bsize:3;", "dGhpc2lzYXRlc3Q",
             true},
        Case{"Relative", "content:\"a=\"; base64_decode:offset 0,relative; base64_data; content:\"test\";",
             "?a=dGhpc2lzYXRlc3Q", true},
        Case{"RelativeNextPlace", "content:\"a=\"; base64_decode:relative; base64_data; content:\"test\";",
             "a=-&a=dGhpc2lzYXRlc3Q", true},
        Case{"RelativeWithin",
             "content:\"a=\"; base64_decode:relative; base64_data; content:\"is\"; content:\"is\"; "
             "distance:0; "
             "within:2;",
             "a=dGhpc2lzYXRlc3Q", true},
        Case{"StepsAfterInThePayload",
             "base64_decode; base64_data; content:\"this\"; pkt_data; content:\"dGhp\";", "dGhpc2lzYXRlc3Q",
             true},
        Case{"Pcre", "base64_decode; base64_data; pcre:\"/^this.*t$/\";", "dGhpc2lzYXRlc3Q", true},
        Case{"AfterTransform",
             "url_decode; content:\"a=\"; base64_decode:relative; base64_data; content:\"test\"; endswith;",
             "a=dGhpc2lzYXRlc3Q%3D", true}),
    by_name);

TEST(Base64InABuffer, FollowsAMovedContent) {
  static constexpr std::array kAliases{detect::Alias{"toy_head", "toy.head", detect::Alias::Use::modifier}};
  ToyTransactions toys(
      "alert toy any any -> any any (content:\"arg\"; toy_head; base64_decode:bytes 17,offset 1,relative; "
      "base64_data; content:\"thisisatest\"; sid:1;)",
      kAliases);
  ASSERT_EQ(toys.problems(), "");
  toys.transaction.head = "/?arg=dGhpc2lzYXRlc3QK";
  EXPECT_EQ(toys.at(1), Sids{1});
}

TEST(Base64InABuffer, ThatGrows) {
  ToyTransactions toys(
      "alert toy any any -> any any (toy.body; content:\"a=\"; base64_decode:relative; base64_data; "
      "content:\"test\"; sid:1;)");
  toys.transaction.body = "a=dGhpc2lz";
  EXPECT_EQ(toys.at(2), Sids{});
  toys.transaction.body += "YXRlc3Q";
  EXPECT_EQ(toys.at(2), Sids{1});
}

TEST(Base64Limit, WorkIsBounded) {
  RuleHarness harness(
      "alert udp any any -> any any (content:\"A\"; base64_decode:relative; base64_data; content:\"x\"; "
      "sid:1;)");
  const std::string payload(60000, 'A');
  const packet::Packet packet{
      .payload = as_bytes(payload), .ip_version = 4, .protocol = 17, .has_transport = true};
  EXPECT_EQ(harness.packet(packet), Sids{});
  EXPECT_EQ(harness.inspector().counters().step_limit.value(), 1U);
}

struct Fault {
  std::string name;
  std::string options;
  std::string want;
};

class RefusedBase64 : public testing::TestWithParam<Fault> {};

TEST_P(RefusedBase64, SaysWhy) {
  const ToyTransactions toys("alert toy any any -> any any (" + GetParam().options + " sid:1;)");
  EXPECT_NE(toys.problems().find(GetParam().want), std::string::npos) << toys.problems();
}

INSTANTIATE_TEST_SUITE_P(
    Rule, RefusedBase64,
    testing::Values(
        Fault{"NoDecode", "base64_data; content:\"a\";", "no base64_decode before it"},
        Fault{"NoData", "content:\"a\"; base64_decode;", "base64_data is missing"},
        Fault{"NothingAskedOfTheData", "base64_decode; base64_data;", "base64_data is missing"},
        Fault{"NoBytes", "base64_decode:bytes 0; base64_data; content:\"a\";", "0 is not within"},
        Fault{"TooManyBytes", "base64_decode:bytes 65537; base64_data; content:\"a\";", "not within"},
        Fault{"OffsetBack", "base64_decode:offset -1; base64_data; content:\"a\";", "not within"},
        Fault{"Setting", "base64_decode:len 1; base64_data; content:\"a\";", "'len' is not a setting"},
        Fault{"Transform", "base64_decode; base64_data; to_md5; content:\"a\";",
              "cannot be changed further"}),
    by_name);

std::optional<Bytes> raw_uri(proto::Transaction& t, unsigned) noexcept { return as_bytes(toy(t).body); }
constexpr std::array kBuffers{
    proto::Buffer{"http.uri", "", flow::Side::client, 1, false, toy_item, true, true},
    proto::Buffer{"http.uri.raw", "", flow::Side::client, 1, false, raw_uri}};
constexpr proto::Protocol kWeb{
    .name = "web", .help = "", .probe = nullptr, .make_parser = nullptr, .buffers = kBuffers};
constexpr std::array<const proto::Protocol*, 1> kProtocols{&kWeb};

TEST(Urilen, IsTheLengthOfOneReading) {
  RuleHarness harness(
      "alert web any any -> any any (urilen:5; sid:1;)\n"
      "alert web any any -> any any (urilen:5,norm; http.uri; content:\"b\"; sid:2;)\n"
      "alert web any any -> any any (urilen:7,raw; sid:3;)\n"
      "alert web any any -> any any (urilen:5<>7; sid:4;)\n"
      "alert web any any -> any any (urilen:>5; http.uri; content:\"a\"; sid:5;)\n"
      "alert web any any -> any any (content:\"b\"; http_uri; urilen:<6; content:\"b\"; http_uri; "
      "distance:0; sid:6;)\n",
      kProtocols);
  for (const auto& diagnostic : harness.diagnostics) ADD_FAILURE() << rule::to_text(diagnostic);
  harness.flow.key.protocol = packet::Protocol::tcp;
  Toy request;
  request.items = {"aaaaa", "bbb"};
  request.body = "%61aaaa";
  request.progress[0] = 1;
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  harness.inspector().begin({.packet = &packet, .flow = &harness.flow, .protocol = 0});
  harness.inspector().transaction(request, flow::Side::client);
  harness.inspector().finish();
  EXPECT_EQ(harness.sids(), (Sids{1, 3, 6}));
}

TEST(Urilen, RefusesWhatIsNoLength) {
  const RuleHarness harness(
      "alert web any any -> any any (urilen:5,cooked; sid:1;)\n"
      "alert web any any -> any any (urilen:x; sid:2;)\n",
      kProtocols);
  EXPECT_EQ(rule::count_errors(harness.diagnostics), 2U);
}

}  // namespace
}  // namespace bansoko::keyword
