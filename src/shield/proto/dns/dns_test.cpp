// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dns/record_reader.h"
#include "shield/proto/dns/test_message.h"
#include "shield/proto/message_recorder.h"
#include "tests/cases.h"

namespace bansoko::proto::dns {
const Protocol& describe();

namespace {
using namespace std::string_literals;
using wire::kFirstName;
using wire::name;
using wire::pointer;
using wire::request;
using wire::response;
using wire::TestMessage;
using wire::u16;
using Strings = std::vector<std::string>;

MessageRecorder run(const std::vector<Sent>& dialogue, Transports transport = kOverUdp,
                    std::size_t piece = SIZE_MAX, const std::vector<std::uint64_t>& limits = {}) {
  const LoneParser parser(describe(), limits);
  MessageRecorder seen(describe());
  feed(*parser, dialogue, transport, seen, piece);
  EXPECT_EQ(seen.ended, seen.ids) << "each transaction ends, once";
  return seen;
}

struct Case {
  std::string name;
  std::vector<Sent> dialogue;
  std::string about;
  Strings want;
  Strings anomalies = {};
};

class Dns : public testing::TestWithParam<Case> {};

std::vector<Sent> framed(std::vector<Sent> dialogue) {
  for (Sent& sent : dialogue) sent.bytes = u16(static_cast<unsigned>(sent.bytes.size())) + sent.bytes;
  return dialogue;
}

// Each datagram is also sent over TCP, in pieces of several sizes.
TEST_P(Dns, Tells) {
  const Case& row = GetParam();
  const MessageRecorder datagrams = run(row.dialogue);
  EXPECT_EQ(datagrams.of(row.about), row.want);
  EXPECT_EQ(datagrams.of("!"), row.anomalies);
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    const MessageRecorder stream = run(framed(row.dialogue), kOverTcp, piece);
    EXPECT_EQ(stream.lines, datagrams.lines) << "in pieces of " << piece;
    EXPECT_EQ(stream.ids, datagrams.ids) << "in pieces of " << piece;
  }
}

const TestMessage kTwoQuestions = request("a.test").ask(name("b.test"));
const TestMessage kAllSections = response("Example.Test")
                                     .answer(pointer(kFirstName), 5, "\3www" + pointer(kFirstName))
                                     .answer(name("www.example.test"), 1, "\1\2\3\4")
                                     .authority(pointer(kFirstName), 2, name("ns.example.test"))
                                     .additional(name("ns.example.test"), 1, "\1\2\3\5");

INSTANTIATE_TEST_SUITE_P(
    Names, Dns,
    testing::Values(
        Case{"Query", {client(request("Example.test").bytes())}, "dns.query", {"Example.test"}},
        Case{"Root", {client(request("").bytes())}, "dns.query", {""}},
        Case{"TwoQuestions", {client(kTwoQuestions.bytes())}, "dns.query", {"a.test", "b.test"}},
        Case{"AnswerIsNoQuery",
             {client(request("a.test").bytes()), server(response("a.test").bytes())},
             "dns.query",
             {"a.test"}},
        Case{"QuestionsOfBoth",
             {client(request("a.test").bytes()), server(response("a.test").bytes())},
             "dns.queries.rrname",
             {"a.test", "a.test"}},
        Case{"Answers",
             {client(request("x").bytes()), server(kAllSections.bytes())},
             "dns.answers.rrname",
             {"Example.Test", "www.example.test"}},
        Case{"Authorities",
             {client(request("x").bytes()), server(kAllSections.bytes())},
             "dns.authorities.rrname",
             {"Example.Test"}},
        Case{"Additionals",
             {client(request("x").bytes()), server(kAllSections.bytes())},
             "dns.additionals.rrname",
             {"ns.example.test"}},
        Case{"Response",
             {client(request("x").bytes()), server(kAllSections.bytes())},
             "dns.response.rrname",
             {"Example.Test", "Example.Test", "www.example.test", "Example.Test", "ns.example.test",
              "www.Example.Test", "ns.example.test"}},
        Case{"RequestIsNoResponse", {client(request("x").bytes())}, "dns.response.rrname", {}},
        Case{"AnswerInARequest",
             {client(request("x").answer(name("y"), 1, "1234").bytes())},
             "dns.answers.rrname",
             {"y"}},
        Case{"MailExchange",
             {client(request("x").bytes()),
              server(response("x").answer(pointer(kFirstName), 15, u16(10) + name("mx.test")).bytes())},
             "dns.response.rrname",
             {"x", "x", "mx.test"}},
        Case{"StartOfAuthority",
             {client(request("x").bytes()),
              server(response("x")
                         .authority(pointer(kFirstName), 6, name("ns") + name("admin") + std::string(20, 'x'))
                         .bytes())},
             "dns.response.rrname",
             {"x", "x", "ns"}},
        Case{"UpdateWithoutData",
             {client(
                 TestMessage{.flags = 0x2800}.ask(name("zone"), 6).authority(name("x.zone"), 5, "").bytes())},
             "dns.authorities.rrname",
             {"x.zone"}},
        Case{"TrailingBytes", {client(request("x").raw("junk").bytes())}, "dns.query", {"x"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Numbers, Dns,
    testing::Values(
        Case{"Opcode", {client(TestMessage{.flags = 0x2400}.ask(name("x")).bytes())}, "dns.opcode", {"4"}},
        Case{"ResponseCode",
             {client(request("x").bytes()), server(TestMessage{.flags = 0x8183}.ask(name("x")).bytes())},
             "dns.rcode",
             {"0", "3"}},
        Case{"TypesOfQuestions",
             {client(request("x", 1, 16).ask(name("y"), 28).bytes())},
             "dns.rrtype",
             {"16", "28"}},
        Case{"TypesOfAnswers",
             {client(request("x").bytes()), server(kAllSections.bytes())},
             "dns.rrtype",
             {"1", "5", "1"}},
        Case{
            "NoAnswers", {client(request("x").bytes()), server(response("x").bytes())}, "dns.rrtype", {"1"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Anomalies, Dns,
    testing::Values(
        Case{"ShorterThanAHeader",
             {client("12345678901")},
             "dns.query",
             {},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"HeaderAlone", {client(TestMessage{}.bytes())}, "dns.opcode", {"0"}},
        Case{"QuestionCut",
             {client(TestMessage{.questions = 2, .body = wire::question(name("a")) + "\3b"}.bytes())},
             "dns.query",
             {"a"},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"TypeCut",
             {client(TestMessage{.questions = 1, .body = name("a") + "\0\1\0"s}.bytes())},
             "dns.query",
             {},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"CountsOfMany",
             {client(TestMessage{.questions = 0xFFFF, .body = wire::question(name("a"))}.bytes())},
             "dns.query",
             {"a"},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"RecordCut",
             {client(TestMessage{.answers = 1, .body = name("a") + u16(1) + u16(1)}.bytes())},
             "dns.answers.rrname",
             {},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"DataCut",
             {client(TestMessage{.answers = 1,
                                 .body = name("a") + u16(1) + u16(1) + u16(0) + u16(0) + u16(4) + "123"}
                         .bytes())},
             "dns.answers.rrname",
             {},
             {"dns.malformed_data", "dns.truncated"}},
        Case{"NameBeyondItsData",
             {client(TestMessage{
                 .answers = 1, .body = name("a") + u16(5) + u16(1) + u16(0) + u16(0) + u16(2) + name("long")}
                         .bytes())},
             "dns.answers.rrname",
             {},
             {"dns.malformed_data"}},
        Case{"AuthorityCut",
             {client(TestMessage{.questions = 1, .authorities = 1, .body = wire::question(name("a")) + "\3b"}
                         .bytes())},
             "dns.query",
             {"a"},
             {"dns.invalid_authorities", "dns.truncated"}},
        Case{"AdditionalCut",
             {client(
                 TestMessage{.questions = 1, .additionals = 1, .body = wire::question(name("a"))}.bytes())},
             "dns.query",
             {"a"},
             {"dns.invalid_additionals", "dns.truncated"}},
        Case{"LabelType",
             {client(TestMessage{.questions = 1, .body = "\x41"s + std::string(70, 'a')}.bytes())},
             "dns.query",
             {},
             {"dns.malformed_data", "dns.label_type"}},
        Case{"PointerToItself",
             {client(TestMessage{.questions = 1, .body = wire::question(pointer(12))}.bytes())},
             "dns.query",
             {},
             {"dns.malformed_data", "dns.infinite_loop"}},
        Case{"PointersInACircle",
             {client(TestMessage{.questions = 2,
                                 .body = wire::question(pointer(18)) + wire::question("\1a" + pointer(12))}
                         .bytes())},
             "dns.rrtype",
             {"1", "1"},
             {"dns.name_too_long", "dns.too_many_labels"}},
        Case{"ZFlag",
             {client(TestMessage{.flags = 0x0140}.ask(name("a")).bytes())},
             "dns.query",
             {"a"},
             {"dns.z_flag_set"}},
        Case{"Opcode6", {client(TestMessage{.flags = 0x3000}.ask(name("a")).bytes())}, "dns.query", {"a"}},
        Case{"Opcode7",
             {client(TestMessage{.flags = 0x3800}.ask(name("a")).bytes())},
             "dns.query",
             {"a"},
             {"dns.invalid_opcode"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Roles, Dns,
    testing::Values(Case{"AnswerFromWhoAsks",
                         {client(request("a").bytes()), client(response("a").bytes())},
                         "dns.queries.rrname",
                         {"a", "a"},
                         {"dns.not_request"}},
                    Case{"RequestFromWhoAnswers",
                         {client(request("a", 1).bytes()), server(response("a", 1).bytes()),
                          server(request("b", 2).bytes())},
                         "dns.query",
                         {"a", "b"},
                         {"dns.not_response"}},
                    Case{"AnswerFirst",  // the flow began before we saw it
                         {client(response("a", 1).bytes()), server(request("b", 2).bytes()),
                          client(response("b", 2).bytes())},
                         "dns.query",
                         {"b"},
                         {"dns.unmatched_response"}},
                    Case{"OtherId",
                         {client(request("a", 1).bytes()), server(response("a", 2).bytes())},
                         "dns.queries.rrname",
                         {"a", "a"},
                         {"dns.unmatched_response"}},
                    Case{"AnsweredTwice",
                         {client(request("a").bytes()), server(response("a").bytes()),
                          server(response("a").bytes())},
                         "dns.query",
                         {"a"},
                         {"dns.unmatched_response"}}),
    by_name);

TEST(DnsExchanges, AnAnswerBearsTheNumberOfItsRequest) {
  const MessageRecorder seen =
      run({client(request("a", 7).bytes()), client(request("b", 8).bytes()), server(response("b", 8).bytes()),
           server(response("x", 9).bytes()), server(response("a", 7).bytes())});
  EXPECT_EQ(seen.ids, (std::vector<std::uint64_t>{0, 1, 1, 2, 0}));
}

TEST(DnsExchanges, TheOldestIsForgottenAtTheLimit) {
  const std::vector<Sent> dialogue{client(request("a", 1).bytes()),  client(request("b", 2).bytes()),
                                   client(request("c", 3).bytes()),  server(response("c", 3).bytes()),
                                   server(response("b", 2).bytes()), server(response("a", 1).bytes())};
  EXPECT_EQ(run(dialogue, kOverUdp, SIZE_MAX, {3}).of("!"), Strings{});
  const MessageRecorder seen = run(dialogue, kOverUdp, SIZE_MAX, {2});
  EXPECT_EQ(seen.of("!"), (Strings{"dns.transaction_limit", "dns.unmatched_response"}));
  EXPECT_EQ(seen.ids, (std::vector<std::uint64_t>{0, 1, 2, 2, 1, 3}));
}

TEST(DnsExchanges, WithoutMemoryNoneIsRemembered) {
  const MessageRecorder seen =
      run({client(request("a").bytes()), server(response("a").bytes())}, kOverUdp, SIZE_MAX, {64, 16, 8});
  EXPECT_EQ(seen.of("!"), (Strings{"dns.transaction_limit", "dns.unmatched_response"}));
}

TEST(DnsLimits, Records) {
  TestMessage message = request("0");
  for (int i = 1; i < 17; ++i) message.ask(name(std::to_string(i)));
  const MessageRecorder all = run({client(message.bytes())}, kOverUdp, SIZE_MAX, {64, 17});
  EXPECT_EQ(all.of("dns.query").size(), 17u);
  EXPECT_EQ(all.of("!"), Strings{});
  const MessageRecorder cut = run({client(message.bytes())}, kOverUdp, SIZE_MAX, {64, 16});
  EXPECT_EQ(cut.of("dns.query").size(), 16u);
  EXPECT_EQ(cut.of("!"), Strings{"dns.record_limit"});
}

TEST(DnsLimits, LabelsAndPointersOfAMessage) {
  std::string long_name;
  for (int i = 0; i < 250; ++i) long_name += "\1a";
  TestMessage message = TestMessage{}.ask(long_name + '\0');
  for (std::size_t steps = 250; steps + 251 <= RecordReader::kMostSteps; steps += 251)
    message.ask(pointer(kFirstName));
  const MessageRecorder all = run({client(message.bytes())});
  EXPECT_EQ(all.of("dns.query").size(), message.questions);
  EXPECT_EQ(all.of("!"), Strings{});
  const MessageRecorder cut = run({client(message.ask(pointer(kFirstName)).bytes())});
  EXPECT_EQ(cut.of("dns.query").size(), message.questions - 1);
  EXPECT_EQ(cut.of("!"), Strings{"dns.record_limit"});
}

TEST(DnsLimits, MemoryOfAMessageInParts) {
  const std::string long_one =
      request("early.test").ask(name("late.test")).raw(std::string(3000, 'x')).framed();
  const std::vector<Sent> dialogue{client(long_one), client(request("next.test").framed())};
  EXPECT_EQ(run(dialogue, kOverTcp, 1460).of("!"), Strings{});
  const MessageRecorder seen = run(dialogue, kOverTcp, 20, {64, 16, 64});
  EXPECT_EQ(seen.of("dns.query").back(), "next.test");
  EXPECT_EQ(std::ranges::count(seen.of("!"), "dns.memory_limit"), 1);
}

TEST(DnsStream, Pipelined) {
  const std::string two = request("a.test", 1).framed() + request("b.test", 2).framed();
  EXPECT_EQ(run({client(two)}, kOverTcp).of("dns.query"), (Strings{"a.test", "b.test"}));
}

TEST(DnsStream, EmptyMessagesArePassedOver) {
  EXPECT_EQ(run({client("\0\0"s + request("a.test").framed())}, kOverTcp).of("dns.query"), Strings{"a.test"});
}

TEST(DnsStream, AnUnfinishedMessageIsNotTold) {
  const std::string message = request("a.test").framed();
  EXPECT_EQ(run({client(message.substr(0, message.size() - 1))}, kOverTcp).lines.size(), 0u);
}

struct GapCase {
  std::string name;
  std::vector<Sent> dialogue;
  Strings want;
};
class DnsGap : public testing::TestWithParam<GapCase> {};

TEST_P(DnsGap, GoesOn) {
  const MessageRecorder seen = run(GetParam().dialogue, kOverTcp);
  EXPECT_EQ(seen.of("dns.query"), GetParam().want);
  EXPECT_EQ(seen.of("!"), Strings{"dns.gap"});
}

const std::string kFirst = request("first.test").framed();
const std::string kNext = request("next.test", 2).framed();
constexpr std::uint32_t kHalf = 10;

INSTANTIATE_TEST_SUITE_P(
    Dns, DnsGap,
    testing::Values(
        GapCase{"WithinAMessage",
                {client(kFirst.substr(0, kHalf)), {Side::client, kFirst.substr(kHalf + 3) + kNext, 3}},
                {"next.test"}},
        GapCase{"TheRestOfAMessage",
                {client(kFirst.substr(0, kHalf)),
                 {Side::client, kNext, static_cast<std::uint32_t>(kFirst.size()) - kHalf}},
                {"next.test"}},
        GapCase{
            "BeyondAMessage", {client(kFirst.substr(0, kHalf)), {Side::client, kNext, 1000}}, {"next.test"}},
        GapCase{"IntoTheMiddleOfAMessage",
                {client(kFirst), {Side::client, kFirst.substr(kHalf), 1000}, {Side::client, kNext}},
                {"first.test", "next.test"}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::dns
