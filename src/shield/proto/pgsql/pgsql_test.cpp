// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_test_case.h"
#include "shield/proto/pgsql/message.h"

namespace bansoko::proto::pgsql {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string big32(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}
std::string startup(std::uint32_t version, const std::string& rest) {
  return big32(rest.size() + 8) + big32(version) + rest;
}
std::string login(const std::string& parameters = "user\0app\0database\0shop\0"s) {
  return startup(protocol_3, parameters + "\0"s);
}
std::string message(char type, const std::string& body) { return type + big32(body.size() + 4) + body; }
std::string old_login(const std::string& database) {
  const auto room = [](const std::string& text, std::size_t size) {
    return text + std::string(size - text.size(), '\0');
  };
  return startup(protocol_2,
                 room(database, 64) + room("app", 32) + room("-d 5", 64) + room("", 64) + room("", 64));
}
const std::string kSslRequest = startup(ssl_request, "");
const std::string kAccepted = message('R', "\0\0\0\0"s);
const std::string kError = message('E', "SFATAL\0C28P01\0Mpassword authentication failed\0\0"s);

class Pgsql : public testing::TestWithParam<ShownCase> {};
TEST_P(Pgsql, ShowsHoweverItIsCut) { expect_shown(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Startups, Pgsql,
    testing::Values(
        ShownCase{"User", {client(login())}, "c pgsql.user", {"app"}},
        ShownCase{"Database", {client(login())}, "c pgsql.database", {"shop"}},
        ShownCase{"Version", {client(login())}, "c pgsql.version", {"196608"}},
        ShownCase{"DatabaseByTheUser", {client(login("user\0-r/x\0"s))}, "c pgsql.database", {"-r/x"}},
        ShownCase{"EmptyDatabase", {client(login("user\0-r\0database\0\0"s))}, "c pgsql.database", {"-r"}},
        ShownCase{"DatabaseTwice",
                  {client(login("user\0app\0database\0shop\0database\0-r\0"s))},
                  "c pgsql.database",
                  {"shop|-r"}},
        ShownCase{"Options", {client(login("user\0app\0options\0-c a=b\0"s))}, "c pgsql.options", {"-c a=b"}},
        ShownCase{"Parameters", {client(login("user\0app\0"s))}, "c pgsql.parameters", {"user\0app\0\0"s}},
        ShownCase{"WithoutEnd",
                  {client(startup(protocol_3, "user\0app\0"s))},
                  "c pgsql.user",
                  {"app"},
                  {"c pgsql.malformed_startup"}},
        ShownCase{"NameWithoutValue",
                  {client(startup(protocol_3, "user"))},
                  "c pgsql.user",
                  {""},
                  {"c pgsql.malformed_startup"}},
        ShownCase{"BytesBehindTheEnd",
                  {client(login("user\0app\0\0x"s))},
                  "c pgsql.user",
                  {"app"},
                  {"c pgsql.malformed_startup"}},
        ShownCase{"Protocol2",
                  {client(old_login("-r"))},
                  "c pgsql.database",
                  {"-r"},
                  {"c pgsql.old_protocol"},
                  Parsed::finished},
        ShownCase{"Protocol2ByTheUser",
                  {client(old_login(""))},
                  "c pgsql.database",
                  {"app"},
                  {"c pgsql.old_protocol"},
                  Parsed::finished},
        ShownCase{"Protocol2Cut",
                  {client(startup(protocol_2, "db"))},
                  "c pgsql.database",
                  {},
                  {"c pgsql.malformed_startup", "c pgsql.old_protocol"},
                  Parsed::finished},
        ShownCase{"UnknownVersion",
                  {client(startup(4U << 16, "x"))},
                  "c pgsql.version",
                  {"262144"},
                  {"c pgsql.malformed_startup"}},
        ShownCase{"Cancel", {client(startup(cancel_request, "12345678"))}, "c pgsql.version", {"80877102"}},
        ShownCase{"TooLong",
                  {client(big32(kLongestStartup + 1) + big32(protocol_3))},
                  "c pgsql.version",
                  {},
                  {"c pgsql.malformed_header"},
                  Parsed::malformed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Encryption, Pgsql,
    testing::Values(
        ShownCase{"Granted",
                  {client(kSslRequest), server("S"), client("\x16\3\1\2\0\1"s)},
                  "c pgsql.version",
                  {"80877103"},
                  {},
                  Parsed::finished},
        ShownCase{"Refused", {client(kSslRequest), server("N"), client(login())}, "c pgsql.user", {"app"}},
        ShownCase{"RefusedTwice",
                  {client(startup(gssenc_request, "")), server("N"), client(kSslRequest), server("N"),
                   client(login()), server(kAccepted)},
                  "s pgsql.authentication",
                  {"0"}},
        ShownCase{
            "AnsweredByAnError", {client(kSslRequest), server(kError)}, "s pgsql.error_code", {"28P01"}},
        ShownCase{"NotAwaited",
                  {client(kSslRequest + login()), server("N" + kAccepted)},
                  "s pgsql.authentication",
                  {"0"},
                  {"c pgsql.unencrypted_behind_request"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Messages, Pgsql,
    testing::Values(
        ShownCase{"Query", {client(login() + message('Q', "select 1\0"s))}, "c pgsql.query", {"select 1"}},
        ShownCase{"Parse",
                  {client(login() + message('P', "s1\0select $1\0\0\0"s))},
                  "c pgsql.query",
                  {"select $1"}},
        ShownCase{"Statement",
                  {client(login() + message('P', "s1\0select\0\0\0"s) + message('B', "\0s1\0\0\0\0\0\0\0"s))},
                  "c pgsql.statement",
                  {"s1", "s1"}},
        ShownCase{"Types",
                  {client(login() + message('Q', "a\0"s) + message('d', "rows") + message('X', ""))},
                  "c pgsql.type",
                  {"0", "81", "88"}},
        ShownCase{"QueryWithoutEnd",
                  {client(login() + message('Q', "select"))},
                  "c pgsql.query",
                  {"select"},
                  {"c pgsql.malformed_message"}},
        ShownCase{"AtTheLimit",
                  {client(login() + message('Q', std::string(1023, 'q') + "\0"s))},
                  "c pgsql.size",
                  {"24", "1024"}},
        ShownCase{"OverTheLimit",
                  {client(login() + message('Q', std::string(1024, 'q') + "\0"s) + message('Q', "next\0"s))},
                  "c pgsql.query",
                  {std::string(1024, 'q'), "next"},
                  {"c pgsql.message_limit"}},
        ShownCase{"NoSuchType",
                  {client(login() + message('@', "x"))},
                  "c pgsql.user",
                  {"app"},
                  {"c pgsql.malformed_header"},
                  Parsed::malformed},
        ShownCase{"ShorterThanItsLength",
                  {client(login() + "Q\0\0\0\3"s)},
                  "c pgsql.user",
                  {"app"},
                  {"c pgsql.malformed_header"},
                  Parsed::malformed},
        ShownCase{"ErrorCode", {server(kError)}, "s pgsql.error_code", {"28P01"}},
        ShownCase{
            "ErrorMessage", {server(kError)}, "s pgsql.error_message", {"password authentication failed"}},
        ShownCase{"ErrorWithoutEnd",
                  {server(message('E', "C28P01\0"s))},
                  "s pgsql.error_code",
                  {"28P01"},
                  {"s pgsql.malformed_message"}},
        ShownCase{"ServerVersion",
                  {server(message('S', "TimeZone\0UTC\0"s) + message('S', "server_version\0"s + "9.2.3\0"s))},
                  "s pgsql.server_version",
                  {"9.2.3"}},
        ShownCase{"Rows",
                  {server(message('D', std::string(3000, 'r')) + message('C', "SELECT 1\0"s))},
                  "s pgsql.type",
                  {"67"}},
        ShownCase{"LongDescription",
                  {server(message('T', std::string(5000, 't')) + kAccepted)},
                  "s pgsql.authentication",
                  {"0"},
                  {"s pgsql.message_limit"}},
        ShownCase{"Gap",
                  {client(login()), {Side::client, message('Q', "select\0"s), 1}},
                  "c pgsql.query",
                  {},
                  {"c pgsql.gap"}}),
    by_name);

TEST(PgsqlParser, HandsOverToTls) {
  EXPECT_EQ(handed_over_to(describe(), {client(kSslRequest), server("S")}), "tls 0");
  EXPECT_EQ(handed_over_to(describe(), {client(startup(gssenc_request, "")), server("G")}), "");
}

class PgsqlProbe : public testing::TestWithParam<Opening> {};
TEST_P(PgsqlProbe, Guesses) { expect_taken_for(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Pgsql, PgsqlProbe,
    testing::Values(Opening{"Nothing", Side::client, "", Guess::maybe},
                    Opening{"Startup", Side::client, login(), Guess::yes},
                    Opening{"StartupCut", Side::client, login().substr(0, 7), Guess::maybe},
                    Opening{"StartupTooLong", Side::client, big32(10001) + big32(protocol_3), Guess::no},
                    Opening{"Request", Side::client, kSslRequest, Guess::yes},
                    Opening{"Cancel", Side::client, startup(cancel_request, "12345678"), Guess::yes},
                    Opening{"CancelTooShort", Side::client, startup(cancel_request, ""), Guess::no},
                    Opening{"Protocol2", Side::client, old_login("db"), Guess::yes},
                    Opening{"Query", Side::client, message('Q', "select\0"s), Guess::no},
                    Opening{"Authentication", Side::server, kAccepted, Guess::yes},
                    Opening{"Error", Side::server, kError, Guess::yes},
                    Opening{"ErrorOfAnotherForm", Side::server, message('E', "xFATAL"), Guess::no},
                    Opening{"StartupOfAServer", Side::server, login(), Guess::no}),
    by_name);

TEST(PgsqlProbe, LeavesOthersAlone) { expect_leaves_others_alone(describe()); }

TEST(PgsqlLimits, MemoryIsGivenBack) {
  expect_memory_given_back(describe(), {client(login() + message('Q', std::string(4000, 'x')))},
                           "c pgsql.memory_limit");
}

TEST(PgsqlParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(describe(), {client(login() + message('Q', std::string(2000, 'x') + "\0"s)),
                                              server(kAccepted + kError)});
}

}  // namespace
}  // namespace bansoko::proto::pgsql
