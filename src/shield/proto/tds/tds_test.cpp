// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_test_case.h"

namespace bansoko::proto::tds {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string little(std::uint64_t value, unsigned size) {
  std::string bytes;
  for (; size > 0; --size, value >>= 8) bytes += static_cast<char>(value);
  return bytes;
}
std::string big16(std::size_t value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }
std::string wide(const std::string& text) {
  std::string bytes;
  for (const char c : text) bytes += c + "\0"s;
  return bytes;
}

std::string packet(int type, const std::string& body, bool is_last = true) {
  return static_cast<char>(type) + (is_last ? "\1"s : "\0"s) + big16(body.size() + 8) + "\0\0\1\0"s + body;
}

/// With a version, an encryption and an instance.
std::string options(char encryption, const std::string& instance, int excess = 0) {
  const std::size_t at = 3 * 5 + 1;
  return "\0"s + big16(at) + big16(6) + "\1" + big16(at + 6) + big16(1) + "\2" + big16(at + 7) +
         big16(instance.size() + static_cast<std::size_t>(excess)) + "\xFF" + "\x0f\0\x08\0\0\0"s +
         encryption + instance;
}
std::string prelogin(char encryption = 2) { return packet(18, options(encryption, "MSSQLServer\0"s)); }
std::string answer(char encryption) { return packet(4, options(encryption, "\0"s)); }

struct Text {
  std::string text;
  int more_offset = 0;
  int more_units = 0;
};

std::string login(std::uint32_t version, const std::vector<Text>& texts, int more_length = 0) {
  std::string pairs;
  std::string data;
  const std::size_t at = 94;
  for (std::size_t i = 0; i < 9; ++i) {
    const Text text = i < texts.size() ? texts[i] : Text{};
    pairs += little(at + data.size() + static_cast<std::size_t>(text.more_offset), 2) +
             little(text.text.size() + static_cast<std::size_t>(text.more_units), 2);
    data += wide(text.text);
  }
  const std::string rest = little(version, 4) + little(4096, 4) + std::string(24, '\0') + pairs +
                           std::string(6, 'm') + std::string(12 + 4, '\0') + data;
  return packet(16, little(rest.size() + 4 + static_cast<std::size_t>(more_length), 4) + rest);
}
const std::uint32_t kNew = 0x74000004, kOld = 0x71000001;
const std::vector<Text> kTexts{{"host"}, {"sa"}, {"pw"}, {"app"}, {"srv"}, {""}, {"ODBC"}, {""}, {"master"}};

const std::string kHeaders = "\x16\0\0\0\x12\0\0\0\2\0\0\0\0\0\0\0\0\0\1\0\0\0"s;

std::string batch(const std::string& sql) { return packet(1, kHeaders + wide(sql)); }

const std::string kCollation = "\x09\4\xd0\0\x34"s;
std::string nvarchar(const std::string& text) {
  return "\0\0\xE7"s + little(8000, 2) + kCollation + little(2 * text.size(), 2) + wide(text);
}
std::string chunks(const std::vector<std::string>& parts) {
  std::string bytes = "\0\0\xE7\xFF\xFF"s + kCollation + std::string(8, '\xFE');
  for (const std::string& part : parts) bytes += little(part.size(), 4) + part;
  return bytes + little(0, 4);
}
const std::string kInteger = "\0\1\x26\4\0"s;  // a null that is passed back
std::string numbered(int id) { return "\xFF\xFF"s + little(static_cast<std::uint64_t>(id), 2) + "\0\0"s; }
std::string named(const std::string& name) { return little(name.size(), 2) + wide(name) + "\0\0"s; }
std::string rpc(const std::string& calls) { return packet(3, kHeaders + calls); }

std::string message(int token, std::uint32_t number) {
  const std::string data = little(number, 4) + "\1\x0e" + "\2\0o\0k\0"s + std::string(6, '\0');
  return static_cast<char>(token) + little(data.size(), 2) + data;
}

class Tds : public testing::TestWithParam<ShownCase> {};
TEST_P(Tds, ShowsHoweverItIsCut) { expect_shown(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Logins, Tds,
    testing::Values(
        ShownCase{"Types",
                  {client(prelogin()), server(answer(2)), client(login(kNew, kTexts)), client(batch("go"))},
                  "c tds.type",
                  {"18", "16", "1"}},
        ShownCase{"Encryption", {client(prelogin(0))}, "c tds.encryption", {"0"}},
        ShownCase{"Version", {client(prelogin())}, "c tds.prelogin_version", {"251660288"}},
        ShownCase{"VersionOfTheServer",
                  {client(prelogin()), server(answer(2))},
                  "s tds.prelogin_version",
                  {"251660288"}},
        ShownCase{"Instance", {client(prelogin())}, "c tds.instance", {"MSSQLServer"}},
        ShownCase{"InstanceBeyondTheEnd",
                  {client(packet(18, options(0, std::string(40, 'A'), 1)))},
                  "c tds.instance",
                  {std::string(40, 'A')},
                  {"c tds.malformed_prelogin"}},
        ShownCase{"OptionsWithoutEnd",
                  {client(packet(18, "\0\0\6\0\0"s))},
                  "c tds.instance",
                  {},
                  {"c tds.malformed_prelogin"}},
        ShownCase{"Host", {client(login(kNew, kTexts))}, "c tds.host", {"host"}},
        ShownCase{"User", {client(login(kNew, kTexts))}, "c tds.user", {"sa"}},
        ShownCase{"Application", {client(login(kNew, kTexts))}, "c tds.application", {"app"}},
        ShownCase{"Server", {client(login(kNew, kTexts))}, "c tds.server", {"srv"}},
        ShownCase{"Library", {client(login(kNew, kTexts))}, "c tds.library", {"ODBC"}},
        ShownCase{"Database", {client(login(kNew, kTexts))}, "c tds.database", {"master"}},
        ShownCase{"TdsVersion", {client(login(kNew, kTexts))}, "c tds.version", {"1946157060"}},
        ShownCase{"PacketSize", {client(login(kNew, kTexts))}, "c tds.packet_size", {"4096"}},
        ShownCase{"LoginTooShort",
                  {client(packet(16, little(85, 4) + std::string(81, '\0')))},
                  "c tds.version",
                  {},
                  {"c tds.malformed_login"}},
        ShownCase{"LoginStatesMore",
                  {client(login(kNew, kTexts, 1))},
                  "c tds.user",
                  {"sa"},
                  {"c tds.malformed_login"}},
        ShownCase{"TextBeyondTheEnd",
                  {client(login(kNew, {{"host"}, {"sa", 0, 1}}))},
                  "c tds.user",
                  {"sa"},
                  {"c tds.login_text_outside"}},
        ShownCase{"TextAtTheEnd", {client(login(kNew, {{"host"}, {"sa"}}))}, "c tds.user", {"sa"}},
        ShownCase{"TextWithinTheFixedPart",
                  {client(login(kNew, {{"a", -60}}))},
                  "c tds.user",
                  {},
                  {"c tds.login_text_outside"}},
        ShownCase{"PasswordBeyondTheEnd",
                  {client(login(kNew, {{"host"}, {"sa"}, {"pw", 4000}}))},
                  "c tds.user",
                  {"sa"},
                  {"c tds.login_text_outside"}},
        ShownCase{"LongestText",
                  {client(login(kNew, {{std::string(128, 'h')}}))},
                  "c tds.host",
                  {std::string(128, 'h')}},
        ShownCase{"TextTooLong",
                  {client(login(kNew, {{std::string(129, 'h')}}))},
                  "c tds.host",
                  {std::string(129, 'h')},
                  {"c tds.login_text_too_long"}},
        ShownCase{"LegacyUser",
                  {client(packet(2, "h"s + std::string(29, '\0') + "\1sa" + std::string(28, '\0') + "\2" +
                                        std::string(200, '\0')))},
                  "c tds.user",
                  {"sa"}},
        ShownCase{"LegacyUserTooLong",
                  {client(packet(2, std::string(30, 'h') + "\x1f" + std::string(31, '\2')))},
                  "c tds.host",
                  {std::string(30, 'h')},
                  {"c tds.login_text_outside"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Statements, Tds,
    testing::Values(
        ShownCase{"Batch", {client(batch("select 1"))}, "c tds.sql", {"select 1"}},
        ShownCase{"Raw", {client(batch("ab"))}, "c tds.sql.raw", {"a\0b\0"s}},
        ShownCase{"SeveralPackets",
                  {client(packet(1, kHeaders + "s\0e"s, false) + packet(1, "\0l\0"s, false) + packet(1, ""))},
                  "c tds.sql",
                  {"sel"}},
        ShownCase{"BeyondAscii",
                  {client(packet(1, kHeaders + "\xe9\0\x42\x30\x3d\xd8\0\xde"s))},
                  "c tds.sql",
                  {"\xc3\xa9\xe3\x81\x82\xf0\x9f\x98\x80"}},
        ShownCase{"HalfAPair",
                  {client(packet(1, kHeaders + "\x3d\xd8\x41\0\0\xde\x42"s))},
                  "c tds.sql",
                  {"\xef\xbf\xbd\x41\xef\xbf\xbd"}},
        ShownCase{"WithoutHeaders", {client(packet(1, wide("drop")))}, "c tds.sql", {"drop"}},
        ShownCase{"OldVersionHasNoHeaders",
                  {client(login(kOld, {})), client(packet(1, "\x16\0\0\0"s))},
                  "c tds.sql",
                  {"\x16\0"s}},
        ShownCase{"SingleByte",
                  {client(packet(2, std::string(504, '\0')) + packet(1, "select 1"))},
                  "c tds.sql",
                  {"select 1"}},
        ShownCase{"AtTheLimit", {client(batch(std::string(501, 'x')))}, "c tds.sql", {std::string(501, 'x')}},
        ShownCase{"OverTheLimit",
                  {client(batch(std::string(502, 'x')) + batch("next"))},
                  "c tds.sql",
                  {std::string(501, 'x'), "next"},
                  {"c tds.message_limit"}},
        ShownCase{"ByNumber",
                  {client(rpc(numbered(10) + nvarchar("select @a") + nvarchar("@a int")))},
                  "c tds.sql",
                  {"select @a"}},
        ShownCase{"Number", {client(rpc(numbered(10) + nvarchar("x")))}, "c tds.procedure_id", {"10"}},
        ShownCase{"ByName",
                  {client(rpc(named("sys.sp_ExecuteSql") + nvarchar("select 2")))},
                  "c tds.sql",
                  {"select 2"}},
        ShownCase{"Name", {client(rpc(named("sp_who") + kInteger))}, "c tds.procedure", {"sp_who"}},
        ShownCase{"ThirdParameter",
                  {client(rpc(numbered(13) + kInteger + nvarchar("@a int") + nvarchar("select 3")))},
                  "c tds.sql",
                  {"select 3"}},
        ShownCase{"DataIsNoStatement", {client(rpc(numbered(12) + nvarchar("data")))}, "c tds.sql", {}},
        ShownCase{
            "InChunks", {client(rpc(numbered(10) + chunks({"s\0e"s, "\0l\0"s})))}, "c tds.sql", {"sel"}},
        ShownCase{"InOneChunk", {client(rpc(numbered(10) + chunks({wide("x")})))}, "c tds.sql.raw", {"x\0"s}},
        ShownCase{"SeveralCalls",
                  {client(rpc(named("sp_who") + "\xFF" + numbered(10) + nvarchar("evil")))},
                  "c tds.sql",
                  {"evil"}},
        ShownCase{"SeveralNames",
                  {client(rpc(named("sp_who") + "\xFF" + named("xp_cmdshell")))},
                  "c tds.procedure",
                  {"sp_who|xp_cmdshell"}},
        ShownCase{"EightCalls",
                  {client(
                      rpc([] {
                        std::string calls;
                        for (int i = 0; i < 9; ++i) calls += numbered(12) + "\xFF";
                        return calls;
                      }()))},
                  "c tds.procedure_id",
                  {"12"},
                  {"c tds.call_limit"}},
        ShownCase{"CallEndsEarly",
                  {client(rpc(numbered(10) + nvarchar("select").substr(0, 18)))},
                  "c tds.sql",
                  {"sel"},
                  {"c tds.malformed_rpc"}},
        ShownCase{"UnknownType",
                  {client(rpc(numbered(10) + "\0\0\xF3"s))},
                  "c tds.sql",
                  {},
                  {"c tds.malformed_rpc"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Results, Tds,
    testing::Values(ShownCase{"Error", {server(packet(4, message(0xAA, 18456)))}, "s tds.error", {"18456"}},
                    ShownCase{"ErrorBehindOthers",
                              {server(packet(4, "\xE3\1\0x"s + message(0xAB, 5701) + message(0xAA, 208)))},
                              "s tds.error",
                              {"208"}},
                    ShownCase{"Notice", {server(packet(4, message(0xAB, 5701)))}, "s tds.notice", {"5701"}},
                    ShownCase{"BehindDone",
                              {client(login(kNew, {})),
                               server(packet(4, "\xFD"s + std::string(12, '\0') + message(0xAA, 102)))},
                              "s tds.error",
                              {"102"}},
                    ShownCase{"NotBehindColumns",
                              {server(packet(4, "\x81\1\0"s + message(0xAA, 102)))},
                              "s tds.error",
                              {}}),
    by_name);

const std::string kTls = "\x17\3\3\0\5secrt"s;

INSTANTIATE_TEST_SUITE_P(
    Streams, Tds,
    testing::Values(ShownCase{"EncryptedFromTheLogin",
                              {client(prelogin(1)), server(answer(1)), client(packet(18, "\x16\3\1\0\1h"s)),
                               client(batch("never seen"))},
                              "c tds.type",
                              {"18", "18"},
                              {},
                              Parsed::finished},
                    ShownCase{"LoginAloneEncrypted",
                              {client(prelogin(0)), server(answer(0)), client(packet(18, "\x16\3\1\0\1h"s)),
                               client(kTls + batch("select 1"))},
                              "c tds.sql",
                              {"select 1"}},
                    ShownCase{"SaysItIsEncryptedAlone",
                              {client(packet(18, "\x16\3\1\0\1h"s) + batch("select 1"))},
                              "c tds.sql",
                              {"select 1"}},
                    ShownCase{"SessionHeaders",
                              {client("S\2\0\0\x10\0\0\0"s + std::string(8, '\0') + "S\x08\0\0\x20\0\0\0"s +
                                      std::string(8, '\0') + batch("select 1"))},
                              "c tds.sql",
                              {"select 1"}},
                    ShownCase{"NoSuchType",
                              {client(batch("a") + packet(99, "x"))},
                              "c tds.sql",
                              {"a"},
                              {"c tds.malformed_header"},
                              Parsed::malformed},
                    ShownCase{"ClientsTypeOfTheServer",
                              {server(packet(1, "x"))},
                              "s tds.type",
                              {},
                              {"s tds.malformed_header"},
                              Parsed::malformed},
                    ShownCase{"ShorterThanItsHeader",
                              {client("\1\1\0\7\0\0\1\0"s)},
                              "c tds.type",
                              {},
                              {"c tds.malformed_header"},
                              Parsed::malformed},
                    ShownCase{"HeaderAlone", {client(packet(6, ""))}, "c tds.type", {"6"}},
                    ShownCase{"GapWithinAMessage",
                              {client(batch("lost").substr(0, 20)), {Side::client, batch("next"), 18}},
                              "c tds.sql",
                              {"next"},
                              {"c tds.gap"}},
                    ShownCase{"GapBeyondAMessage",
                              {client(batch("lost").substr(0, 20)), {Side::client, batch("next"), 19}},
                              "c tds.sql",
                              {},
                              {"c tds.gap"}}),
    by_name);

class TdsProbe : public testing::TestWithParam<Opening> {};
TEST_P(TdsProbe, Guesses) { expect_taken_for(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Tds, TdsProbe,
    testing::Values(
        Opening{"Nothing", Side::client, "", Guess::maybe},
        Opening{"Prelogin", Side::client, prelogin(), Guess::yes},
        Opening{"PreloginCut", Side::client, prelogin().substr(0, 15), Guess::maybe},
        Opening{"Login", Side::client, login(kOld, kTexts), Guess::yes},
        Opening{"LegacyLogin", Side::client, packet(2, std::string(504, '\0')), Guess::yes, 1433},
        Opening{"LegacyLoginElsewhere", Side::client, packet(2, std::string(504, '\0')), Guess::no},
        Opening{"Batch", Side::client, batch("select"), Guess::no},
        Opening{"Answer", Side::server, answer(2), Guess::yes},
        Opening{"Refusal", Side::server, packet(4, message(0xAA, 18456)), Guess::yes},
        Opening{"AnswerOfAClient", Side::client, answer(2), Guess::no},
        Opening{"Window", Side::client, "\x12\1\0\x40\0\0\1\1\0\0\x10\0\6\1\0\x16"s, Guess::no},
        Opening{"DataWithinTheOptions", Side::client, "\x12\1\0\x40\0\0\1\0\0\0\5\0\6\1\0\x16"s, Guess::no}),
    by_name);

TEST(TdsProbe, LeavesOthersAlone) { expect_leaves_others_alone(describe()); }

TEST(TdsLimits, MemoryIsGivenBack) {
  expect_memory_given_back(describe(), {client(batch(std::string(4000, 'x')))}, "c tds.memory_limit");
}

TEST(TdsParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(
      describe(),
      {client(prelogin()), server(answer(2)), client(login(kNew, kTexts)),
       client(batch(std::string(2000, 'x'))), client(rpc(numbered(10) + chunks({"a\0b"s, "\0"s})))});
}

}  // namespace
}  // namespace bansoko::proto::tds
