// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/probe.h"

#include <string>

#include <gtest/gtest.h>

#include "shield/proto/dns/test_message.h"
#include "tests/cases.h"

namespace bansoko::proto::dns {
namespace {
using namespace std::string_literals;
using wire::name;
using wire::request;
using wire::response;
using wire::TestMessage;

struct Case {
  std::string name;
  std::string bytes;
  Guess want;
  std::uint16_t port = 40053;
  Transports transport = kOverUdp;
};

class DnsProbe : public testing::TestWithParam<Case> {};

TEST_P(DnsProbe, Guesses) {
  const Case& row = GetParam();
  const StreamChunk first{.window = as_bytes(row.bytes)};
  EXPECT_EQ(probe(first, {.transport = row.transport, .client_port = 40000, .server_port = row.port}),
            row.want);
  EXPECT_EQ(probe(first, {.transport = row.transport, .client_port = row.port, .server_port = 40000}),
            row.want)
      << "from the other end";
}

const std::string kAnswered = response("a.test").answer(wire::pointer(12), 1, "1234").bytes();
const std::string kFramed = request("a.test").framed();

INSTANTIATE_TEST_SUITE_P(
    AnyPort, DnsProbe,
    testing::Values(
        Case{"Request", request("a.test").bytes(), Guess::yes}, Case{"Response", kAnswered, Guess::yes},
        Case{"WithOptions", request("a.test").additional("\0"s, 41, "").bytes(), Guess::yes},
        Case{"Update",
             TestMessage{.flags = 0x2800}.ask(name("z"), 6).authority(name("x.z"), 1, "1234").bytes(),
             Guess::yes},
        Case{"Notify", TestMessage{.flags = 0x2400}.ask(name("z"), 6).bytes(), Guess::yes},
        Case{"Empty", "", Guess::maybe}, Case{"Short", "12345678901", Guess::no},
        Case{"BytesBehind", request("a.test").raw("x").bytes(), Guess::no},
        Case{"BytesMissing", kAnswered.substr(0, kAnswered.size() - 1), Guess::no},
        Case{"TwoQuestions", request("a.test").ask(name("b")).bytes(), Guess::no},
        Case{"NoQuestion", TestMessage{}.bytes(), Guess::no},
        Case{"ReservedFlag", TestMessage{.flags = 0x0140}.ask(name("a")).bytes(), Guess::no},
        Case{"Opcode3", TestMessage{.flags = 0x1900}.ask(name("a")).bytes(), Guess::no},
        Case{"RequestWithCode", TestMessage{.flags = 0x0103}.ask(name("a")).bytes(), Guess::no},
        Case{"RequestWithAnswer", request("a").answer(name("a"), 1, "1234").bytes(), Guess::no},
        Case{"UnknownType", request("a", 1, 1000).bytes(), Guess::no},
        Case{"MoreRecordsThanRoom",
             TestMessage{.flags = 0x8180, .questions = 1, .answers = 40, .body = wire::question(name("a"))}
                 .bytes(),
             Guess::no},
        Case{"Text", "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", Guess::no},
        Case{"Zeros", std::string(40, '\0'), Guess::no},
        Case{"MulticastPort", request("a.test").bytes(), Guess::no, 5353},
        Case{"LinkLocalPort", request("a.test").bytes(), Guess::no, 5355},
        Case{"NetbiosPort", request("a.test").bytes(), Guess::no, 137}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    OwnPort, DnsProbe,
    testing::Values(
        Case{"Odd", TestMessage{.flags = 0x3940}.ask(name("a"), 1000).raw("behind").bytes(), Guess::yes, 53},
        Case{"FormatError", TestMessage{.flags = 0x8181}.bytes(), Guess::yes, 53},
        Case{"HeaderOfARequest", TestMessage{}.bytes(), Guess::maybe, 53},
        Case{"Short", "123", Guess::maybe, 53}, Case{"Text", "GET / HTTP/1.1\r\n", Guess::maybe, 53},
        Case{"BrokenQuestion", TestMessage{.questions = 1, .body = "\x80 "}.bytes(), Guess::maybe, 53}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Tcp, DnsProbe,
    testing::Values(Case{"Whole", kFramed, Guess::yes, 40053, kOverTcp},
                    Case{"MoreBehind", kFramed + "xx", Guess::yes, 40053, kOverTcp},
                    Case{"Cut", kFramed.substr(0, 20), Guess::maybe, 40053, kOverTcp},
                    Case{"LengthAlone", "\0\x20"s, Guess::maybe, 40053, kOverTcp},
                    Case{"TooShortALength", "\0\x03xxx"s, Guess::no, 40053, kOverTcp},
                    Case{"Text", "GET / HTTP/1.1\r\n\r\n", Guess::no, 40053, kOverTcp},
                    Case{"TextOnOwnPort", "GET / HTTP/1.1\r\n\r\n", Guess::no, 53, kOverTcp},
                    Case{"CutOnOwnPort", kFramed.substr(0, 16), Guess::maybe, 53, kOverTcp},
                    Case{"QuestionOnOwnPort", kAnswered.empty() ? "" : wire::u16(300) + kAnswered, Guess::yes,
                         53, kOverTcp}),
    by_name);

TEST(DnsProbePorts, ThePortOfAnotherProtocolIsItsOwn) {
  const std::string message = request("a.test").bytes();
  const StreamChunk first{.window = as_bytes(message)};
  EXPECT_EQ(probe(first, {.transport = kOverUdp, .client_port = 40000, .server_port = 161}), Guess::no);
  EXPECT_EQ(probe(first, {.transport = kOverUdp, .client_port = 161, .server_port = 40000}), Guess::yes);
}

struct MulticastCase {
  std::string name;
  std::string bytes;
  std::uint16_t port;
  Guess want;
};
class MulticastDnsProbe : public testing::TestWithParam<MulticastCase> {};

TEST_P(MulticastDnsProbe, Guesses) {
  const MulticastCase& row = GetParam();
  EXPECT_EQ(probe_multicast({.window = as_bytes(row.bytes)},
                            {.transport = kOverUdp, .client_port = 5353, .server_port = row.port}),
            row.want);
}

INSTANTIATE_TEST_SUITE_P(Dns, MulticastDnsProbe,
                         testing::Values(MulticastCase{"Request", request("a.local").bytes(), 5353,
                                                       Guess::yes},
                                         MulticastCase{"Short", "123", 5353, Guess::maybe},
                                         MulticastCase{"Empty", "", 5353, Guess::maybe},
                                         MulticastCase{"OtherEndIsDns", request("a").bytes(), 53, Guess::no}),
                         by_name);

}  // namespace
}  // namespace bansoko::proto::dns
