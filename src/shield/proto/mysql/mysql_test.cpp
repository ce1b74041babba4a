// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_test_case.h"
#include "shield/proto/mysql/message.h"

namespace bansoko::proto::mysql {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string little(std::uint64_t value, unsigned size) {
  std::string bytes;
  for (; size > 0; --size, value >>= 8) bytes += static_cast<char>(value);
  return bytes;
}
std::string packet(int sequence, const std::string& body) {
  return little(body.size(), 3) + static_cast<char>(sequence) + body;
}

constexpr std::uint32_t kServerHas = 0xFFFFFFFF;

std::string greeting(std::uint32_t flags = kServerHas) {
  return packet(0, "\x0a" + "8.0.36\0"s + "conn" + "challeng" + "\0"s + little(flags & 0xFFFF, 2) +
                       "\x21\2\0"s + little(flags >> 16, 2) + "\x15" + std::string(10, '\0') +
                       "challenge two\0"s);
}
constexpr std::uint32_t kNew = protocol_41 | secure_connection | plugin_auth | connect_with_database;

std::string login_body(std::uint32_t flags, const std::string& rest) {
  return little(flags, 4) + little(1 << 24, 4) + "\x21" + std::string(23, '\0') + rest;
}
std::string login(std::uint32_t flags = kNew, const std::string& rest = "root\0\4auth"s + "shop\0plugin\0"s) {
  return packet(1, login_body(flags, rest));
}
std::string command(int number, const std::string& argument) {
  return packet(0, static_cast<char>(number) + argument);
}
std::string error(int sequence, int code, const std::string& text) {
  return packet(sequence, "\xFF" + little(static_cast<std::uint64_t>(code), 2) + text);
}
const std::string kAccepted = packet(2, "\0\0\0\2\0\0\0"s);

class Mysql : public testing::TestWithParam<ShownCase> {};
TEST_P(Mysql, ShowsHoweverItIsCut) { expect_shown(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Greetings, Mysql,
    testing::Values(
        ShownCase{"Version", {server(greeting())}, "s mysql.version", {"8.0.36"}},
        ShownCase{"Protocol", {server(greeting())}, "s mysql.protocol_version", {"10"}},
        ShownCase{"Capabilities", {server(greeting(0x12345678))}, "s mysql.capabilities", {"305419896"}},
        ShownCase{"Version9",
                  {server(packet(0, "\x09" + "3.20.32\0"s + "connchalleng\0"s))},
                  "s mysql.version",
                  {"3.20.32"}},
        ShownCase{
            "Refusal", {server(error(0, 1130, "Host 'x' is not allowed"))}, "s mysql.error_code", {"1130"}},
        ShownCase{"CutShort",
                  {server(packet(0, "\x0a" + "8.0.36\0conn"s))},
                  "s mysql.version",
                  {"8.0.36"},
                  {"s mysql.malformed_greeting"}},
        ShownCase{"UnknownProtocol",
                  {server(packet(0, "\x0b" + "9\0connchalleng\0"s))},
                  "s mysql.protocol_version",
                  {"11"},
                  {"s mysql.malformed_greeting"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Logins, Mysql,
    testing::Values(
        ShownCase{"User", {client(login())}, "c mysql.user", {"root"}},
        ShownCase{"Database", {client(login())}, "c mysql.database", {"shop"}},
        ShownCase{"Plugin", {client(login())}, "c mysql.auth_plugin", {"plugin"}},
        ShownCase{"AuthLength", {client(login())}, "c mysql.auth_length", {"4"}},
        ShownCase{"AuthData", {client(login())}, "c mysql.auth_data", {"auth"}},
        ShownCase{"AuthLengthOfThreeBytes",
                  {client(login(protocol_41 | length_encoded_auth, "u\0\xFC\4\0auth"s))},
                  "c mysql.auth_length",
                  {"4"}},
        ShownCase{"AuthUpToAZero",
                  {client(login(protocol_41 | connect_with_database, "u\0scramble\0db\0"s))},
                  "c mysql.auth_length",
                  {"8"}},
        ShownCase{"AuthBeyondTheEnd",
                  {client(login(protocol_41 | secure_connection, "u\0\5auth"s))},
                  "c mysql.auth_length",
                  {"5"},
                  {"c mysql.auth_length_outside"}},
        ShownCase{
            "HugeAuthLength",
            {client(login(protocol_41 | length_encoded_auth, "u\0\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s))},
            "c mysql.auth_length",
            {"18446744073709551615"},
            {"c mysql.auth_length_outside"}},
        ShownCase{"UserWithoutEnd",
                  {client(login(kNew, std::string(300, 'u')))},
                  "c mysql.user",
                  {std::string(300, 'u')},
                  {"c mysql.malformed_login"}},
        ShownCase{"Old", {client(packet(1, "\5\0\0\0\0root\0scramble"s))}, "c mysql.user", {"root"}},
        ShownCase{"OldWithDatabase",
                  {client(packet(1, "\x0d\0\0\0\0root\0scramble\0db\0"s))},
                  "c mysql.database",
                  {"db"}},
        ShownCase{"OldWithoutEnd",
                  {client(packet(1, "\5\0\0\0\0root"s))},
                  "c mysql.user",
                  {"root"},
                  {"c mysql.malformed_login"}},
        ShownCase{"TooShort", {client(packet(1, "\5"))}, "c mysql.user", {}, {"c mysql.malformed_login"}},
        ShownCase{"Encrypted",
                  {server(greeting()), client(packet(1, login_body(protocol_41 | encrypt, "")) + login())},
                  "c mysql.user",
                  {},
                  {},
                  Parsed::finished},
        ShownCase{"EncryptionIsNotOffered",
                  {server(greeting(~std::uint32_t{encrypt})), client(login(kNew | encrypt))},
                  "c mysql.user",
                  {"root"}},
        ShownCase{"Compressed",
                  {server(greeting()), client(login(kNew | compress)), server(kAccepted),
                   client(command(3, "never seen"))},
                  "c mysql.query",
                  {},
                  {"s mysql.compressed"},
                  Parsed::finished},
        ShownCase{"CompressionIsNotAgreed",
                  {server(greeting(~std::uint32_t{compress})), client(login(kNew | compress)),
                   server(kAccepted), client(command(3, "select"))},
                  "c mysql.query",
                  {"select"}}),
    by_name);

const Sent kLogin = client(login());

INSTANTIATE_TEST_SUITE_P(
    Commands, Mysql,
    testing::Values(
        ShownCase{"Query", {kLogin, client(command(3, "select 1"))}, "c mysql.query", {"select 1"}},
        ShownCase{"Number", {kLogin, client(command(3, "select 1"))}, "c mysql.command", {"3"}},
        ShownCase{"Prepare", {kLogin, client(command(22, "select ?"))}, "c mysql.query", {"select ?"}},
        ShownCase{"Argument", {kLogin, client(command(4, "table\0%"s))}, "c mysql.argument", {"table\0%"s}},
        ShownCase{"NotQuery", {kLogin, client(command(5, "%s"))}, "c mysql.query", {}},
        ShownCase{"InitDatabase", {kLogin, client(command(2, "db"))}, "c mysql.database", {"shop", "db"}},
        ShownCase{"WithoutAttributes",
                  {client(login(kNew | query_attributes)), client(command(3, "\0\1select"s))},
                  "c mysql.query",
                  {"select"}},
        ShownCase{"WithAttributes",
                  {client(login(kNew | query_attributes)), client(command(3, "\1\1\0\1\xfe\0\1n\1vselect"s))},
                  "c mysql.query",
                  {"\1\1\0\1\xfe\0\1n\1vselect"s}},
        ShownCase{"ChangeOfUser",
                  {kLogin, client(command(17, "eve\0\4authdb\0\x21\0plugin\0"s))},
                  "c mysql.user",
                  {"root", "eve"}},
        ShownCase{"ChangeOfUserBeyondTheEnd",
                  {kLogin, client(command(17, "eve\0\xFF"s))},
                  "c mysql.auth_length",
                  {"4", "255"},
                  {"c mysql.auth_length_outside"}},
        ShownCase{
            "Empty", {kLogin, client(packet(0, ""))}, "c mysql.command", {}, {"c mysql.malformed_command"}},
        ShownCase{"AuthenticationIsNoCommand", {kLogin, client(packet(3, "\3select"))}, "c mysql.query", {}},
        ShownCase{"SeenFromTheMiddle", {client(command(3, "select"))}, "c mysql.query", {"select"}},
        ShownCase{"AtTheLimit",
                  {kLogin, client(command(3, std::string(1023, 'q')))},
                  "c mysql.query",
                  {std::string(1023, 'q')}},
        ShownCase{"OverTheLimit",
                  {kLogin, client(command(3, std::string(1024, 'q')) + command(3, "next"))},
                  "c mysql.query",
                  {std::string(1023, 'q'), "next"},
                  {"c mysql.message_limit"}},
        ShownCase{
            "Error", {kLogin, server(error(2, 1045, "#28000Access denied"))}, "s mysql.error_code", {"1045"}},
        ShownCase{
            "State", {kLogin, server(error(2, 1045, "#28000Access denied"))}, "s mysql.sqlstate", {"28000"}},
        ShownCase{"ErrorText",
                  {kLogin, server(error(2, 1045, "#28000Access denied"))},
                  "s mysql.error_message",
                  {"Access denied"}},
        ShownCase{"RowsAreNoErrors",
                  {kLogin, server(kAccepted + packet(1, "\1") + packet(2, std::string(3000, 'r')) +
                                  error(3, 1317, ""))},
                  "s mysql.error_code",
                  {"1317"}},
        ShownCase{
            "Gap", {kLogin, {Side::client, command(3, "select"), 1}}, "c mysql.query", {}, {"c mysql.gap"}}),
    by_name);

/// A message of 16 MiB and more goes on in the next packet.
TEST(MysqlParser, FollowsALongMessage) {
  const std::string huge = "\xFF\xFF\xFF"s + std::string(1, '\0') + "\3" + std::string(0xFFFFFE, 'q');
  const std::vector<Sent> dialogue{kLogin, client(huge + packet(1, "end") + command(3, "next"))};
  const Recorder got = record_dialogue(describe(), dialogue, 1 << 20, {1024, 1 << 20});
  EXPECT_EQ(got.of("c mysql.query"), (Values{std::string(1023, 'q'), "next"}));
  const Recorder wrong = record_dialogue(describe(), {kLogin, client(huge + packet(2, "end"))}, 1 << 20);
  EXPECT_EQ(wrong.anomalies, (Values{"c mysql.message_limit", "c mysql.malformed_header"}));
  EXPECT_EQ(wrong.parsed, Parsed::malformed);
}

TEST(MysqlParser, HandsOverToTls) {
  const std::string request = packet(1, login_body(protocol_41 | encrypt, ""));
  EXPECT_EQ(handed_over_to(describe(), {server(greeting()), client(request + "hello")}), "tls 5");
}

class MysqlProbe : public testing::TestWithParam<Opening> {};
TEST_P(MysqlProbe, Guesses) { expect_taken_for(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Mysql, MysqlProbe,
    testing::Values(Opening{"Nothing", Side::server, "", Guess::maybe},
                    Opening{"Greeting", Side::server, greeting(), Guess::yes},
                    Opening{"GreetingCut", Side::server, greeting().substr(0, 9), Guess::maybe},
                    Opening{"VersionOfLetters", Side::server,
                            packet(0, "\x0a" + "version\0"s + std::string(30, 'c')), Guess::no},
                    Opening{"Refusal", Side::server, error(0, 1130, "Host 'x' is not allowed"), Guess::yes},
                    Opening{"RefusalCut", Side::server,
                            error(0, 1130, "Host 'x' is not allowed").substr(0, 12), Guess::maybe},
                    Opening{"NoErrorOfAServer", Side::server, error(0, 99, "text"), Guess::no},
                    Opening{"Login", Side::client, login(), Guess::yes},
                    Opening{"EncryptionRequest", Side::client,
                            packet(1, login_body(protocol_41 | encrypt, "")), Guess::yes},
                    Opening{"GreetingOfAClient", Side::client, greeting(), Guess::no},
                    Opening{"Command", Side::client, command(3, std::string(50, 's')), Guess::no}),
    by_name);

TEST(MysqlProbe, LeavesOthersAlone) { expect_leaves_others_alone(describe()); }

TEST(MysqlLimits, MemoryIsGivenBack) {
  expect_memory_given_back(describe(), {kLogin, client(command(3, std::string(4000, 'x')))},
                           "c mysql.memory_limit");
}

TEST(MysqlParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(describe(), {server(greeting()), kLogin, server(kAccepted),
                                              client(command(3, std::string(2000, 'x')))});
}

}  // namespace
}  // namespace bansoko::proto::mysql
