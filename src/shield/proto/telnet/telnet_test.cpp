// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/telnet/telnet_parser.h"
#include "shield/proto/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::telnet {
const Protocol& describe();

namespace {
using namespace std::string_literals;

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::size_t transactions = 1;
  std::vector<std::uint64_t> limits = {};
};

std::string negotiate(int option, const std::string& content) {
  return "\xff\xfa"s + static_cast<char>(option) + content + "\xff\xf0"s;
}

class Telnet : public testing::TestWithParam<Case> {};

TEST_P(Telnet, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    Witness seen(describe());
    parser->reset({.wanted = ~0ULL});
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), Parsed::more);
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies) << "in pieces of " << piece;
    EXPECT_EQ(seen.ended.size(), row.transactions) << "in pieces of " << piece;
    for (const auto& [key, value] : row.want)
      EXPECT_EQ(seen.value(key), value) << key << " in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Commands, Telnet,
    testing::Values(
        Case{"Options",
             {server("\xff\xfd\x18"), client("\xff\xfb\x18")},
             {{"0 server telnet.command", "253"},
              {"0 server telnet.option", "24"},
              {"1 telnet.command", "251"},
              {"1 telnet.option", "24"},
              {"1 telnet.subnegotiation_length", "-"},
              {"1 telnet.data", "-"}},
             {},
             2},
        Case{"Alone",
             {client("\xff\xf5\xff\xf2")},
             {{"0 telnet.command", "245"}, {"0 telnet.option", "-"}},
             {},
             2},
        Case{"Data",
             {server("login: "), client("ro\xff\xf1ot\xff\xff\r\n")},
             {{"0 server telnet.data", "login: "},
              {"0 telnet.data", "root\xff\r\n"},
              {"1 telnet.command", "241"}},
             {},
             2},
        Case{"Subnegotiation",
             {client(negotiate(24, "\0vt\xff\xff"s))},
             {{"0 telnet.command", "250"},
              {"0 telnet.option", "24"},
              {"0 telnet.suboption", "0"},
              {"0 telnet.subnegotiation", "\0vt\xff"s},
              {"0 telnet.subnegotiation_length", "4"},
              {"0 telnet.environment", "-"}}},
        Case{"EmptySubnegotiation",
             {client(negotiate(24, ""))},
             {{"0 telnet.suboption", "-"},
              {"0 telnet.subnegotiation", ""},
              {"0 telnet.subnegotiation_length", "0"}}},
        Case{"UnknownCommand", {client("a\xff\x05z")}, {{"0 telnet.data", "az"}}, {"telnet.unknown_command"}},
        Case{"Unterminated",
             {client("\xff\xfa\x26\x07key\xff\xfb\x01z")},
             {{"0 telnet.suboption", "7"},
              {"0 telnet.subnegotiation", "\7key"},
              {"1 telnet.option", "1"},
              {"2 telnet.data", "z"}},
             {"telnet.unterminated_subnegotiation"},
             3},
        Case{"Gap",
             {client("ab\xff\xfa\x18x"), client("\xff\xf0"
                                                "c\xff\xf1",
                                                4)},
             {{"0 telnet.data", "ab"}, {"1 telnet.command", "240"}, {"2 telnet.command", "241"}},
             {"telnet.gap"},
             3}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Environment, Telnet,
    testing::Values(
        Case{"User",
             {client(negotiate(39, "\0\0USER\1-froot\3a\1b\0empty\0none\1"s))},
             {{"0 telnet.environment", "USER=-froot"},
              {"0 telnet.environment#1", "a=b"},
              {"0 telnet.environment#2", "empty"},
              {"0 telnet.environment#3", "none="},
              {"0 telnet.environment#4", "-"}}},
        Case{"Escaped",
             {client(negotiate(39, "\0\0U\2\1S\1-\2\0f\2"s))},
             {{"0 telnet.environment", "U\1S=-\0f\2"s}}},
        Case{"Info", {client(negotiate(39, "\2\3a\1b"s))}, {{"0 telnet.environment", "a=b"}}},
        Case{"Request", {server(negotiate(39, "\1\0USER"s))}, {{"0 server telnet.environment", "-"}}},
        Case{"TwoValues",
             {client(negotiate(39, "\0\0a\1b\1c\0d"s))},
             {{"0 telnet.environment", "a=b"}, {"0 telnet.environment#1", "d"}}},
        Case{"OldOption", {client(negotiate(36, "\0\0USER\1x"s))}, {{"0 telnet.environment", "USER=x"}}},
        Case{"OldOptionSwapped",
             {client(negotiate(36, "\0\1USER\0-f"s))},
             {{"0 telnet.environment", "USER=-f"}}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Limits, Telnet,
                         testing::Values(Case{"SubnegotiationAtTheLimit",
                                              {client(negotiate(38, std::string(64, 'x')))},
                                              {{"0 telnet.subnegotiation_length", "64"}},
                                              {},
                                              1,
                                              {64}},
                                         Case{"SubnegotiationTooLong",
                                              {client(negotiate(38, std::string(65, 'x')) + "a")},
                                              {{"0 telnet.subnegotiation_length", "64"},
                                               {"0 telnet.subnegotiation", std::string(64, 'x')},
                                               {"1 telnet.data", "a"}},
                                              {"telnet.subnegotiation_limit"},
                                              2,
                                              {64}},
                                         Case{"NoEnd",
                                              {client("\xff\xfa\x26" + std::string(80, 'x'))},
                                              {{"0 telnet.option", "38"}},
                                              {"telnet.subnegotiation_limit"},
                                              1,
                                              {64}},
                                         Case{"TooManyVariables",
                                              {client(negotiate(39, "\0\0a\0b\0c"s))},
                                              {{"0 telnet.environment#1", "b"},
                                               {"0 telnet.environment#2", "-"}},
                                              {"telnet.variable_limit"},
                                              1,
                                              {64, 2}},
                                         Case{"VariablesAtTheLimit",
                                              {client(negotiate(39, "\0\0a\0b"s))},
                                              {{"0 telnet.environment#1", "b"}},
                                              {},
                                              1,
                                              {64, 2}},
                                         Case{"DataTooLong",
                                              {client(std::string(70, 'x')), client("y")},
                                              {{"0 telnet.data", std::string(64, 'x')}},
                                              {"telnet.data_limit"},
                                              1,
                                              {64, 2, 64}}),
                         by_name);

struct Opening {
  std::string name;
  Said said;
  std::uint16_t port;
  Guess want;
};

class TelnetProbe : public testing::TestWithParam<Opening> {};

TEST_P(TelnetProbe, Guesses) {
  const Opening& row = GetParam();
  const StreamChunk first{.from = row.said.from, .window = as_bytes(row.said.bytes)};
  EXPECT_EQ(describe().probe(first, {.server_port = row.port}), row.want);
}

INSTANTIATE_TEST_SUITE_P(First, TelnetProbe,
                         testing::Values(Opening{"Option", server("\xff\xfd\x18"), 99, Guess::yes},
                                         Opening{"OfClient", client("\xff\xfa\x27x"), 99, Guess::yes},
                                         Opening{"Part", client("\xff\xfd"), 99, Guess::maybe},
                                         Opening{"Utf16", client("\xff\xfe<\0"s), 99, Guess::no},
                                         Opening{"Picture", client("\xff\xd8\xff\xe0"), 99, Guess::no},
                                         Opening{"Login", server("login: "), 23, Guess::yes},
                                         Opening{"LoginElsewhere", server("login: "), 99, Guess::no},
                                         Opening{"ClientOnPort", client("x"), 23, Guess::maybe},
                                         Opening{"SshOnPort", server("SSH-2.0-x\r\n"), 23, Guess::no},
                                         Opening{"TlsOnPort", client("\x16\x03\x01"), 23, Guess::no},
                                         Opening{"CommandOnPort", client("\xff\xf4"), 23, Guess::yes},
                                         Opening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no}),
                         by_name);

class Deaf final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
};

TEST(TelnetParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::vector<Said> dialogue{
      client(negotiate(39, "\0\0USER\1"s + std::string(3000, 'x')) + std::string(5000, 'y')),
      server(std::string(5000, 'z'))};
  Deaf sink;
  for (int warm = 0; warm < 2; ++warm) {
    parser->reset({});
    follow(*parser, dialogue, 700, sink);
  }
  const AllocationCounter allocations;
  parser->reset({});
  follow(*parser, dialogue, 700, sink);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(TelnetParser, MemoryUsedUpIsToldAndGivenBack) {
  constexpr std::array<std::uint64_t, 4> kLittle{4096, 64, 8192, 1000};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const TelnetMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    parser->reset({});
    Witness seen(describe());
    follow(*parser, {client(negotiate(38, std::string(3000, 'x')) + std::string(3000, 'y'))}, SIZE_MAX, seen);
    EXPECT_EQ(seen.anomalies, std::set<std::string>{"telnet.memory_limit"});
    EXPECT_EQ(seen.value("0 telnet.option"), "38");
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(TelnetParser, WhatIsAtHandIsToldWhenNothingFollows) {
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  parser->feed({.last = true, .window = as_bytes("\xff\xfa\x27\0\0USER\1-f"s)}, seen);
  EXPECT_EQ(seen.value("0 telnet.option"), "39");
}

}  // namespace
}  // namespace bansoko::proto::telnet
