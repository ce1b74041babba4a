// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/telnet/telnet_parser.h"

namespace bansoko::proto::telnet {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string negotiate(int option, const std::string& content) {
  return "\xff\xfa"s + static_cast<char>(option) + content + "\xff\xf0"s;
}

class Telnet : public testing::TestWithParam<DialogueCase> {};

TEST_P(Telnet, Tells) { expect_told(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Commands, Telnet,
    testing::Values(
        DialogueCase{"Options",
                     {server("\xff\xfd\x18"), client("\xff\xfb\x18")},
                     {{"0 server telnet.command", "253"},
                      {"0 server telnet.option", "24"},
                      {"1 telnet.command", "251"},
                      {"1 telnet.option", "24"},
                      {"1 telnet.subnegotiation_length", "-"},
                      {"1 telnet.data", "-"}},
                     {},
                     2},
        DialogueCase{"Alone",
                     {client("\xff\xf5\xff\xf2")},
                     {{"0 telnet.command", "245"}, {"0 telnet.option", "-"}},
                     {},
                     2},
        DialogueCase{"Data",
                     {server("login: "), client("ro\xff\xf1ot\xff\xff\r\n")},
                     {{"0 server telnet.data", "login: "},
                      {"0 telnet.data", "root\xff\r\n"},
                      {"1 telnet.command", "241"}},
                     {},
                     2},
        DialogueCase{"Subnegotiation",
                     {client(negotiate(24, "\0vt\xff\xff"s))},
                     {{"0 telnet.command", "250"},
                      {"0 telnet.option", "24"},
                      {"0 telnet.suboption", "0"},
                      {"0 telnet.subnegotiation", "\0vt\xff"s},
                      {"0 telnet.subnegotiation_length", "4"},
                      {"0 telnet.environment", "-"}}},
        DialogueCase{"EmptySubnegotiation",
                     {client(negotiate(24, ""))},
                     {{"0 telnet.suboption", "-"},
                      {"0 telnet.subnegotiation", ""},
                      {"0 telnet.subnegotiation_length", "0"}}},
        DialogueCase{
            "UnknownCommand", {client("a\xff\x05z")}, {{"0 telnet.data", "az"}}, {"telnet.unknown_command"}},
        DialogueCase{"Unterminated",
                     {client("\xff\xfa\x26\x07key\xff\xfb\x01z")},
                     {{"0 telnet.suboption", "7"},
                      {"0 telnet.subnegotiation", "\7key"},
                      {"1 telnet.option", "1"},
                      {"2 telnet.data", "z"}},
                     {"telnet.unterminated_subnegotiation"},
                     3},
        DialogueCase{"Gap",
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
        DialogueCase{"User",
                     {client(negotiate(39, "\0\0USER\1-froot\3a\1b\0empty\0none\1"s))},
                     {{"0 telnet.environment", "USER=-froot"},
                      {"0 telnet.environment#1", "a=b"},
                      {"0 telnet.environment#2", "empty"},
                      {"0 telnet.environment#3", "none="},
                      {"0 telnet.environment#4", "-"}}},
        DialogueCase{"Escaped",
                     {client(negotiate(39, "\0\0U\2\1S\1-\2\0f\2"s))},
                     {{"0 telnet.environment", "U\1S=-\0f\2"s}}},
        DialogueCase{"Info", {client(negotiate(39, "\2\3a\1b"s))}, {{"0 telnet.environment", "a=b"}}},
        DialogueCase{"Request", {server(negotiate(39, "\1\0USER"s))}, {{"0 server telnet.environment", "-"}}},
        DialogueCase{"TwoValues",
                     {client(negotiate(39, "\0\0a\1b\1c\0d"s))},
                     {{"0 telnet.environment", "a=b"}, {"0 telnet.environment#1", "d"}}},
        DialogueCase{
            "OldOption", {client(negotiate(36, "\0\0USER\1x"s))}, {{"0 telnet.environment", "USER=x"}}},
        DialogueCase{"OldOptionSwapped",
                     {client(negotiate(36, "\0\1USER\0-f"s))},
                     {{"0 telnet.environment", "USER=-f"}}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Limits, Telnet,
                         testing::Values(DialogueCase{"SubnegotiationAtTheLimit",
                                                      {client(negotiate(38, std::string(64, 'x')))},
                                                      {{"0 telnet.subnegotiation_length", "64"}},
                                                      {},
                                                      1,
                                                      Parsed::more,
                                                      {64}},
                                         DialogueCase{"SubnegotiationTooLong",
                                                      {client(negotiate(38, std::string(65, 'x')) + "a")},
                                                      {{"0 telnet.subnegotiation_length", "64"},
                                                       {"0 telnet.subnegotiation", std::string(64, 'x')},
                                                       {"1 telnet.data", "a"}},
                                                      {"telnet.subnegotiation_limit"},
                                                      2,
                                                      Parsed::more,
                                                      {64}},
                                         DialogueCase{"NoEnd",
                                                      {client("\xff\xfa\x26" + std::string(80, 'x'))},
                                                      {{"0 telnet.option", "38"}},
                                                      {"telnet.subnegotiation_limit"},
                                                      1,
                                                      Parsed::more,
                                                      {64}},
                                         DialogueCase{"TooManyVariables",
                                                      {client(negotiate(39, "\0\0a\0b\0c"s))},
                                                      {{"0 telnet.environment#1", "b"},
                                                       {"0 telnet.environment#2", "-"}},
                                                      {"telnet.variable_limit"},
                                                      1,
                                                      Parsed::more,
                                                      {64, 2}},
                                         DialogueCase{"VariablesAtTheLimit",
                                                      {client(negotiate(39, "\0\0a\0b"s))},
                                                      {{"0 telnet.environment#1", "b"}},
                                                      {},
                                                      1,
                                                      Parsed::more,
                                                      {64, 2}},
                                         DialogueCase{"DataTooLong",
                                                      {client(std::string(70, 'x')), client("y")},
                                                      {{"0 telnet.data", std::string(64, 'x')}},
                                                      {"telnet.data_limit"},
                                                      1,
                                                      Parsed::more,
                                                      {64, 2, 64}}),
                         by_name);

class TelnetProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(TelnetProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    First, TelnetProbe,
    testing::Values(DialogueOpening{"Option", server("\xff\xfd\x18"), 99, Guess::yes},
                    DialogueOpening{"OfClient", client("\xff\xfa\x27x"), 99, Guess::yes},
                    DialogueOpening{"Part", client("\xff\xfd"), 99, Guess::maybe},
                    DialogueOpening{"Utf16", client("\xff\xfe<\0"s), 99, Guess::no},
                    DialogueOpening{"Picture", client("\xff\xd8\xff\xe0"), 99, Guess::no},
                    DialogueOpening{"Login", server("login: "), 23, Guess::yes},
                    DialogueOpening{"LoginElsewhere", server("login: "), 99, Guess::no},
                    DialogueOpening{"ClientOnPort", client("x"), 23, Guess::maybe},
                    DialogueOpening{"SshOnPort", server("SSH-2.0-x\r\n"), 23, Guess::no},
                    DialogueOpening{"TlsOnPort", client("\x16\x03\x01"), 23, Guess::no},
                    DialogueOpening{"CommandOnPort", client("\xff\xf4"), 23, Guess::yes},
                    DialogueOpening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no}),
    by_name);

TEST(TelnetParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(
      describe(), {client(negotiate(39, "\0\0USER\1"s + std::string(3000, 'x')) + std::string(5000, 'y')),
                   server(std::string(5000, 'z'))});
}

TEST(TelnetParser, MemoryUsedUpIsToldAndGivenBack) {
  const Witness seen = in_little_memory<TelnetMemory>(
      describe(), {4096, 64, 8192, 1000},
      {client(negotiate(38, std::string(3000, 'x')) + std::string(3000, 'y'))});
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"telnet.memory_limit"});
  EXPECT_EQ(seen.value("0 telnet.option"), "38");
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
