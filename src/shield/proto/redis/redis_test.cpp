// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/redis/redis_parser.h"
#include "shield/proto/test_dialogue.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::redis {
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

std::string bulk(const std::string& text) {
  return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}
std::string command(const std::vector<std::string>& words) {
  std::string all = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) all += bulk(word);
  return all;
}

class Redis : public testing::TestWithParam<Case> {};

TEST_P(Redis, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    Witness seen(describe());
    parser->reset({.wanted = ~0ULL});
    EXPECT_EQ(follow(*parser, row.dialogue, piece, seen), row.result) << "in pieces of " << piece;
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies) << "in pieces of " << piece;
    EXPECT_EQ(seen.ended.size(), row.messages) << "in pieces of " << piece;
    for (const auto& [key, value] : row.want)
      EXPECT_EQ(seen.value(key), value) << key << " in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Commands, Redis,
    testing::Values(
        Case{"Array",
             {client(command({"config", "set", "dir", "/root/.ssh"}))},
             {{"0 redis.command", "CONFIG"},
              {"0 redis.subcommand", "SET"},
              {"0 redis.argument", "set"},
              {"0 redis.argument#2", "/root/.ssh"},
              {"0 redis.argument#3", "-"},
              {"0 redis.argument_count", "4"},
              {"0 redis.argument_length", "3"},
              {"0 redis.inline", "0"}}},
        Case{"NoArgument",
             {client(command({"PING"}))},
             {{"0 redis.subcommand", "-"}, {"0 redis.argument", "-"}, {"0 redis.argument_length", "-"}}},
        Case{"EmptyArgument",
             {client(command({"ECHO", ""}))},
             {{"0 redis.argument", ""}, {"0 redis.argument_length", "0"}}},
        Case{"LineEndsWithin",
             {client(command({"SET", "k", "a\r\n*1\r\n"}))},
             {{"0 redis.argument#1", "a\r\n*1\r\n"}}},
        Case{"Pipelined",
             {client(command({"PING"}) + command({"EVAL", "return 1", "0"}))},
             {{"0 redis.command", "PING"}, {"1 redis.argument", "return 1"}},
             {},
             2},
        Case{"EmptyArraysPassOver",
             {client("*0\r\n*-1\r\n" + command({"PING"}))},
             {{"0 redis.command", "PING"}}},
        // The server passes over two bytes behind a length and an argument, whatever they are.
        Case{"OtherLineEnds", {client("*2\rX$4\rYECHO??$1\rZa..")}, {{"0 redis.argument", "a"}}},
        Case{"Line",
             {client("config  get dir\r\n")},
             {{"0 redis.command", "CONFIG"},
              {"0 redis.argument#1", "dir"},
              {"0 redis.argument_count", "3"},
              {"0 redis.argument_length", "3"},
              {"0 redis.inline", "1"}}},
        Case{"EmptyLines", {client("\r\n\n  \r\nPING\n")}, {{"0 redis.command", "PING"}}},
        Case{"Quotes",
             {client("SET \"a \\x41\\n\\\"\" 'b \\'c\\n' d\"e\"\r\n")},
             {{"0 redis.argument", "a A\n\""},
              {"0 redis.argument#1", "b 'c\\n"},
              {"0 redis.argument#2", "de"},
              {"0 redis.argument_length", "5"}}},
        Case{"LinesAndArrays",
             {client("PING\r\n" + command({"ECHO", "a"}) + "PING\r\n")},
             {{"1 redis.argument", "a"}, {"2 redis.inline", "1"}},
             {},
             3}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Refused, Redis,
    testing::Values(
        Case{"QuoteLeftOpen", {client("SET \"a\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        Case{"QuoteWithinWord",
             {client("SET \"a\"b\r\n")},
             {},
             {"redis.protocol_error"},
             0,
             Parsed::malformed},
        Case{"NoLength", {client("*1\r\nPING\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        Case{"LengthNegative",
             {client("*2\r\n$4\r\nECHO\r\n$-1\r\n")},
             {{"0 redis.command", "ECHO"}},
             {"redis.protocol_error"},
             1,
             Parsed::malformed},
        Case{"NoNumber", {client("*1x\r\n$4\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        Case{"ZeroInFront", {client("*01\r\n$4\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        Case{"CountAtTheLimit", {client("*2147483647\r\n$4\r\nECHO\r\n")}, {}, {}, 0},
        Case{
            "CountTooLarge", {client("*2147483648\r\n")}, {}, {"redis.protocol_error"}, 0, Parsed::malformed},
        Case{"LongNumber",
             {client("*" + std::string(30, '1'))},
             {},
             {"redis.protocol_error"},
             0,
             Parsed::malformed},
        Case{"LineTooLong",
             {client(std::string((64 << 10) + 1, 'x'))},
             {},
             {"redis.protocol_error"},
             0,
             Parsed::malformed}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Replies, Redis,
    testing::Values(
        Case{"Simple",
             {server("+OK\r\n")},
             {{"0 server redis.reply", "OK"}, {"0 server redis.reply_type", "43"}}},
        Case{"Error",
             {server("-NOAUTH who\r\n")},
             {{"0 server redis.error", "NOAUTH who"}, {"0 server redis.reply", "-"}}},
        Case{"Bulk", {server(bulk("a\r\nb"))}, {{"0 server redis.reply", "a\r\nb"}}},
        Case{"Nothing", {server("$-1\r\n*-1\r\n*0\r\n_\r\n")}, {}, {}, 4},
        Case{"Numbers", {server(":5\r\n,1.5\r\n#t\r\n(9999\r\n")}, {{"0 server redis.reply", "-"}}, {}, 4},
        Case{"Nested",
             {server("*3\r\n*2\r\n" + bulk("a") + "-E\r\n%1\r\n+k\r\n~1\r\n:1\r\n!3\r\nERR\r\n+x\r\n")},
             {{"0 server redis.reply", "a"},
              {"0 server redis.reply#1", "k"},
              {"0 server redis.error", "E"},
              {"0 server redis.error#1", "ERR"},
              {"0 server redis.element_count", "3"},
              {"1 server redis.reply", "x"}},
             {},
             2},
        Case{"Attribute",
             {server("|1\r\n+a\r\n+b\r\n+c\r\n>1\r\n+d\r\n")},
             {{"0 server redis.reply#2", "c"}, {"1 server redis.reply", "d"}},
             {},
             2},
        Case{"ReturnWithin", {server("+a\rb\r\n")}, {{"0 server redis.reply", "a\rb"}}},
        Case{"Replica",
             {server("+FULLRESYNC 1 2\r\n$9\r\nREDIS")},
             {{"0 server redis.reply", "FULLRESYNC 1 2"}}},
        Case{"HugeCount",
             {server("*1073741825\r\n:1\r\n"), server("?")},
             {{"0 server redis.element_count", "1073741825"}},
             {"redis.unknown_reply"}},
        Case{"NoReply",
             {server("hello\r\n+OK\r\n"), client("PING\r\n")},
             {{"0 redis.command", "PING"}},
             {"redis.unknown_reply"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Redis,
    testing::Values(
        Case{"CommandAtTheLimit",
             {client(command({"SET", std::string(253, 'x')}))},
             {{"0 redis.argument", std::string(253, 'x')}},
             {},
             1,
             Parsed::more,
             {256}},
        Case{"CommandTooLong",
             {client(command({"SET", std::string(300, 'x'), "y"}) + command({"PING"}))},
             {{"0 redis.argument", std::string(253, 'x')},
              {"0 redis.argument#1", ""},
              {"0 redis.argument_length", "300"},
              {"1 redis.command", "PING"}},
             {"redis.command_limit"},
             2,
             Parsed::more,
             {256}},
        Case{"TooManyArguments",
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
        Case{"ReplyTooLong",
             {server(bulk(std::string(70, 'x')))},
             {{"0 server redis.reply", std::string(64, 'x')}},
             {"redis.reply_limit"},
             1,
             Parsed::more,
             {256, 4, 64}},
        Case{"DepthAtTheLimit", {server("*1\r\n*1\r\n:1\r\n")}, {}, {}, 1, Parsed::more, {256, 4, 64, 2}},
        Case{"TooDeep",
             {server("*1\r\n*1\r\n*1\r\n:1\r\n+OK\r\n")},
             {},
             {"redis.reply_depth"},
             1,
             Parsed::more,
             {256, 4, 64, 2}},
        Case{"BulkAtTheLimit",
             {client(command({"SET", std::string(1024, 'x')}))},
             {{"0 redis.argument_length", "1024"}},
             {"redis.command_limit"},
             1,
             Parsed::more,
             {256, 4, 64, 2, 1024}},
        Case{"BulkTooLong",
             {client("*2\r\n$3\r\nSET\r\n$1025\r\nx")},
             {{"0 redis.argument_length", "1025"}},
             {"redis.bulk_limit"},
             1,
             Parsed::malformed,
             {256, 4, 64, 2, 1024}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Gaps, Redis,
    testing::Values(Case{"WithinAnArgument",
                         {client("*3\r\n$3\r\nSET\r\n$9\r\nabc"), client("xyz\r\n$1\r\nv\r\n", 3)},
                         {{"0 redis.argument", "abc"}, {"0 redis.argument#1", "v"}},
                         {"redis.gap"}},
                    Case{"BeyondIt",
                         {client("*3\r\n$3\r\nSET\r\n$9\r\nabc"),
                          client("..\r\n*x\r\n" + command({"ECHO", "a"}), 30)},
                         {{"0 redis.argument", "abc"}, {"1 redis.command", "ECHO"}},
                         {"redis.gap"},
                         2},
                    Case{"WrongFind",
                         {client("PI"), client("..\r\n*1\r\nxx\r\n" + command({"ECHO", "a"}), 30)},
                         {{"0 redis.command", "ECHO"}},
                         {"redis.gap"}},
                    Case{"OfTheServer",
                         {server("+O"), server("OK\r\n", 3), client("PING\r\n")},
                         {{"1 redis.command", "PING"}},
                         {"redis.gap"},
                         2}),
    by_name);

struct Opening {
  std::string name;
  Said said;
  std::uint16_t port;
  Guess want;
};

class RedisProbe : public testing::TestWithParam<Opening> {};

TEST_P(RedisProbe, Guesses) {
  const Opening& row = GetParam();
  const StreamChunk first{.from = row.said.from, .window = as_bytes(row.said.bytes)};
  EXPECT_EQ(describe().probe(first, {.server_port = row.port}), row.want);
}

INSTANTIATE_TEST_SUITE_P(First, RedisProbe,
                         testing::Values(Opening{"Array", client("*2\r\n$4\r\nLLEN"), 99, Guess::yes},
                                         Opening{"PartOfArray", client("*2\r\n"), 99, Guess::maybe},
                                         Opening{"NoArray", client("*2\r\nx"), 99, Guess::no},
                                         Opening{"Star", client("* OK IMAP4 ready\r\n"), 99, Guess::no},
                                         Opening{"Words", client("config set dir /tmp\r\n"), 99, Guess::yes},
                                         Opening{"PartOfWords", client("ev"), 99, Guess::maybe},
                                         Opening{"OtherWords", client("PING\r\n"), 99, Guess::no},
                                         Opening{"OnPort", client("PING\r\n"), 6379, Guess::yes},
                                         Opening{"EmptyLineOnPort", client("\r\n"), 6379, Guess::yes},
                                         Opening{"JunkOnPort", client("\x01\r\n"), 6379, Guess::maybe},
                                         Opening{"Mail", client("EHLO x\r\n"), 99, Guess::no},
                                         Opening{"Http", client("GET / HTTP/1.1\r\n"), 99, Guess::no},
                                         Opening{"Tls", client("\x16\x03\x01\x02"), 99, Guess::no},
                                         Opening{"Denied", server("-DENIED Redis is running"), 99,
                                                 Guess::yes},
                                         Opening{"Reply", server("+OK\r\n"), 6379, Guess::yes},
                                         Opening{"MailBox", server("+OK POP3\r\n"), 110, Guess::no},
                                         Opening{"ImapServer", server("* OK ready\r\n"), 143, Guess::no},
                                         Opening{"ArrayOfServer", server("*2\r\n:1\r\n"), 99, Guess::yes}),
                         by_name);

class Deaf final : public TransactionSink {
 public:
  void on_progress(Transaction&, Side) noexcept override {}
  void on_end(Transaction&) noexcept override {}
  void on_anomaly(Side, std::size_t) noexcept override {}
};

TEST(RedisParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  const std::vector<Said> dialogue{
      client(command({"SET", std::string(3000, 'x')}) + "GET " + std::string(500, 'y') + "\r\n"),
      server("+OK\r\n" + bulk(std::string(3000, 'z')))};
  Deaf sink;
  for (int warm = 0; warm < 2; ++warm) {
    parser->reset({});
    follow(*parser, dialogue, 700, sink);
  }
  const AllocationCounter allocations;
  parser->reset({});
  follow(*parser, dialogue, 700, sink);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(RedisParser, MemoryUsedUpIsToldAndGivenBack) {
  constexpr std::array<std::uint64_t, 6> kLittle{65536, 16, 4096, 4, 1 << 20, 1000};
  const auto shared = describe().make_shared(kLittle);
  const auto& budget = static_cast<const RedisMemory&>(*shared).budget;
  {
    const auto parser = describe().make_parser(kLittle, shared.get());
    parser->reset({});
    Witness seen(describe());
    follow(*parser, {client(command({"SET", std::string(3000, 'x')}) + "PING\r\n")}, SIZE_MAX, seen);
    EXPECT_EQ(seen.anomalies, std::set<std::string>{"redis.memory_limit"});
    EXPECT_EQ(seen.value("1 redis.command"), "PING");
  }
  EXPECT_EQ(budget.used(), 0u);
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
