// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_test_case.h"
#include "shield/proto/tns/message.h"

namespace bansoko::proto::tns {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string big16(std::size_t value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }
std::string packet(int type, const std::string& body) {
  return big16(body.size() + 8) + "\0\0"s + static_cast<char>(type) + "\0\0\0"s + body;
}
std::string long_packet(int type, const std::string& body) {
  return big16(0) + big16(body.size() + 8) + static_cast<char>(type) + "\0\0\0"s + body;
}

struct Connect {
  std::string text;
  std::size_t length;
  std::size_t offset = 58;
};
std::string connect_with(const Connect& asked) {
  return packet(1, big16(318) + big16(300) + "\x0c\x41"s + big16(8192) + "\x7f\xff\xc6\x0e\0\0\1\0"s +
                       big16(asked.length) + big16(asked.offset) + std::string(30, '\0') + asked.text);
}
std::string connect_packet(const std::string& text) { return connect_with({text, text.size()}); }
std::string data_packet(const std::string& text) { return packet(6, "\0\0"s + text); }
std::string accept_packet(std::size_t version) {
  return packet(2, big16(version) + "\0\0"s + big16(4096) + std::string(10, '\0'));
}
std::string refuse_packet(const std::string& text, std::size_t excess = 0) {
  return packet(4, "\x22\0"s + big16(text.size() + excess) + text);
}

const std::string kLogin =
    "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=orcl)(CID=(PROGRAM=sqlplus)(HOST=h)(USER=scott))))";
const std::string kRegister = "(CONNECT_DATA=(COMMAND=service_register_NSGR))";

class Tns : public testing::TestWithParam<ShownCase> {};
TEST_P(Tns, ShowsHoweverItIsCut) { expect_shown(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Connects, Tns,
    testing::Values(
        ShownCase{"ConnectData", {client(connect_packet(kLogin))}, "c tns.connect_data", {kLogin}},
        ShownCase{"Length", {client(connect_packet(kRegister))}, "c tns.connect_data_length", {"46"}},
        ShownCase{"Version", {client(connect_packet(kLogin))}, "c tns.version", {"318"}},
        ShownCase{"Compatible", {client(connect_packet(kLogin))}, "c tns.compatible_version", {"300"}},
        ShownCase{"Sdu", {client(connect_packet(kLogin))}, "c tns.sdu", {"8192"}},
        ShownCase{"Service", {client(connect_packet(kLogin))}, "c tns.service_name", {"orcl"}},
        ShownCase{"Program", {client(connect_packet(kLogin))}, "c tns.program", {"sqlplus"}},
        ShownCase{"User", {client(connect_packet(kLogin))}, "c tns.user", {"scott"}},
        ShownCase{"NoCommand", {client(connect_packet(kLogin))}, "c tns.command", {}},
        ShownCase{"Command", {client(connect_packet(kRegister))}, "c tns.command", {"service_register_NSGR"}},
        ShownCase{"CommandWithBlanks",
                  {client(connect_packet("(CONNECT_DATA = ( Command\t=\n status ) )"))},
                  "c tns.command",
                  {"status"}},
        ShownCase{"SeveralCommands",
                  {client(connect_packet("(X=(COMMAND=ping)(COMMAND=stop))"))},
                  "c tns.command",
                  {"ping|stop"}},
        ShownCase{"CommandWithoutEnd", {client(connect_packet("(COMMAND=st"))}, "c tns.command", {"st"}},
        ShownCase{"AnotherName", {client(connect_packet("(MYCOMMAND=x)(COMMANDS=y)"))}, "c tns.command", {}},
        ShownCase{"Sid", {client(connect_packet("(CONNECT_DATA=(SID=ORA1))"))}, "c tns.sid", {"ORA1"}},
        ShownCase{"InTheNextPacket",
                  {client(connect_with({"", kRegister.size()}) + data_packet(kRegister))},
                  "c tns.command",
                  {"service_register_NSGR"}},
        ShownCase{"InSeveralPackets",
                  {client(connect_with({"", 10}) + data_packet("(SID=a)") + data_packet("(X=later)"))},
                  "c tns.connect_data",
                  {"(SID=a)", "(X="}},
        ShownCase{"NoneIsStated", {client(connect_with({"x", 0}))}, "c tns.connect_data", {}},
        ShownCase{"LongerThanThePacket",
                  {client(connect_with({"(SID=a)", 8}))},
                  "c tns.connect_data",
                  {"(SID=a)"},
                  {"c tns.connect_data_outside"}},
        ShownCase{"BehindThePacket",
                  {client(connect_with({"(SID=a)", 7, 66}))},
                  "c tns.connect_data",
                  {},
                  {"c tns.connect_data_outside"}},
        ShownCase{"WithinTheHeader",
                  {client(connect_with({"(SID=a)", 7, 7}))},
                  "c tns.connect_data",
                  {},
                  {"c tns.connect_data_outside"}},
        ShownCase{
            "CutShort", {client(packet(1, big16(318)))}, "c tns.version", {}, {"c tns.malformed_packet"}}),
    by_name);

const std::string kRefusal = "(DESCRIPTION=(ERR=12514)(VSNNUM=0))";

INSTANTIATE_TEST_SUITE_P(
    Answers, Tns,
    testing::Values(
        ShownCase{"Accept", {server(accept_packet(314))}, "s tns.version", {"314"}},
        ShownCase{"AcceptedSdu", {server(accept_packet(314))}, "s tns.sdu", {"4096"}},
        ShownCase{"AcceptCutShort",
                  {server(packet(2, big16(314)))},
                  "s tns.version",
                  {},
                  {"s tns.malformed_packet"}},
        ShownCase{"Refusal", {server(refuse_packet(kRefusal))}, "s tns.refuse_data", {kRefusal}},
        ShownCase{"Error", {server(refuse_packet(kRefusal))}, "s tns.error", {"12514"}},
        ShownCase{"RefusalStatesMore",
                  {server(refuse_packet(kRefusal, 1))},
                  "s tns.refuse_data",
                  {kRefusal},
                  {"s tns.malformed_packet"}},
        ShownCase{"RefusalWithoutNumber", {server(refuse_packet("(ERR=x)"))}, "s tns.error", {}},
        ShownCase{"Redirect", {server(packet(5, big16(3) + "abc"))}, "s tns.redirect_data", {"abc"}},
        ShownCase{"ConnectsAgain",
                  {client(connect_packet(kLogin)), server(packet(11, "")), client(connect_packet(kLogin))},
                  "c tns.type",
                  {"1", "1"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Packets, Tns,
    testing::Values(
        ShownCase{"Data", {client(data_packet("\3\x76"))}, "c tns.data", {"\3\x76"}},
        ShownCase{"DataOfTheServer", {server(data_packet("x"))}, "s tns.data", {"x"}},
        ShownCase{"DataWithoutFlags", {client(packet(6, "x"))}, "c tns.data", {}, {"c tns.malformed_packet"}},
        ShownCase{"LongSizes",
                  {client(connect_packet(kLogin)), server(accept_packet(315) + long_packet(6, "\0\0ok"s)),
                   client(long_packet(6, "\0\0"s + "one") + long_packet(6, "\0\0"s + "two"))},
                  "c tns.data",
                  {"one", "two"}},
        ShownCase{"LongSizesSeenFromTheMiddle", {client(long_packet(6, "\0\0"s + "x"))}, "c tns.data", {"x"}},
        ShownCase{"AtTheLimit", {client(data_packet(std::string(1022, 'd')))}, "c tns.size", {"1024"}},
        ShownCase{"OverTheLimit",
                  {client(data_packet(std::string(1023, 'd')) + data_packet("next"))},
                  "c tns.data",
                  {std::string(1022, 'd'), "next"},
                  {"c tns.message_limit"}},
        ShownCase{"NoSuchType",
                  {client(packet(20, ""))},
                  "c tns.type",
                  {},
                  {"c tns.malformed_header"},
                  Parsed::malformed},
        ShownCase{"ShorterThanItsHeader",
                  {client("\0\7\0\0\1\0\0\0"s)},
                  "c tns.type",
                  {},
                  {"c tns.malformed_header"},
                  Parsed::malformed},
        ShownCase{"Gap",
                  {client(connect_packet(kLogin)), {Side::client, data_packet("x"), 1}},
                  "c tns.data",
                  {},
                  {"c tns.gap"}}),
    by_name);

class TnsProbe : public testing::TestWithParam<Opening> {};
TEST_P(TnsProbe, Guesses) { expect_taken_for(describe(), GetParam()); }

const std::string kSummed = "\0\x63\1\2\1\0\3\4"s + connect_packet(kLogin).substr(8);

INSTANTIATE_TEST_SUITE_P(
    Tns, TnsProbe,
    testing::Values(Opening{"Nothing", Side::client, "", Guess::maybe},
                    Opening{"Connect", Side::client, connect_packet(kLogin), Guess::yes},
                    Opening{"ConnectCut", Side::client, connect_packet(kLogin).substr(0, 20), Guess::maybe},
                    Opening{"ConnectDataApart", Side::client, connect_with({"", 300}), Guess::yes},
                    Opening{"ConnectDataOutside", Side::client, connect_with({"", 300, 59}), Guess::no},
                    Opening{"Checksums", Side::client, kSummed, Guess::no},
                    Opening{"ChecksumsOnOwnPort", Side::client, kSummed, Guess::yes, 1521},
                    Opening{"Data", Side::client, data_packet("x"), Guess::no},
                    Opening{"Accept", Side::server, accept_packet(318), Guess::yes},
                    Opening{"Refusal", Side::server, refuse_packet(kRefusal), Guess::yes},
                    Opening{"RefusalStatesMore", Side::server, refuse_packet(kRefusal, 1), Guess::no},
                    Opening{"Redirect", Side::server, packet(5, big16(3) + "abc"), Guess::yes},
                    Opening{"Resend", Side::server, packet(11, ""), Guess::yes},
                    Opening{"ConnectOfAServer", Side::server, connect_packet(kLogin), Guess::no}),
    by_name);

TEST(TnsProbe, LeavesOthersAlone) { expect_leaves_others_alone(describe()); }

TEST(TnsLimits, MemoryIsGivenBack) {
  expect_memory_given_back(describe(), {client(connect_packet(kLogin) + data_packet(std::string(4000, 'x')))},
                           "c tns.memory_limit");
}

TEST(TnsParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(describe(),
                                 {client(connect_packet(kLogin) + data_packet(std::string(2000, 'x'))),
                                  server(refuse_packet(kRefusal))});
}

}  // namespace
}  // namespace bansoko::proto::tns
