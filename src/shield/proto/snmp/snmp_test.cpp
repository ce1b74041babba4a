// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/datagram_test_case.h"

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

class Snmp : public testing::TestWithParam<DatagramCase> {};
TEST_P(Snmp, Tells) { expect_noted(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Messages, Snmp,
    testing::Values(
        DatagramCase{
            "Version1",
            {client(message(0, octets("public") + pdu(0))), server(message(0, octets("public") + pdu(2)))},
            {"client snmp.community public", "client snmp.version 1", "client snmp.pdu_type 0",
             "server snmp.community public", "server snmp.version 1", "server snmp.pdu_type 2"}},
        DatagramCase{"Version2",
                     {client(message(1, octets("x") + pdu(5)))},
                     {"client snmp.community x", "client snmp.version 2", "client snmp.pdu_type 5"}},
        DatagramCase{"LongForm",
                     {client(message(1, octets(std::string(150, 'c')) + pdu(1)))},
                     {"client snmp.community " + std::string(150, 'c'), "client snmp.version 2",
                      "client snmp.pdu_type 1"}},
        DatagramCase{"Trap",
                     {client(kVersion1Trap)},
                     {"client snmp.community public", "client snmp.version 1", "client snmp.pdu_type 4",
                      "client snmp.trap_type 6"}},
        DatagramCase{"Version3",
                     {client(version_3(3, '\0', user("admin"), kScoped))},
                     {"client snmp.usm admin", "client snmp.version 3", "client snmp.pdu_type 0"}},
        DatagramCase{"Encrypted",
                     {client(version_3(3, '\3', user("admin"), octets("secret")))},
                     {"client snmp.usm admin", "client snmp.version 3"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Snmp,
    testing::Values(
        DatagramCase{"NotBer", {client("hello")}, {"client ! snmp.malformed_data"}},
        DatagramCase{"Version4", {client(message(4, ""))}, {"client ! snmp.malformed_data"}},
        DatagramCase{"Wire2IsNoVersion", {client(message(2, ""))}, {"client ! snmp.malformed_data"}},
        DatagramCase{"NegativeVersion", {client(message(-1, ""))}, {"client ! snmp.malformed_data"}},
        DatagramCase{"LengthBeyondTheEnd", {client("\x30\x20\2\1\0"s)}, {"client ! snmp.malformed_data"}},
        DatagramCase{"EndIsMarked", {client("\x30\x80\2\1\0\0\0"s)}, {"client ! snmp.malformed_data"}},
        DatagramCase{"LengthOfNineBytes",
                     {client("\x30\x89\0\0\0\0\0\0\0\0\3\2\1\0"s)},
                     {"client ! snmp.malformed_data"}},
        DatagramCase{"NoPdu",
                     {client(message(1, octets("x")))},
                     {"client ! snmp.malformed_data", "client snmp.community x", "client snmp.version 2"}},
        DatagramCase{"UnknownPdu",
                     {client(message(1, octets("x") + element(0xA9, "")))},
                     {"client ! snmp.malformed_data", "client snmp.community x", "client snmp.version 2"}},
        DatagramCase{
            "SecurityModel",
            {client(version_3(4, '\0', "what", kScoped))},
            {"client ! snmp.unknown_security_model", "client snmp.version 3", "client snmp.pdu_type 0"}},
        DatagramCase{"NoUser",
                     {client(version_3(3, '\0', "what", kScoped))},
                     {"client ! snmp.malformed_data", "client snmp.version 3"}},
        DatagramCase{"OtherVersion",
                     {client(message(0, octets("x") + pdu(0))), client(message(1, octets("x") + pdu(0)))},
                     {"client snmp.community x", "client snmp.version 1", "client snmp.pdu_type 0",
                      "client ! snmp.version_mismatch", "client snmp.community x", "client snmp.version 2",
                      "client snmp.pdu_type 0"}}),
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
                              Guess::maybe},
                    ProbeCase{"OnThePortOfDns", message(0, octets("x") + pdu(0)), 53, Guess::no}),
    by_name);

TEST(SnmpParser, AllocatesNothing) { expect_no_allocation(describe(), {client(kVersion1Trap)}); }

}  // namespace
}  // namespace bansoko::proto::snmp
