// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/ftp/ftp_parser.h"

namespace bansoko::proto::ftp {
const Protocol& describe();

namespace {

const packet::Address kClientAddress = packet::Address::v4(10, 0, 0, 1);

struct Case {
  std::string name;
  std::vector<Said> dialogue;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::size_t exchanges = 1;
  std::vector<std::string> expected = {};
  Parsed result = Parsed::more;
  std::vector<std::uint64_t> limits = {};
};

class Ftp : public testing::TestWithParam<Case> {};

TEST_P(Ftp, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  for (const std::size_t piece :
       {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{61}}) {
    Witness seen(describe());
    parser->reset({.wanted = ~0ULL, .client = kClientAddress});
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), row.result);
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies) << "in pieces of " << piece;
    EXPECT_EQ(seen.ended.size(), row.exchanges) << "in pieces of " << piece;
    EXPECT_EQ(seen.expected, row.expected) << "in pieces of " << piece;
    for (const auto& [key, value] : row.want)
      EXPECT_EQ(seen.value(key), value) << key << " in pieces of " << piece;
  }
}

const Said kHello = server("220 FTP ready\r\n");

INSTANTIATE_TEST_SUITE_P(
    Commands, Ftp,
    testing::Values(
        Case{"Plain",
             {kHello, client("user me you\r\n"), server("331 who\r\n")},
             {{"0 ftp.command", "USER"},
              {"0 ftp.command_data", "me you"},
              {"0 server ftp.reply", "who"},
              {"0 server ftp.completion_code", "331"},
              {"0 server ftp.reply_received", "1"},
              {"0 ftp.mode", "-"},
              {"0 ftp.bounce", "0"}}},
        Case{"NotLoggedIn",
             {kHello, client("USER a\r\n"), server("331 x\r\n"), client("SYST\r\n")},
             {{"0 ftp.logged_in", "0"}, {"1 ftp.logged_in", "0"}},
             {},
             2},
        Case{"LoggedIn",
             {kHello, client("USER a\r\n"), server("230 x\r\n"), client("SYST\r\n")},
             {{"0 ftp.logged_in", "0"}, {"1 ftp.logged_in", "1"}},
             {},
             2},
        Case{"LoggedOut",
             {kHello, client("USER a\r\n"), server("230 x\r\n"), client("REIN\r\n"), server("220 x\r\n"),
              client("SYST\r\n")},
             {{"1 ftp.logged_in", "1"}, {"2 ftp.logged_in", "0"}},
             {},
             3},
        Case{"BeforeTheGreeting", {client("SYST\r\n")}, {{"0 ftp.logged_in", "0"}}},
        Case{"LoggedInUnknown",
             {kHello, client("SYST\r\n"), server("x\r\n", 7), client("SYST\r\n")},
             {{"1 ftp.logged_in", "-"}},
             {"ftp.gap"},
             2},
        Case{"NoArgument",
             {kHello, client("QUIT\r\n")},
             {{"0 ftp.command", "QUIT"}, {"0 ftp.command_data", "-"}}},
        Case{"LineFeedOnly", {kHello, client("QUIT\nSYST\n")}, {{"1 ftp.command", "SYST"}}, {}, 2},
        Case{"EmptyLine", {kHello, client("\r\n \r\nSYST\r\n")}, {{"0 ftp.command", "SYST"}}},
        Case{"TelnetBeforeAbort",
             {kHello, client("\xff\xf4\xff\xf2"
                             "ABOR\r\n")},
             {{"0 ftp.command", "ABOR"}}},
        Case{"ManyLines",
             {kHello, client("FEAT\r\n"), server("211-Features\r\n EPSV\r\n211-x\r\n220 no\r\n211 End\r\n"),
              client("SYST\r\n"), server("215 UNIX\r\n")},
             {{"0 server ftp.reply", "Features"},
              {"0 server ftp.reply#1", " EPSV"},
              {"0 server ftp.reply#3", "220 no"},
              {"0 server ftp.reply#4", "End"},
              {"0 server ftp.completion_code", "211"},
              {"0 server ftp.completion_code#1", "-"},
              {"1 server ftp.reply", "UNIX"}},
             {},
             2},
        Case{"TwoAnswers",
             {kHello, client("LIST\r\n"), server("150 go\r\n226 done\r\n")},
             {{"0 server ftp.completion_code", "150"}, {"0 server ftp.completion_code#1", "226"}}},
        Case{"Pipelined",
             {kHello, client("USER a\r\nPASS b\r\n"), server("331 x\r\n230 y\r\n")},
             {{"0 server ftp.reply", "x"}, {"1 server ftp.reply", "y"}},
             {},
             2},
        Case{"CodeAlone",
             {kHello, client("NOOP\r\n"), server("200\r\n")},
             {{"0 server ftp.completion_code", "200"}}},
        Case{"AnswerToNothing", {kHello, server("200 x\r\n")}, {}, {"ftp.reply_unmatched"}, 0},
        Case{"Secured",
             {kHello, client("AUTH TLS\r\n"), server("234 go\r\n"), client("\x16\x03\x01\r\n")},
             {{"0 ftp.command", "AUTH"}},
             {},
             1,
             {"then tls"},
             Parsed::finished},
        Case{"NotSecured",
             {kHello, client("AUTH TLS\r\n"), server("534 no\r\n"), client("SYST\r\n")},
             {},
             {},
             2},
        Case{"Gap",
             {kHello, client("USER a\r\nPA"), client("x\r\nSYST\r\n", 5), server("331 x\r\n", 7),
              server("215 y\r\n")},
             {{"1 ftp.command", "SYST"}},
             {"ftp.gap"},
             2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Data, Ftp,
    testing::Values(
        Case{"Active",
             {kHello, client("PORT 10,0,0,1,4,2\r\n"), server("200 ok\r\n"), client("RETR a b\r\n")},
             {{"0 ftp.mode", "1"}, {"0 ftp.dynamic_port", "1026"}, {"0 ftp.bounce", "0"}},
             {},
             2,
             {"ftp-data at client 1026 1 a b"}},
        Case{"Passive",
             {kHello, client("PASV\r\n"), server("227 Entering (172,16,0,9,4,2).\r\n"), client("STOR c\r\n")},
             {{"0 ftp.mode", "2"}, {"0 ftp.dynamic_port", "1026"}, {"0 server ftp.dynamic_port", "1026"}},
             {},
             2,
             {"ftp-data at server 1026 2 c"}},
        Case{"ExtendedActive",
             {kHello, client("EPRT |1|10.0.0.1|1026|\r\n"), server("200 ok\r\n"), client("APPE d\r\n")},
             {{"0 ftp.mode", "1"}, {"0 ftp.dynamic_port", "1026"}},
             {},
             2,
             {"ftp-data at client 1026 2 d"}},
        Case{"ExtendedPassive",
             {kHello, client("EPSV\r\n"), server("229 ok (|||1026|)\r\n"), client("RETR e\r\n")},
             {{"0 ftp.dynamic_port", "1026"}},
             {},
             2,
             {"ftp-data at server 1026 1 e"}},
        Case{"Bounce",
             {kHello, client("PORT 10,0,0,2,4,2\r\n"), server("200 ok\r\n"), client("RETR a\r\n")},
             {{"0 ftp.bounce", "1"}, {"0 ftp.dynamic_port", "1026"}},
             {},
             2},
        Case{"BounceBySix",
             {kHello, client("EPRT |2|2001:db8::1|80|\r\n")},
             {{"0 ftp.bounce", "1"}, {"0 ftp.dynamic_port", "80"}}},
        Case{"NoPort", {kHello, client("RETR a\r\n")}, {}, {}},
        Case{"OncePerPort",
             {kHello, client("PORT 10,0,0,1,4,2\r\nRETR a\r\nRETR b\r\n")},
             {},
             {},
             3,
             {"ftp-data at client 1026 1 a"}},
        Case{"PassiveRefused",
             {kHello, client("PASV\r\n"), server("502 no\r\n"), client("RETR a\r\n")},
             {},
             {},
             2},
        Case{"PortInvalid",
             {kHello, client("PORT 10,0,0,1,4\r\n")},
             {{"0 ftp.bounce", "0"}},
             {"ftp.port_invalid"}},
        Case{"PortTooLarge", {kHello, client("PORT 10,0,0,1,256,2\r\n")}, {}, {"ftp.port_invalid"}},
        Case{"ExtendedInvalid", {kHello, client("EPRT |1|10.0.0|1026|\r\n")}, {}, {"ftp.port_invalid"}},
        Case{"ExtendedFamily", {kHello, client("EPRT |3|10.0.0.1|1026|\r\n")}, {}, {"ftp.port_invalid"}},
        Case{"PassiveInvalid",
             {kHello, client("EPSV\r\n"), server("229 ok (||1026|)\r\n")},
             {},
             {"ftp.port_invalid"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Ftp,
    testing::Values(
        Case{"LineAtTheLimit",
             {kHello, client("USER " + std::string(122, 'x') + "\r\n")},
             {{"0 ftp.command_data", std::string(122, 'x')}},
             {},
             1,
             {},
             Parsed::more,
             {128}},
        Case{"LineTooLong",
             {kHello, client("USER " + std::string(124, 'x') + "\r\nSYST\r\n")},
             {{"0 ftp.command_data", std::string(123, 'x')}, {"1 ftp.command", "SYST"}},
             {"ftp.request_command_too_long"},
             2,
             {},
             Parsed::more,
             {128}},
        Case{"AnswerTooLong",
             {kHello, client("SYST\r\n"), server("215 " + std::string(130, 'x') + "\r\n")},
             {{"0 server ftp.reply", std::string(124, 'x')}},
             {"ftp.response_command_too_long"},
             1,
             {},
             Parsed::more,
             {128}},
        Case{"ReplyTooLarge",
             {kHello, client("HELP\r\n"), server("214-" + std::string(125, 'x') + "\r\ny\r\n214 z\r\n")},
             {{"0 server ftp.reply", std::string(125, 'x')}, {"0 server ftp.reply#1", "-"}},
             {"ftp.reply_limit"},
             1,
             {},
             Parsed::more,
             {4096, 128}},
        Case{"TooManyCommands",
             {kHello, client("A\r\nB\r\nC\r\n"), server("200 a\r\n200 b\r\n200 c\r\n")},
             {{"0 server ftp.reply", "-"}, {"1 server ftp.reply", "b"}, {"2 server ftp.reply", "c"}},
             {"ftp.too_many_commands"},
             3,
             {},
             Parsed::more,
             {4096, 4096, 2}}),
    by_name);

class FtpProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(FtpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    First, FtpProbe,
    testing::Values(DialogueOpening{"User", client("USER x\r\n"), 99, Guess::yes},
                    DialogueOpening{"Part", client("us"), 99, Guess::maybe},
                    DialogueOpening{"Pop", client("USER x\r\n"), 110, Guess::no},
                    DialogueOpening{"NamesItself", server("220 x FTP server\r\n"), 99, Guess::yes},
                    DialogueOpening{"ByPort", server("220-x\r\n"), 21, Guess::yes},
                    DialogueOpening{"CouldBeMail", server("220 x\r\n"), 99, Guess::maybe},
                    DialogueOpening{"Mail", server("220 x ESMTP ftp\r\n"), 99, Guess::maybe},
                    DialogueOpening{"Http", client("GET / "), 21, Guess::no}),
    by_name);

TEST(FtpParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(describe(),
                                 {kHello, client("USER " + std::string(3000, 'x') + "\r\nEPRT |1|bad|1|\r\n"),
                                  server("331-" + std::string(3000, 'y') + "\r\n331 x\r\n")});
}

TEST(FtpParser, MemoryUsedUpIsToldAndGivenBack) {
  const Witness seen = in_little_memory<FtpMemory>(
      describe(), {4096, 4096, 4, 1000}, {kHello, client("USER " + std::string(3000, 'x') + "\r\nSYST\r\n")});
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"ftp.memory_limit"});
  EXPECT_EQ(seen.value("1 ftp.command"), "SYST");
}

}  // namespace
}  // namespace bansoko::proto::ftp
