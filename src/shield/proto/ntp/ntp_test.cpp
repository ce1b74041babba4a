// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"

namespace bansoko::proto::ntp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

/// Its first byte, the stratum and where the time comes from.
std::string message(int head, int stratum, const std::string& reference) {
  return std::string{static_cast<char>(head), static_cast<char>(stratum)} + std::string(10, '\0') +
         reference + std::string(32, '\0');
}

const std::string kRequest = message(0x23, 0, "\0\0\0\0"s);
const std::string kAnswer = message(0x24, 2, "LOCL");

class Ntp : public testing::TestWithParam<DatagramCase> {};
TEST_P(Ntp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Ntp,
    testing::Values(
        DatagramCase{"RequestAndAnswer",
                     {client(kRequest), server(kAnswer)},
                     {"client ntp.reference_id \0\0\0\0"s, "client ntp.version 4", "client ntp.mode 3",
                      "client ntp.stratum 0", "server ntp.reference_id LOCL", "server ntp.version 4",
                      "server ntp.mode 4", "server ntp.stratum 2"}},
        DatagramCase{"WithExtensions",
                     {client(kAnswer + std::string(20, 'x'))},
                     {"client ntp.reference_id LOCL", "client ntp.version 4", "client ntp.mode 4",
                      "client ntp.stratum 2"}},
        DatagramCase{"Control",
                     {client("\x16\2"s + std::string(10, '\0'))},
                     {"client ntp.version 2", "client ntp.mode 6"}},
        DatagramCase{
            "Private", {client("\x17\0\3\x2a\0\0\0\0"s)}, {"client ntp.version 2", "client ntp.mode 7"}},
        DatagramCase{"ControlCut",
                     {client("\x16\2"s + std::string(9, '\0'))},
                     {"client ! ntp.malformed_data", "client ntp.version 2", "client ntp.mode 6"}},
        DatagramCase{"PrivateCut",
                     {client("\x17\0\3\x2a\0\0\0"s)},
                     {"client ! ntp.malformed_data", "client ntp.version 2", "client ntp.mode 7"}},
        DatagramCase{"Cut",
                     {client(kRequest.substr(0, 47))},
                     {"client ! ntp.malformed_data", "client ntp.version 4", "client ntp.mode 3"}},
        DatagramCase{"ReservedMode",
                     {client(message(0x20, 1, "abcd"))},
                     {"client ! ntp.malformed_data", "client ntp.reference_id abcd", "client ntp.version 4",
                      "client ntp.mode 0", "client ntp.stratum 1"}}),
    by_name);

class NtpProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(NtpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Ntp, NtpProbe,
                         testing::Values(ProbeCase{"OwnPort", kRequest, 123, Guess::yes},
                                         ProbeCase{"OtherPort", kRequest, 40000, Guess::no},
                                         ProbeCase{"StrayOnOwnPort", "stray", 123, Guess::maybe},
                                         ProbeCase{"Empty", "", 123, Guess::maybe}),
                         by_name);

TEST(NtpParser, AllocatesNothing) { expect_no_allocation(describe(), {client(kRequest), server(kAnswer)}); }

}  // namespace
}  // namespace bansoko::proto::ntp
