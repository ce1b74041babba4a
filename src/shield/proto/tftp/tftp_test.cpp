// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"

namespace bansoko::proto::tftp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

const std::string kRead = "\0\1boot.img\0octet\0"s;
const std::string kMalformed = "client ! tftp.malformed_data";

class Tftp : public testing::TestWithParam<DatagramCase> {};
TEST_P(Tftp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Packets, Tftp,
    testing::Values(DatagramCase{"Read", {client(kRead)}, {}},
                    DatagramCase{"WriteInText", {client("\0\2a\0NetAscii\0"s)}, {}},
                    DatagramCase{"WithOptions", {client(kRead + "blksize\0001468\0"s)}, {}},
                    DatagramCase{"Data", {client("\0\3\0\1abc"s)}, {}},
                    DatagramCase{"NoFile", {client("\0\1\0octet\0"s)}, {kMalformed}},
                    DatagramCase{"NoMode", {client("\0\1file\0"s)}, {kMalformed}},
                    DatagramCase{"UnknownMode", {client("\0\1file\0fast\0"s)}, {kMalformed}},
                    DatagramCase{"ModeWithoutEnd", {client("\0\1file\0octet"s)}, {kMalformed}},
                    DatagramCase{"DataCut", {client("\0\3\0"s)}, {kMalformed}},
                    DatagramCase{"Operation0", {client("\0\0\0\0"s)}, {kMalformed}},
                    DatagramCase{"Operation7", {client("\0\7\0\0"s)}, {kMalformed}}),
    by_name);

class TftpProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(TftpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(Tftp, TftpProbe,
                         testing::Values(ProbeCase{"AnyPort", kRead, 40000, Guess::yes},
                                         ProbeCase{"DataOnAnyPort", "\0\3\0\1abc"s, 40000, Guess::no},
                                         ProbeCase{"DataOnOwnPort", "\0\3\0\1abc"s, 69, Guess::yes},
                                         ProbeCase{"StrayOnOwnPort", "stray", 69, Guess::maybe},
                                         ProbeCase{"OnThePortOfDns", kRead, 53, Guess::no},
                                         ProbeCase{"Empty", "", 69, Guess::maybe}),
                         by_name);

TEST(TftpParser, AllocatesNothing) { expect_no_allocation(describe(), {client(kRead)}); }

}  // namespace
}  // namespace bansoko::proto::tftp
