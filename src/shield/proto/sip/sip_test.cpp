// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/sip/sip_parser.h"

namespace bansoko::proto::sip {
const Protocol& describe();

namespace {

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

class Sip : public testing::TestWithParam<DialogueCase> {};

TEST_P(Sip, TellsOverTcp) { expect_told(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Sip,
    testing::Values(
        DialogueCase{"Request",
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
        DialogueCase{"Response",
                     {server(kRinging)},
                     {{"0 server sip.stat_code", "180"},
                      {"0 server sip.stat_msg", "Ringing now"},
                      {"0 server sip.protocol", "SIP/2.0"},
                      {"0 server sip.response_line", "SIP/2.0 180 Ringing now"},
                      {"0 server sip.method", "-"}}},
        DialogueCase{"Several",
                     {client(kInvite + "\r\n\r\n" + kInvite), server(kRinging + kRinging)},
                     {{"1 sip.body", "body"}, {"3 server sip.stat_code", "180"}},
                     {},
                     4},
        DialogueCase{"LineFeedsAlone", {client("OPTIONS sip:a SIP/2.0\nTo: b\n\n")}, {{"0 sip.to", "b"}}},
        DialogueCase{"NoReason",
                     {server("SIP/2.0 200\r\n\r\n")},
                     {{"0 server sip.stat_code", "200"}, {"0 server sip.stat_msg", "-"}}},
        DialogueCase{"HeaderWithoutColon",
                     {client("BYE sip:a SIP/2.0\r\nnothing\r\n: x\r\n\r\n")},
                     {{"0 sip.header", "nothing"}, {"0 sip.header_count", "2"}},
                     {"sip.invalid_header"}},
        DialogueCase{"LengthNoNumber",
                     {client("BYE sip:a SIP/2.0\r\nl: -1\r\n\r\n")},
                     {{"0 sip.body_length", "-"}},
                     {"sip.invalid_content_length"}},
        DialogueCase{"LengthsDiffer",
                     {client("BYE sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nx")},
                     {{"0 sip.body", "x"}},
                     {"sip.invalid_content_length"}},
        DialogueCase{"NoMessage",
                     {client("hello\r\n\r\n")},
                     {{"0 sip.method", "-"}},
                     {"sip.invalid_data"},
                     1,
                     Parsed::malformed},
        DialogueCase{"Gap",
                     {client("BYE sip:a SIP/2.0\r\nTo: b\r\nl: 9"), client("rest\r\n\r\n" + kInvite, 5)},
                     {{"0 sip.to", "b"}, {"1 sip.method", "INVITE"}},
                     {"sip.gap"},
                     2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Sip,
    testing::Values(
        DialogueCase{"MessageAtTheLimit",
                     {client("BYE sip:a SIP/2.0\r\nl: 483\r\n\r\n" + std::string(483, 'x'))},
                     {{"0 sip.body", std::string(483, 'x')}},
                     {},
                     1,
                     Parsed::more,
                     {512}},
        DialogueCase{
            "BodyTooLong",
            {client("BYE sip:a SIP/2.0\r\nl: 484\r\n\r\n" + std::string(484, 'x') + kRinging)},
            {{"0 sip.body", std::string(483, 'x')}, {"0 sip.body_length", "484"}, {"1 sip.stat_code", "180"}},
            {"sip.message_limit"},
            2,
            Parsed::more,
            {512}},
        DialogueCase{"HeadTooLong",
                     {client("BYE sip:a SIP/2.0\r\nTo: " + std::string(600, 'x') + "\r\n\r\n" + kRinging)},
                     {{"0 sip.to", std::string(489, 'x')}, {"1 sip.stat_code", "180"}},
                     {"sip.message_limit"},
                     2,
                     Parsed::more,
                     {512}},
        DialogueCase{"HeadersAtTheLimit",
                     {client("BYE sip:a SIP/2.0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\ng:\r\nh:\r\n\r\n")},
                     {{"0 sip.header#7", "h:"}},
                     {},
                     1,
                     Parsed::more,
                     {512, 8}},
        DialogueCase{
            "TooManyHeaders",
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
    testing::Values(DialogueCase{"Read",
                                 {client(with_description("application/SDP; x"))},
                                 {{"0 sdp.origin", "me 1 2 IN IP4 10.0.0.1"},
                                  {"0 sdp.session_name", "call"},
                                  {"0 sdp.session_info", "-"},
                                  {"0 sdp.time", "1 2"},
                                  {"0 sdp.attribute", "x"},
                                  {"0 sdp.attribute#1", "-"},
                                  {"0 sdp.media.media#1", "video 4"},
                                  {"0 sdp.media.media_info", "sound"}}},
                    DialogueCase{
                        "OfAnotherType", {client(with_description("text/plain"))}, {{"0 sdp.origin", "-"}}},
                    DialogueCase{"TooManyLines",
                                 {client(with_description("application/sdp"))},
                                 {{"0 sdp.media.media", "audio 3 RTP/AVP 0"}, {"0 sdp.media.media#1", "-"}},
                                 {"sip.sdp_limit"},
                                 1,
                                 Parsed::more,
                                 {512, 8, 8}}),
    by_name);

class SipDatagram : public testing::TestWithParam<DialogueCase> {};

TEST_P(SipDatagram, Tells) { expect_told(describe(), GetParam(), kOverUdp); }

INSTANTIATE_TEST_SUITE_P(
    Messages, SipDatagram,
    testing::Values(DialogueCase{"Both",
                                 {client(kInvite), server(kRinging)},
                                 {{"0 sip.body", "body"}, {"1 server sip.stat_code", "180"}},
                                 {},
                                 2},
                    DialogueCase{"RequestOfServer", {server(kInvite)}, {{"0 server sip.method", "INVITE"}}},
                    DialogueCase{"KeepAlive", {client("\r\n\r\n"), client(std::string(4, '\0'))}, {}, {}, 0},
                    DialogueCase{
                        "NoLength", {client("MESSAGE sip:a SIP/2.0\r\n\r\ntext")}, {{"0 sip.body", "text"}}},
                    DialogueCase{"Cut",
                                 {client(kInvite.substr(0, 60))},
                                 {{"0 sip.via", "SIP/2.0/UDP a.test"}},
                                 {"sip.incomplete_data"}},
                    DialogueCase{"BodyCut",
                                 {client(kInvite.substr(0, kInvite.size() - 1))},
                                 {{"0 sip.body", "bod"}},
                                 {"sip.incomplete_data"}},
                    DialogueCase{"Strange",
                                 {client("x"), client(kInvite)},
                                 {{"1 sip.method", "INVITE"}},
                                 {"sip.invalid_data"},
                                 2}),
    by_name);

class SipProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(SipProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    First, SipProbe,
    testing::Values(DialogueOpening{"Request", client(kInvite), 99, Guess::yes, kOverUdp},
                    DialogueOpening{"Response", client(kRinging), 99, Guess::yes, kOverUdp},
                    DialogueOpening{"OverTcp", client(kInvite), 99, Guess::yes},
                    DialogueOpening{"PartOverTcp", client("INVITE sip:"), 99, Guess::maybe},
                    DialogueOpening{"PartOverUdp", client("INVITE sip:"), 99, Guess::no, kOverUdp},
                    DialogueOpening{"PartOnOwnPort", client("INVITE sip:"), 5060, Guess::maybe, kOverUdp},
                    DialogueOpening{"EmptyLines", client("\r\n\r\n" + kInvite), 99, Guess::yes},
                    DialogueOpening{"PortOfDns", client(kInvite), 53, Guess::no, kOverUdp},
                    DialogueOpening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no},
                    DialogueOpening{"Discovery", client("M-SEARCH * HTTP/1.1\r\n\r\n"), 99, Guess::no,
                                    kOverUdp},
                    DialogueOpening{"Rtsp", client("OPTIONS rtsp://a RTSP/1.0\r\n"), 99, Guess::no},
                    DialogueOpening{"Mail", client("MAIL FROM:<a@b.test>\r\n"), 99, Guess::no},
                    DialogueOpening{"Tls", client("\x16\x03\x01"), 99, Guess::no}),
    by_name);

TEST(SipParser, AllocatesNothingOnceWarm) {
  const std::string large = "BYE sip:a SIP/2.0\r\nl: 5000\r\n\r\n" + std::string(5000, 'x');
  expect_no_allocation_once_warm(describe(), {client(large + large)});
}

TEST(SipParser, MemoryUsedUpIsToldAndGivenBack) {
  const Witness seen = in_little_memory<SipMemory>(
      describe(), {65536, 128, 256, 1000},
      {client("BYE sip:a SIP/2.0\r\nl: 5000\r\n\r\n" + std::string(5000, 'x') + kRinging)});
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"sip.memory_limit"});
  EXPECT_EQ(seen.value("1 sip.stat_code"), "180");
}

}  // namespace
}  // namespace bansoko::proto::sip
