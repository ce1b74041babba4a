// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"
#include "shield/proto/message_test_case.h"

namespace bansoko::proto::snmp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string element(int tag, const std::string& content) {
  const auto size = static_cast<char>(content.size());
  return static_cast<char>(tag) + (content.size() < 128 ? ""s : "\x81"s) + size + content;
}
std::string number(int value) { return element(2, std::string(1, static_cast<char>(value))); }
std::string octets(const std::string& text) { return element(4, text); }

std::string pdu(int type) {
  return element(0xA0 + type, number(1) + number(0) + number(0) + element(0x30, ""));
}
std::string message(int version, const std::string& rest) { return element(0x30, number(version) + rest); }

const std::string kVersion1Trap =
    message(0, octets("public") + element(0xA4, element(6, "\x2b\6\1") + element(0x40, "1234") + number(6) +
                                                    number(0) + element(0x43, "\1") + element(0x30, "")));

std::string version_3(int model, char flags, const std::string& parameters, const std::string& data) {
  const std::string global =
      element(0x30, number(1) + element(2, "\0\xFF\xFF"s) + octets({flags}) + number(model));
  return message(3, global + octets(parameters) + data);
}

std::string user(const std::string& name) {
  return element(0x30, octets("engine") + number(1) + number(2) + octets(name) + octets("") + octets(""));
}

const std::string kScoped = element(0x30, octets("engine") + octets("") + pdu(0));

class Snmp : public testing::TestWithParam<MessageCase> {};
TEST_P(Snmp, Tells) {
  MessageCase row = GetParam();
  row.transport = kOverUdp;
  if (row.about.empty())
    row.about = {"!", "snmp.community", "snmp.usm", "snmp.version", "snmp.pdu_type", "snmp.trap_type"};
  expect_noted(describe(), row);
}

INSTANTIATE_TEST_SUITE_P(
    Messages, Snmp,
    testing::Values(
        MessageCase{
            "Version1",
            {client(message(0, octets("public") + pdu(0))), server(message(0, octets("public") + pdu(2)))},
            {"client snmp.community public", "client snmp.version 1", "client snmp.pdu_type 0",
             "server snmp.community public", "server snmp.version 1", "server snmp.pdu_type 2"}},
        MessageCase{"Version2",
                    {client(message(1, octets("x") + pdu(5)))},
                    {"client snmp.community x", "client snmp.version 2", "client snmp.pdu_type 5"}},
        MessageCase{"LongForm",
                    {client(message(1, octets(std::string(150, 'c')) + pdu(1)))},
                    {"client snmp.community " + std::string(150, 'c'), "client snmp.version 2",
                     "client snmp.pdu_type 1"}},
        MessageCase{"Trap",
                    {client(kVersion1Trap)},
                    {"client snmp.community public", "client snmp.version 1", "client snmp.pdu_type 4",
                     "client snmp.trap_type 6"}},
        MessageCase{"Version3",
                    {client(version_3(3, '\0', user("admin"), kScoped))},
                    {"client snmp.usm admin", "client snmp.version 3", "client snmp.pdu_type 0"}},
        MessageCase{"Encrypted",
                    {client(version_3(3, '\3', user("admin"), octets("secret")))},
                    {"client snmp.usm admin", "client snmp.version 3"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Snmp,
    testing::Values(
        MessageCase{"NotBer", {client("hello")}, {"client ! snmp.malformed_data"}},
        MessageCase{"Version4", {client(message(4, ""))}, {"client ! snmp.malformed_data"}},
        MessageCase{"Wire2IsNoVersion", {client(message(2, ""))}, {"client ! snmp.malformed_data"}},
        MessageCase{"NegativeVersion", {client(message(-1, ""))}, {"client ! snmp.malformed_data"}},
        MessageCase{"LengthBeyondTheEnd", {client("\x30\x20\2\1\0"s)}, {"client ! snmp.malformed_data"}},
        MessageCase{"EndIsMarked", {client("\x30\x80\2\1\0\0\0"s)}, {"client ! snmp.malformed_data"}},
        MessageCase{"LengthOfNineBytes",
                    {client("\x30\x89\0\0\0\0\0\0\0\0\3\2\1\0"s)},
                    {"client ! snmp.malformed_data"}},
        MessageCase{"NoPdu",
                    {client(message(1, octets("x")))},
                    {"client ! snmp.malformed_data", "client snmp.community x", "client snmp.version 2"}},
        MessageCase{"UnknownPdu",
                    {client(message(1, octets("x") + element(0xA9, "")))},
                    {"client ! snmp.malformed_data", "client snmp.community x", "client snmp.version 2"}},
        MessageCase{
            "SecurityModel",
            {client(version_3(4, '\0', "what", kScoped))},
            {"client ! snmp.unknown_security_model", "client snmp.version 3", "client snmp.pdu_type 0"}},
        MessageCase{"NoUser",
                    {client(version_3(3, '\0', "what", kScoped))},
                    {"client ! snmp.malformed_data", "client snmp.version 3"}},
        MessageCase{"OtherVersion",
                    {client(message(0, octets("x") + pdu(0))), client(message(1, octets("x") + pdu(0)))},
                    {"client snmp.community x", "client snmp.version 1", "client snmp.pdu_type 0",
                     "client ! snmp.version_mismatch", "client snmp.community x", "client snmp.version 2",
                     "client snmp.pdu_type 0"}}),
    by_name);

const std::vector<std::string> kLengths{"snmp.overrun", "snmp.oid_length"};
std::vector<std::string> lengths(const std::string& overrun, const std::string& oid_length) {
  return {"client snmp.overrun " + overrun, "client snmp.oid_length " + oid_length};
}
std::string asked(const std::string& oid) {
  return message(1, octets("public") + element(0xA0, number(1) + number(0) + number(0) +
                                                         element(0x30, element(0x30, oid + element(5, "")))));
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, Snmp,
    testing::Values(
        MessageCase{"InOrder", {client(asked(element(6, "\x2b\6\1\2\1")))}, lengths("0", "6"), kLengths},
        MessageCase{"BigNumbers",
                    {client(asked(element(6, "\x2b\6\x81\x80\1\x8f\xff\x7f")))},
                    lengths("0", "5"),
                    kLengths},
        MessageCase{"EmptyName", {client(asked(element(6, "")))}, lengths("0", "0"), kLengths},
        MessageCase{
            "NameOf128", {client(asked(element(6, std::string(127, '\1'))))}, lengths("0", "128"), kLengths},
        MessageCase{
            "NameOf129", {client(asked(element(6, std::string(128, '\1'))))}, lengths("0", "129"), kLengths},
        MessageCase{
            "Version3", {client(version_3(3, '\0', user("admin"), kScoped))}, lengths("0", "0"), kLengths},
        MessageCase{"WholeIsLonger", {client("\x30\x20\2\1\0"s)}, lengths("29", "0"), kLengths},
        MessageCase{"OneByteLonger", {client("\x30\4\2\1\0"s)}, lengths("1", "0"), kLengths},
        MessageCase{
            "BytesBehind", {client(asked(element(6, "\x2b")) + "\xff\xff")}, lengths("0", "2"), kLengths},
        MessageCase{"NameBeyondItsVariable", {client(asked("\6\x30\x2b\6\1"))}, lengths("43", "6"), kLengths},
        MessageCase{"FourGigabytes",
                    {client(asked("\6\x84\xff\xff\xff\xff\x2b"))},
                    lengths("4294967292", "4"),
                    kLengths},
        MessageCase{"LengthOfAllBits",
                    {client("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\2\1\0"s)},
                    lengths("18446744073709551612", "0"),
                    kLengths},
        MessageCase{"LengthCutShort", {client(asked("\6\x84\xff"))}, lengths("1", "0"), kLengths},
        MessageCase{"EndIsMarked", {client("\x30\x80\2\5\0\0\0"s)}, lengths("2", "0"), kLengths},
        MessageCase{
            "NestedTooDeep",
            {client(element(
                 0x30,
                 element(0x30,
                         element(0x30,
                                 element(0x30,
                                         element(0x30,
                                                 element(0x30, element(0x30, element(0x30, "\6\x7f"))))))))),
             client(element(
                 0x30,
                 element(0x30,
                         element(0x30,
                                 element(0x30, element(0x30, element(0x30, element(0x30, "\6\x7f"))))))))},
            {"client snmp.overrun 0", "client snmp.oid_length 0", "client snmp.overrun 127",
             "client snmp.oid_length 0"},
            kLengths},
        MessageCase{"NoMessage", {client("hello")}, {}, kLengths}),
    by_name);

class SnmpProbe : public testing::TestWithParam<ProbeCase> {};
TEST_P(SnmpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Snmp, SnmpProbe,
    testing::Values(ProbeCase{"AnyPort", message(0, octets("x") + pdu(0)), 40000, Guess::yes},
                    ProbeCase{"Version3", version_3(3, '\3', user("a"), octets("b")), 161, Guess::yes},
                    ProbeCase{"Empty", "", 161, Guess::maybe},
                    ProbeCase{"LdapBind", "\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0"s, 40000, Guess::no},
                    ProbeCase{"Cut", message(0, octets("x") + pdu(0)).substr(0, 12), 40000, Guess::no},
                    ProbeCase{"CutOnOwnPort", message(0, octets("x") + pdu(0)).substr(0, 12), 161,
                              Guess::yes},
                    ProbeCase{"NoMessageOnOwnPort", "hello", 161, Guess::maybe},
                    ProbeCase{"OnThePortOfDns", message(0, octets("x") + pdu(0)), 53, Guess::no}),
    by_name);

TEST(SnmpParser, AllocatesNothing) { expect_no_allocation(describe(), {client(kVersion1Trap)}); }

}  // namespace
}  // namespace bansoko::proto::snmp
