// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"

namespace bansoko::proto::ssrp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

const std::string kName32(32, 'i');
const std::string kList =
    "ServerName;HOST;InstanceName;SQLEXPRESS;IsClustered;No;Version;10.50.1600.1;tcp;1433;;";

std::string answer(const std::string& data, int error = 0) {
  const auto size = static_cast<int>(data.size()) + error;
  return "\5"s + static_cast<char>(size & 0xff) + static_cast<char>(size >> 8) + data;
}

class Ssrp : public testing::TestWithParam<DatagramCase> {};
TEST_P(Ssrp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Ssrp,
    testing::Values(DatagramCase{"Broadcast", {client("\2")}, {"client ssrp.type 2"}},
                    DatagramCase{"Unicast",
                                 {client("\3"), server(answer(kList))},
                                 {"client ssrp.type 3", "server ssrp.response " + kList, "server ssrp.type 5",
                                  "server ssrp.response_size " + std::to_string(kList.size())}},
                    DatagramCase{"Instance",
                                 {client("\4SQLEXPRESS\0"s)},
                                 {"client ssrp.instance SQLEXPRESS", "client ssrp.type 4",
                                  "client ssrp.instance_length 10"}},
                    DatagramCase{"LongestName",
                                 {client("\4" + kName32 + "\0"s)},
                                 {"client ssrp.instance " + kName32, "client ssrp.type 4",
                                  "client ssrp.instance_length 32"}},
                    DatagramCase{"Dac",
                                 {client("\x0f\1MSSQLSERVER\0"s), server("\5\6\0\1\x9a\5"s)},
                                 {"client ssrp.instance MSSQLSERVER", "client ssrp.type 15",
                                  "client ssrp.instance_length 11", "server ssrp.type 5",
                                  "server ssrp.response_size 6", "server ssrp.dac_port 1434"}},
                    DatagramCase{"AnswerToABroadcast",
                                 {client(answer("ServerName;"))},
                                 {"client ssrp.response ServerName;", "client ssrp.type 5",
                                  "client ssrp.response_size 11"}},
                    DatagramCase{"Ping", {client("\x0a")}, {"client ssrp.type 10"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Ssrp,
    testing::Values(DatagramCase{"NameTooLong",
                                 {client("\4" + kName32 + "i\0"s)},
                                 {"client ! ssrp.name_too_long", "client ssrp.instance " + kName32 + "i",
                                  "client ssrp.type 4", "client ssrp.instance_length 33"}},
                    DatagramCase{"NameWithoutEnd",
                                 {client("\4" + std::string(375, '\1'))},
                                 {"client ! ssrp.malformed_data", "client ! ssrp.name_too_long",
                                  "client ssrp.instance " + std::string(375, '\1'), "client ssrp.type 4",
                                  "client ssrp.instance_length 375"}},
                    DatagramCase{"BytesBehindTheName",
                                 {client("\4a\0b"s)},
                                 {"client ! ssrp.malformed_data", "client ssrp.instance a",
                                  "client ssrp.type 4", "client ssrp.instance_length 1"}},
                    DatagramCase{"NoName",
                                 {client("\4")},
                                 {"client ! ssrp.malformed_data", "client ssrp.instance ",
                                  "client ssrp.type 4", "client ssrp.instance_length 0"}},
                    DatagramCase{"DacOfAnotherVersion",
                                 {client("\x0f\2a\0"s)},
                                 {"client ! ssrp.malformed_data", "client ssrp.instance a",
                                  "client ssrp.type 15", "client ssrp.instance_length 1"}},
                    DatagramCase{"BytesBehindAPing",
                                 {client("\x0ax")},
                                 {"client ! ssrp.malformed_data", "client ssrp.type 10"}},
                    DatagramCase{"AnswerTooShort",
                                 {server("\5\1")},
                                 {"server ! ssrp.malformed_data", "server ssrp.type 5"}},
                    DatagramCase{"AnswerOfAnotherSize",
                                 {server(answer("abc", 1))},
                                 {"server ! ssrp.response_size", "server ssrp.response abc",
                                  "server ssrp.type 5", "server ssrp.response_size 4"}},
                    DatagramCase{"DacAnswerCut",
                                 {server("\5\6\0\1\x9a"s)},
                                 {"server ! ssrp.response_size", "server ssrp.response \1\x9a",
                                  "server ssrp.type 5", "server ssrp.response_size 6"}},
                    DatagramCase{"UnknownType",
                                 {client("\x08" + std::string(40, 'A') + ":1"s)},
                                 {"client ! ssrp.unknown_type", "client ssrp.type 8"}}),
    by_name);

class SsrpProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(SsrpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Ssrp, SsrpProbe,
                         testing::Values(ProbeCase{"Request", "\3", 1434, Guess::yes},
                                         ProbeCase{"AnythingOnOwnPort", "stray", 1434, Guess::yes},
                                         ProbeCase{"Empty", "", 1434, Guess::maybe},
                                         ProbeCase{"AnswerOnAnyPort", answer(kList), 40000, Guess::yes},
                                         ProbeCase{"AnswerOfAnotherSize", answer(kList, 1), 40000, Guess::no},
                                         ProbeCase{"RequestOnAnyPort", "\4SQLEXPRESS\0"s, 40000, Guess::no},
                                         ProbeCase{"OnThePortOfDns", answer(kList), 53, Guess::no}),
                         by_name);

/// A datagram of another protocol must not hide what comes behind it.
TEST(SsrpProbe, NobodyElseTakesItsPort) {
  for (const Protocol* const other : all_protocols()) {
    if (other == &describe() || (other->transports & kOverUdp) == 0) continue;
    for (const std::string& bytes :
         {"\x04"s + std::string(375, '\1'), "\4\0\x28\0\x10\0\0\0"s + std::string(72, '\0'),
          "\x1b"s + std::string(47, '\0'), "\0\1boot.img\0octet\0"s,
          "\x30\x11\2\1\0\4\4evil\xA0\6\2\1\1\2\1\0"s, "\0\2\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"s})
      EXPECT_NE(other->probe({.window = as_bytes(bytes)},
                             {.transport = kOverUdp, .client_port = 50000, .server_port = 1434}),
                Guess::yes)
          << other->name;
  }
}

TEST(SsrpParser, AllocatesNothing) {
  expect_no_allocation(describe(), {client("\4SQLEXPRESS\0"s), server(answer(kList))});
}

}  // namespace
}  // namespace bansoko::proto::ssrp
