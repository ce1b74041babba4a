// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/redis/redis_parser.h"

namespace bansoko::proto::redis {
const Protocol& describe();

namespace {

std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}
std::string command(const std::vector<std::string>& words) {
  std::string all = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) all += bulk(word);
  return all;
}

class Redis : public testing::TestWithParam<DialogueCase> {};

TEST_P(Redis, Tells) { expect_told(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Commands, Redis,
    testing::Values(
        DialogueCase{"Array",
                     {client(command({"config", "set", "dir", "/root/.ssh"}))},
                     {{"0 redis.command", "CONFIG"},
                      {"0 redis.subcommand", "SET"},
                      {"0 redis.argument", "set"},
                      {"0 redis.argument#2", "/root/.ssh"},
                      {"0 redis.argument#3", "-"},
                      {"0 redis.argument_count", "4"},
                      {"0 redis.argument_length", "3"},
                      {"0 redis.inline", "0"}}},
        DialogueCase{
            "NoArgument",
            {client(command({"PING"}))},
            {{"0 redis.subcommand", "-"}, {"0 redis.argument", "-"}, {"0 redis.argument_length", "-"}}},
        DialogueCase{"EmptyArgument",
                     {client(command({"ECHO", ""}))},
                     {{"0 redis.argument", ""}, {"0 redis.argument_length", "0"}}},
        DialogueCase{"LineEndsWithin",
                     {client(command({"SET", "k", "a\r\n*1\r\n"}))},
                     {{"0 redis.argument#1", "a\r\n*1\r\n"}}},
        DialogueCase{"Pipelined",
                     {client(command({"PING"}) + command({"EVAL", "return 1", "0"}))},
                     {{"0 redis.command", "PING"}, {"1 redis.argument", "return 1"}},
                     {},
                     2},
        DialogueCase{"EmptyArraysPassOver",
                     {client("*0\r\n*-1\r\n" + command({"PING"}))},
                     {{"0 redis.command", "PING"}}},
        // The server passes over two bytes behind a length and an argument, whatever they are.
        DialogueCase{"OtherLineEnds", {client("*2\rX$4\rYECHO??$1\rZa..")}, {{"0 redis.argument", "a"}}},
        DialogueCase{"Line",
                     {client("config  get dir\r\n")},
                     {{"0 redis.command", "CONFIG"},
                      {"0 redis.argument#1", "dir"},
                      {"0 redis.argument_count", "3"},
                      {"0 redis.argument_length", "3"},
                      {"0 redis.inline", "1"}}},
        DialogueCase{"EmptyLines", {client("\r\n\n  \r\nPING\n")}, {{"0 redis.command", "PING"}}},
        DialogueCase{"Quotes",
                     {client("SET \"a \\x41\\n\\\"\" 'b \\'c\\n' d\"e\"\r\n")},
                     {{"0 redis.argument", "a A\n\""},
                      {"0 redis.argument#1", "b 'c\\n"},
                      {"0 redis.argument#2", "de"},
                      {"0 redis.argument_length", "5"}}},
        DialogueCase{"LinesAndArrays",
                     {client("PING\r\n" + command({"ECHO", "a"}) + "PING\r\n")},
                     {{"1 redis.argument", "a"}, {"2 redis.inline", "1"}},
                     {},
                     3}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Refused, Redis,
    testing::Values(
        DialogueCase{
            "QuoteLeftOpen", {client("SET \"a\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        DialogueCase{"QuoteWithinWord",
                     {client("SET \"a\"b\r\n")},
                     {},
                     {"redis.protocol_error"},
                     0,
                     Parsed::malformed},
        DialogueCase{
            "NoLength", {client("*1\r\nPING\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        DialogueCase{"LengthNegative",
                     {client("*2\r\n$4\r\nECHO\r\n$-1\r\n")},
                     {{"0 redis.command", "ECHO"}},
                     {"redis.protocol_error"},
                     1,
                     Parsed::malformed},
        DialogueCase{
            "NoNumber", {client("*1x\r\n$4\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        DialogueCase{
            "ZeroInFront", {client("*01\r\n$4\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        DialogueCase{"CountAtTheLimit", {client("*2147483647\r\n$4\r\nECHO\r\n")}, {}, {}, 0},
        DialogueCase{
            "CountTooLarge", {client("*2147483648\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        DialogueCase{"LongNumber",
                     {client("*" + std::string(30, '1'))},
                     {},
                     {"redis.protocol_error"},
                     0,
                     Parsed::malformed},
        DialogueCase{"LineTooLong",
                     {client(std::string((64 << 10) + 1, 'x'))},
                     {},
                     {"redis.protocol_error"},
                     0,
                     Parsed::malformed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Replies, Redis,
    testing::Values(
        DialogueCase{"Simple",
                     {server("+OK\r\n")},
                     {{"0 server redis.reply", "OK"}, {"0 server redis.reply_type", "43"}}},
        DialogueCase{"Error",
                     {server("-NOAUTH who\r\n")},
                     {{"0 server redis.error", "NOAUTH who"}, {"0 server redis.reply", "-"}}},
        DialogueCase{"Bulk", {server(bulk("a\r\nb"))}, {{"0 server redis.reply", "a\r\nb"}}},
        DialogueCase{"Nothing", {server("$-1\r\n*-1\r\n*0\r\n_\r\n")}, {}, {}, 4},
        DialogueCase{
            "Numbers", {server(":5\r\n,1.5\r\n#t\r\n(9999\r\n")}, {{"0 server redis.reply", "-"}}, {}, 4},
        DialogueCase{
            "Nested",
            {server("*3\r\n*2\r\n" + bulk("a") + "-E\r\n%1\r\n+k\r\n~1\r\n:1\r\n!3\r\nERR\r\n+x\r\n")},
            {{"0 server redis.reply", "a"},
             {"0 server redis.reply#1", "k"},
             {"0 server redis.error", "E"},
             {"0 server redis.error#1", "ERR"},
             {"0 server redis.element_count", "3"},
             {"1 server redis.reply", "x"}},
            {},
            2},
        DialogueCase{"Attribute",
                     {server("|1\r\n+a\r\n+b\r\n+c\r\n>1\r\n+d\r\n")},
                     {{"0 server redis.reply#2", "c"}, {"1 server redis.reply", "d"}},
                     {},
                     2},
        DialogueCase{"ReturnWithin", {server("+a\rb\r\n")}, {{"0 server redis.reply", "a\rb"}}},
        DialogueCase{"Replica",
                     {server("+FULLRESYNC 1 2\r\n$9\r\nREDIS")},
                     {{"0 server redis.reply", "FULLRESYNC 1 2"}}},
        DialogueCase{"HugeCount",
                     {server("*1073741825\r\n:1\r\n"), server("?")},
                     {{"0 server redis.element_count", "1073741825"}},
                     {"redis.unknown_reply"}},
        DialogueCase{"NoReply",
                     {server("hello\r\n+OK\r\n"), client("PING\r\n")},
                     {{"0 redis.command", "PING"}},
                     {"redis.unknown_reply"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Redis,
    testing::Values(
        DialogueCase{"CommandAtTheLimit",
                     {client(command({"SET", std::string(253, 'x')}))},
                     {{"0 redis.argument", std::string(253, 'x')}},
                     {},
                     1,
                     Parsed::more,
                     {256}},
        DialogueCase{"CommandTooLong",
                     {client(command({"SET", std::string(300, 'x'), "y"}) + command({"PING"}))},
                     {{"0 redis.argument", std::string(253, 'x')},
                      {"0 redis.argument#1", ""},
                      {"0 redis.argument_length", "300"},
                      {"1 redis.command", "PING"}},
                     {"redis.command_limit"},
                     2,
                     Parsed::more,
                     {256}},
        DialogueCase{"TooManyArguments",
                     {client(command({"A", "b", "c", "d", "e"}) + "A b c d ee\r\n")},
                     {{"0 redis.argument#2", "d"},
                      {"0 redis.argument#3", "-"},
                      {"0 redis.argument_count", "5"},
                      {"1 redis.argument#2", "d"},
                      {"1 redis.argument_count", "5"}},
                     {"redis.argument_limit"},
                     2,
                     Parsed::more,
                     {256, 4}},
        DialogueCase{"ReplyTooLong",
                     {server(bulk(std::string(70, 'x')))},
                     {{"0 server redis.reply", std::string(64, 'x')}},
                     {"redis.reply_limit"},
                     1,
                     Parsed::more,
                     {256, 4, 64}},
        DialogueCase{
            "DepthAtTheLimit", {server("*1\r\n*1\r\n:1\r\n")}, {}, {}, 1, Parsed::more, {256, 4, 64, 2}},
        DialogueCase{"TooDeep",
                     {server("*1\r\n*1\r\n*1\r\n:1\r\n+OK\r\n")},
                     {},
                     {"redis.reply_depth"},
                     1,
                     Parsed::more,
                     {256, 4, 64, 2}},
        DialogueCase{"BulkAtTheLimit",
                     {client(command({"SET", std::string(1024, 'x')}))},
                     {{"0 redis.argument_length", "1024"}},
                     {"redis.command_limit"},
                     1,
                     Parsed::more,
                     {256, 4, 64, 2, 1024}},
        DialogueCase{"BulkTooLong",
                     {client("*2\r\n$3\r\nSET\r\n$1025\r\nx")},
                     {{"0 redis.argument_length", "1025"}},
                     {"redis.bulk_limit"},
                     1,
                     Parsed::malformed,
                     {256, 4, 64, 2, 1024}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Gaps, Redis,
    testing::Values(DialogueCase{"WithinAnArgument",
                                 {client("*3\r\n$3\r\nSET\r\n$9\r\nabc"), client("xyz\r\n$1\r\nv\r\n", 3)},
                                 {{"0 redis.argument", "abc"}, {"0 redis.argument#1", "v"}},
                                 {"redis.gap"}},
                    DialogueCase{"BeyondIt",
                                 {client("*3\r\n$3\r\nSET\r\n$9\r\nabc"),
                                  client("..\r\n*x\r\n" + command({"ECHO", "a"}), 30)},
                                 {{"0 redis.argument", "abc"}, {"1 redis.command", "ECHO"}},
                                 {"redis.gap"},
                                 2},
                    DialogueCase{"WrongFind",
                                 {client("PI"), client("..\r\n*1\r\nxx\r\n" + command({"ECHO", "a"}), 30)},
                                 {{"0 redis.command", "ECHO"}},
                                 {"redis.gap"}},
                    DialogueCase{"OfTheServer",
                                 {server("+O"), server("OK\r\n", 3), client("PING\r\n")},
                                 {{"1 redis.command", "PING"}},
                                 {"redis.gap"},
                                 2}),
    by_name);

class RedisProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(RedisProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    First, RedisProbe,
    testing::Values(DialogueOpening{"Array", client("*2\r\n$4\r\nLLEN"), 99, Guess::yes},
                    DialogueOpening{"PartOfArray", client("*2\r\n"), 99, Guess::maybe},
                    DialogueOpening{"NoArray", client("*2\r\nx"), 99, Guess::no},
                    DialogueOpening{"Star", client("* OK IMAP4 ready\r\n"), 99, Guess::no},
                    DialogueOpening{"Words", client("config set dir /tmp\r\n"), 99, Guess::yes},
                    DialogueOpening{"PartOfWords", client("ev"), 99, Guess::maybe},
                    DialogueOpening{"OtherWords", client("PING\r\n"), 99, Guess::no},
                    DialogueOpening{"OnPort", client("PING\r\n"), 6379, Guess::yes},
                    DialogueOpening{"EmptyLineOnPort", client("\r\n"), 6379, Guess::yes},
                    DialogueOpening{"JunkOnPort", client("\x01\r\n"), 6379, Guess::maybe},
                    DialogueOpening{"Mail", client("EHLO x\r\n"), 99, Guess::no},
                    DialogueOpening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no},
                    DialogueOpening{"Tls", client("\x16\x03\x01\x02"), 99, Guess::no},
                    DialogueOpening{"Denied", server("-DENIED Redis is running"), 99, Guess::yes},
                    DialogueOpening{"Reply", server("+OK\r\n"), 6379, Guess::yes},
                    DialogueOpening{"MailBox", server("+OK POP3\r\n"), 110, Guess::no},
                    DialogueOpening{"ImapServer", server("* OK ready\r\n"), 143, Guess::no},
                    DialogueOpening{"ArrayOfServer", server("*2\r\n:1\r\n"), 99, Guess::yes}),
    by_name);

TEST(RedisParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(
      describe(), {client(command({"SET", std::string(3000, 'x')}) + "GET " + std::string(500, 'y') + "\r\n"),
                   server("+OK\r\n" + bulk(std::string(3000, 'z')))});
}

TEST(RedisParser, MemoryUsedUpIsToldAndGivenBack) {
  const Witness seen =
      in_little_memory<RedisMemory>(describe(), {65536, 16, 4096, 4, 1 << 20, 1000},
                                    {client(command({"SET", std::string(3000, 'x')}) + "PING\r\n")});
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"redis.memory_limit"});
  EXPECT_EQ(seen.value("1 redis.command"), "PING");
}

TEST(RedisParser, WhatIsAtHandIsToldWhenNothingFollows) {
  const LoneParser parser(describe());
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  const std::string begun = "*3\r\n$4\r\nEVAL\r\n$99999\r\npackage.loadlib";
  parser->feed({.last = true, .window = as_bytes(begun)}, seen);
  EXPECT_EQ(seen.value("0 redis.argument"), "package.loadlib");
}

}  // namespace
}  // namespace bansoko::proto::redis
