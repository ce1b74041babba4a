// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/sip/sip_parser.h"
#include "shield/proto/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::sip {
const Protocol& describe();

namespace {

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::size_t messages = 1;
  Parsed result = Parsed::more;
  std::vector<std::uint64_t> limits = {};
};

Witness witness(const Case& row, Transports transport, std::size_t piece) {
  const LoneParser parser(describe(), row.limits);
  Witness seen(describe());
  parser->reset({.wanted = ~0ULL, .transport = transport});
  EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), row.result) << "in pieces of " << piece;
  return seen;
}

void expect_seen(const Case& row, const Witness& seen, const std::string& how) {
  EXPECT_EQ(seen.faults, std::set<std::string>()) << how;
  EXPECT_EQ(seen.anomalies, row.anomalies) << how;
  EXPECT_EQ(seen.ended.size(), row.messages) << how;
  for (const auto& [key, value] : row.want) EXPECT_EQ(seen.value(key), value) << key << how;
}

const std::string kInvite =
    "INVITE sip:bob@example.test SIP/2.0\r\n"
    "Via: SIP/2.0/UDP a.test\r\n"
    "v: SIP/2.0/UDP b.test\r\n"
    "f: <sip:alice@example.test>\r\n"
    "TO : Bob\r\n"
    "User-Agent: phone\r\n"
    " 1.0\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "body";
const std::string kRinging = "SIP/2.0 180 Ringing now\r\nl: 0\r\n\r\n";

class Sip : public testing::TestWithParam<Case> {};

TEST_P(Sip, TellsOverTcp) {
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}})
    expect_seen(GetParam(), witness(GetParam(), kOverTcp, piece), " in pieces of " + std::to_string(piece));
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Sip,
    testing::Values(Case{"Request",
                         {client(kInvite)},
                         {{"0 sip.method", "INVITE"},
                          {"0 sip.uri", "sip:bob@example.test"},
                          {"0 sip.protocol", "SIP/2.0"},
                          {"0 sip.request_line", "INVITE sip:bob@example.test SIP/2.0"},
                          {"0 sip.response_line", "-"},
                          {"0 sip.via", "SIP/2.0/UDP a.test"},
                          {"0 sip.via#1", "SIP/2.0/UDP b.test"},
                          {"0 sip.from", "<sip:alice@example.test>"},
                          {"0 sip.to", "Bob"},
                          {"0 sip.user_agent", "phone\r\n 1.0"},
                          {"0 sip.header#3", "TO : Bob"},
                          {"0 sip.content_length", "4"},
                          {"0 sip.body", "body"},
                          {"0 sip.body_length", "4"},
                          {"0 sip.header_count", "6"},
                          {"0 sip.longest_header", "27"}}},
                    Case{"Response",
                         {server(kRinging)},
                         {{"0 server sip.stat_code", "180"},
                          {"0 server sip.stat_msg", "Ringing now"},
                          {"0 server sip.protocol", "SIP/2.0"},
                          {"0 server sip.response_line", "SIP/2.0 180 Ringing now"},
                          {"0 server sip.method", "-"}}},
                    Case{"Several",
                         {client(kInvite + "\r\n\r\n" + kInvite), server(kRinging + kRinging)},
                         {{"1 sip.body", "body"}, {"3 server sip.stat_code", "180"}},
                         {},
                         4},
                    Case{"LineFeedsAlone", {client("OPTIONS sip:a SIP/2.0\nTo: b\n\n")}, {{"0 sip.to", "b"}}},
                    Case{"NoReason",
                         {server("SIP/2.0 200\r\n\r\n")},
                         {{"0 server sip.stat_code", "200"}, {"0 server sip.stat_msg", "-"}}},
                    Case{"HeaderWithoutColon",
                         {client("BYE sip:a SIP/2.0\r\nnothing\r\n: x\r\n\r\n")},
                         {{"0 sip.header", "nothing"}, {"0 sip.header_count", "2"}},
                         {"sip.invalid_header"}},
                    Case{"LengthNoNumber",
                         {client("BYE sip:a SIP/2.0\r\nl: -1\r\n\r\n")},
                         {{"0 sip.body_length", "-"}},
                         {"sip.invalid_content_length"}},
                    Case{"LengthsDiffer",
                         {client("BYE sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nx")},
                         {{"0 sip.body", "x"}},
                         {"sip.invalid_content_length"}},
                    Case{"NoMessage",
                         {client("hello\r\n\r\n")},
                         {{"0 sip.method", "-"}},
                         {"sip.invalid_data"},
                         1,
                         Parsed::malformed},
                    Case{"Gap",
                         {client("BYE sip:a SIP/2.0\r\nTo: b\r\nl: 9"), client("rest\r\n\r\n" + kInvite, 5)},
                         {{"0 sip.to", "b"}, {"1 sip.method", "INVITE"}},
                         {"sip.gap"},
                         2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Sip,
    testing::Values(
        Case{"MessageAtTheLimit",
             {client("BYE sip:a SIP/2.0\r\nl: 483\r\n\r\n" + std::string(483, 'x'))},
             {{"0 sip.body", std::string(483, 'x')}},
             {},
             1,
             Parsed::more,
             {512}},
        Case{
            "BodyTooLong",
            {client("BYE sip:a SIP/2.0\r\nl: 484\r\n\r\n" + std::string(484, 'x') + kRinging)},
            {{"0 sip.body", std::string(483, 'x')}, {"0 sip.body_length", "484"}, {"1 sip.stat_code", "180"}},
            {"sip.message_limit"},
            2,
            Parsed::more,
            {512}},
        Case{"HeadTooLong",
             {client("BYE sip:a SIP/2.0\r\nTo: " + std::string(600, 'x') + "\r\n\r\n" + kRinging)},
             {{"0 sip.to", std::string(489, 'x')}, {"1 sip.stat_code", "180"}},
             {"sip.message_limit"},
             2,
             Parsed::more,
             {512}},
        Case{"HeadersAtTheLimit",
             {client("BYE sip:a SIP/2.0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\n\r\n")},
             {{"0 sip.header#7", "h:"}},
             {},
             1,
             Parsed::more,
             {512, 8}},
        Case{"TooManyHeaders",
             {client("BYE sip:a SIP/2.0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\ni:\r\n\r\n")},
             {{"0 sip.header#8", "-"}, {"0 sip.header_count", "9"}},
             {"sip.header_limit"},
             1,
             Parsed::more,
             {512, 8}}),
    by_name);

const std::string kDescription =
    "v=0\r\no=me 1 2 IN IP4 10.0.0.1\r\ns=call\r\nt=1 2\r\na=x\r\nm=audio 3 RTP/AVP 0\r\ni=sound\r\n"
    "a=y\r\nm=video 4\r\n";
std::string with_description(const std::string& type) {
  return "INVITE sip:a SIP/2.0\r\nc: " + type + "\r\nl: " + std::to_string(kDescription.size()) + "\r\n\r\n" +
         kDescription;
}

INSTANTIATE_TEST_SUITE_P(
    Descriptions, Sip,
    testing::Values(Case{"Read",
                         {client(with_description("application/SDP; x"))},
                         {{"0 sdp.origin", "me 1 2 IN IP4 10.0.0.1"},
                          {"0 sdp.session_name", "call"},
                          {"0 sdp.session_info", "-"},
                          {"0 sdp.time", "1 2"},
                          {"0 sdp.attribute", "x"},
                          {"0 sdp.attribute#1", "-"},
                          {"0 sdp.media.media#1", "video 4"},
                          {"0 sdp.media.media_info", "sound"}}},
                    Case{"OfAnotherType", {client(with_description("text/plain"))}, {{"0 sdp.origin", "-"}}},
                    Case{"TooManyLines",
                         {client(with_description("application/sdp"))},
                         {{"0 sdp.media.media", "audio 3 RTP/AVP 0"}, {"0 sdp.media.media#1", "-"}},
                         {"sip.sdp_limit"},
                         1,
                         Parsed::more,
                         {512, 8, 8}}),
    by_name);

class SipDatagram : public testing::TestWithParam<Case> {};

TEST_P(SipDatagram, Tells) { expect_seen(GetParam(), witness(GetParam(), kOverUdp, SIZE_MAX), ""); }

INSTANTIATE_TEST_SUITE_P(
    Messages, SipDatagram,
    testing::Values(Case{"Both",
                         {client(kInvite), server(kRinging)},
                         {{"0 sip.body", "body"}, {"1 server sip.stat_code", "180"}},
                         {},
                         2},
                    Case{"RequestOfServer", {server(kInvite)}, {{"0 server sip.method", "INVITE"}}},
                    Case{"KeepAlive", {client("\r\n\r\n"), client(std::string(4, '\0'))}, {}, {}, 0},
                    Case{"NoLength", {client("MESSAGE sip:a SIP/2.0\r\n\r\ntext")}, {{"0 sip.body", "text"}}},
                    Case{"Cut",
                         {client(kInvite.substr(0, 60))},
                         {{"0 sip.via", "SIP/2.0/UDP a.test"}},
                         {"sip.incomplete_data"}},
                    Case{"BodyCut",
                         {client(kInvite.substr(0, kInvite.size() - 1))},
                         {{"0 sip.body", "bod"}},
                         {"sip.incomplete_data"}},
                    Case{"Strange",
                         {client("x"), client(kInvite)},
                         {{"1 sip.method", "INVITE"}},
                         {"sip.invalid_data"},
                         2}),
    by_name);

struct Opening {
  std::string name;
  std::string bytes;
  Transports transport;
  std::uint16_t port;
  Guess want;
};

class SipProbe : public testing::TestWithParam<Opening> {};

TEST_P(SipProbe, Guesses) {
  const Opening& row = GetParam();
  EXPECT_EQ(describe().probe({.window = as_bytes(row.bytes)},
                             {.transport = row.transport, .server_port = row.port}),
            row.want);
}

INSTANTIATE_TEST_SUITE_P(
    First, SipProbe,
    testing::Values(Opening{"Request", kInvite, kOverUdp, 99, Guess::yes},
                    Opening{"Response", kRinging, kOverUdp, 99, Guess::yes},
                    Opening{"OverTcp", kInvite, kOverTcp, 99, Guess::yes},
                    Opening{"PartOverTcp", "INVITE sip:", kOverTcp, 99, Guess::maybe},
                    Opening{"PartOverUdp", "INVITE sip:", kOverUdp, 99, Guess::no},
                    Opening{"PartOnOwnPort", "INVITE sip:", kOverUdp, 5060, Guess::maybe},
                    Opening{"EmptyLines", "\r\n\r\n" + kInvite, kOverTcp, 99, Guess::yes},
                    Opening{"PortOfDns", kInvite, kOverUdp, 53, Guess::no},
                    Opening{"Http", "GET / HTTP/1.1\r\n", kOverTcp, 99, Guess::no},
                    Opening{"Discovery", "M-SEARCH * HTTP/1.1\r\n\r\n", kOverUdp, 99, Guess::no},
                    Opening{"Rtsp", "OPTIONS rtsp://a RTSP/1.0\r\n", kOverTcp, 99, Guess::no},
                    Opening{"Mail", "MAIL FROM:<a@b.test>\r\n", kOverTcp, 99, Guess::no},
                    Opening{"Tls", "\x16\x03\x01", kOverTcp, 99, Guess::no}),
    by_name);

class Deaf final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
};

TEST(SipParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::string large = "BYE sip:a SIP/2.0\r\nl: 5000\r\n\r\n" + std::string(5000, 'x');
  Deaf sink;
  for (int warm = 0; warm < 2; ++warm) {
    parser->reset({});
    follow(*parser, {client(large + large)}, 700, sink);
  }
  const std::vector<Said> dialogue{client(large + large)};
  const AllocationCounter allocations;
  parser->reset({});
  follow(*parser, dialogue, 700, sink);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(SipParser, MemoryUsedUpIsToldAndGivenBack) {
  constexpr std::array<std::uint64_t, 4> kLittle{65536, 128, 256, 1000};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const SipMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    parser->reset({});
    Witness seen(describe());
    follow(*parser, {client("BYE sip:a SIP/2.0\r\nl: 5000\r\n\r\n" + std::string(5000, 'x') + kRinging)}, 700,
           seen);
    EXPECT_EQ(seen.anomalies, std::set<std::string>{"sip.memory_limit"});
    EXPECT_EQ(seen.value("1 sip.stat_code"), "180");
  }
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace bansoko::proto::sip
