// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/dialogue_test_case.h"
#include "shield/proto/smtp/smtp_parser.h"

namespace bansoko::proto::smtp {
const Protocol& describe();

namespace {
using namespace std::string_literals;

class Smtp : public testing::TestWithParam<DialogueCase> {};

TEST_P(Smtp, Tells) { expect_told(describe(), GetParam()); }

const std::string kMail = "MAIL FROM:<a@b>\r\n";
const std::vector<Said> kOpening{server("220 m ESMTP\r\n"),
                                 client("EHLO me.example\r\n"),
                                 server("250-m\r\n250 PIPELINING\r\n"),
                                 client(kMail),
                                 server("250 ok\r\n"),
                                 client("RCPT TO:<c@d> NOTIFY=NEVER\r\n"),
                                 server("250 ok\r\n")};

std::vector<Said> after_opening(std::vector<Said> more) {
  std::vector<Said> all = kOpening;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Said> sent(const std::string& mail) {
  return after_opening({client("DATA\r\n"), server("354 go\r\n"), client(mail + "\r\n.\r\n"),
                        server("250 ok\r\n"), client("QUIT\r\n"), server("221 bye\r\n")});
}

INSTANTIATE_TEST_SUITE_P(
    Envelope, Smtp,
    testing::Values(
        DialogueCase{"Plain",
                     sent("From: X <a@b>\r\n\r\nhello"),
                     {{"0 smtp.helo", "me.example"},
                      {"0 smtp.mail_from", "<a@b>"},
                      {"0 smtp.rcpt_to", "<c@d>"},
                      {"0 email.from", "X <a@b>"},
                      {"0 file.data", "hello"},
                      {"0 file.name", "-"}}},
        DialogueCase{"SeveralRecipients",
                     after_opening({client("rcpt to: <\"e f\"@g>\r\nRCPT TO:h@i\r\n"),
                                    server("250 ok\r\n250 ok\r\n")}),
                     {{"0 smtp.rcpt_to#1", "<\"e f\"@g>"}, {"0 smtp.rcpt_to#2", "h@i"}}},
        DialogueCase{"OnlyGreeting",
                     {server("220 m\r\n"), client("HELO x\r\n"), server("250 m\r\n"), client("QUIT\r\n")},
                     {{"0 smtp.helo", "x"}, {"0 smtp.mail_from", "-"}}},
        DialogueCase{
            "TwoMails",
            {server("220 m\r\n"), client("HELO x\r\n"), server("250 m\r\n"), client(kMail),
             server("250 m\r\n"), client("RSET\r\n"), server("250 m\r\n"), client("MAIL FROM:<>\r\n")},
            {{"0 smtp.mail_from", "<a@b>"}, {"1 smtp.mail_from", "<>"}, {"1 smtp.helo", "x"}},
            {},
            2},
        DialogueCase{"Pipelined",
                     {server("220 m\r\n"), client("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"),
                      server("250 m\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
                      client("\r\nbody\r\n.\r\nMAIL FROM:<e@f>\r\n")},
                     {{"0 file.data", "body"}, {"1 smtp.mail_from", "<e@f>"}},
                     {},
                     2},
        DialogueCase{"NobodyWaitsForData",
                     {server("220 m\r\n"), client("EHLO x\r\nMAIL FROM:<a@b>\r\nDATA\r\n\r\nbody\r\n.\r\n")},
                     {{"0 file.data", "body"}},
                     {"smtp.invalid_pipelined_sequence"}},
        DialogueCase{"DataRefused",
                     {server("220 m\r\n"), client("MAIL FROM:<a@b>\r\n"), server("250 ok\r\n"),
                      client("DATA\r\n"), server("503 no\r\n"), client("RCPT TO:<c@d>\r\n")},
                     {{"0 smtp.rcpt_to", "<c@d>"}},
                     {"smtp.data_command_rejected"}},
        DialogueCase{"DataRefusedAfterItWasSent",
                     {server("220 m\r\n"), client("MAIL FROM:<a@b>\r\n"), server("250 ok\r\n"),
                      client("DATA\r\nSubject: x\r\n"), server("503 no\r\n"), client("MAIL FROM:<c@d>\r\n")},
                     {{"1 smtp.mail_from", "<c@d>"}},
                     {"smtp.data_command_rejected", "smtp.invalid_pipelined_sequence"},
                     2},
        DialogueCase{"Auth",
                     {server("220 m\r\n"), client("AUTH LOGIN\r\n"), server("334 VXNl\r\n"),
                      client("DATA\r\n"), server("334 UGFz\r\n"), client("QUIT\r\n"), server("235 ok\r\n"),
                      client(kMail), server("250 ok\r\n")},
                     {{"0 smtp.mail_from", "<a@b>"}}},
        DialogueCase{"NoWelcome",
                     {server("250 m\r\n"), client(kMail)},
                     {{"0 smtp.mail_from", "<a@b>"}},
                     {"smtp.no_server_welcome_message", "smtp.unable_to_match_reply_with_request"}},
        DialogueCase{"AnswerToNothing",
                     {server("220 m\r\n"), server("250 ok\r\n")},
                     {},
                     {"smtp.unable_to_match_reply_with_request"},
                     0},
        DialogueCase{"NoAnswer", {server("220 m\r\nhello\r\n")}, {}, {"smtp.invalid_reply"}, 0}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Tls, Smtp,
    testing::Values(DialogueCase{"Granted",
                                 {server("220 m\r\n"), client("EHLO x\r\n"), server("250 m\r\n"),
                                  client("STARTTLS\r\n"), server("220 go\r\n"), client("\x16\x03\x01")},
                                 {{"0 smtp.helo", "x"}},
                                 {},
                                 1,
                                 Parsed::finished},
                    DialogueCase{
                        "Refused",
                        {server("220 m\r\n"), client("STARTTLS\r\n"), server("454 no\r\n"), client(kMail)},
                        {{"0 smtp.mail_from", "<a@b>"}},
                        {"smtp.tls_rejected"}},
                    DialogueCase{"AnswerNotSeen",
                                 {server("220 m\r\n"), client("STARTTLS\r\n"), client("\x16\x03\x01")},
                                 {},
                                 {},
                                 0,
                                 Parsed::finished}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Content, Smtp,
    testing::Values(
        DialogueCase{"DotsAreTaken", sent("\r\n..a\r\n.b\r\n..."), {{"0 file.data", ".a\r\nb\r\n.."}}},
        DialogueCase{"EndWithLineFeeds",
                     after_opening({client("DATA\r\n"), server("354 go\r\n"),
                                    client("\r\nx\n.\nMAIL FROM:<s@t>\r\n")}),
                     {{"0 file.data", "x"}, {"1 smtp.mail_from", "<s@t>"}},
                     {"smtp.data_end_ambiguous"},
                     2},
        DialogueCase{"EndAfterALineFeed",
                     after_opening({client("DATA\r\n"), server("354 go\r\n"), client("\r\nx\n.\r\n")}),
                     {{"0 file.data", "x"}},
                     {"smtp.data_end_ambiguous"}},
        DialogueCase{
            "NotOver",
            after_opening({client("DATA\r\n"), server("354 go\r\n"), client("Subject: s\r\n\r\nabc\r\nde")}),
            {{"0 email.subject", "s"}, {"0 file.data", "abc"}},
            {"smtp.file_without_digest"}},
        DialogueCase{"Chunks",
                     after_opening({client(
                         "BDAT 14\r\nSubject: s\r\n\r\nBDAT 3\r\nabcBDAT 2 LAST\r\ndeMAIL FROM:<s@t>\r\n")}),
                     {{"0 email.subject", "s"}, {"0 file.data", "abcde"}, {"1 smtp.mail_from", "<s@t>"}},
                     {},
                     2},
        DialogueCase{"EmptyLastChunk",
                     after_opening({client("bdat 5\r\n\r\nabcBDAT 0 last\r\nNOOP\r\n")}),
                     {{"0 file.data", "abc"}}},
        DialogueCase{
            "ChunkOfNoSize",
            after_opening({client("BDAT x\r\nBDAT\r\nBDAT 99999999999999999999\r\nBDAT 3 FIRST\r\n")}),
            {{"0 smtp.mail_from", "<a@b>"}},
            {"smtp.invalid_bdat"}},
        DialogueCase{"DotInAChunk",
                     after_opening({client("BDAT 7 LAST\r\n\r\n.\r\n..")}),
                     {{"0 file.data", ".\r\n.."}}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Losses, Smtp,
    testing::Values(
        DialogueCase{"InAMail",
                     after_opening({client("DATA\r\n"), server("354 go\r\n"), client("\r\nabc\r\nde"),
                                    client("lost\r\nfg\r\n.\r\n", 10)}),
                     {{"0 file.data", "abc\r\nfg"}},
                     {"smtp.gap", "smtp.file_without_digest"}},
        DialogueCase{
            "TheEndOfAMail",
            after_opening({client("DATA\r\n"), server("354 go\r\n"), client("\r\nabc\r\n"),
                           client("x\r\n", 10), server("250 queued\r\n"), client("MAIL FROM:<s@t>\r\n")}),
            {{"0 file.data", "abc"}, {"1 smtp.mail_from", "<s@t>"}},
            {"smtp.gap", "smtp.file_without_digest"},
            2},
        DialogueCase{"InAChunk",
                     after_opening({client("BDAT 20\r\n\r\nabc\r\n"), client("x\r\nBDAT 2 LAST\r\nyz", 10)}),
                     {{"0 file.data", "abc\r\nyz"}},
                     {"smtp.gap", "smtp.file_without_digest"}},
        DialogueCase{
            "InAnswers",
            after_opening({client("DATA\r\n"), server("ignored\r\n", 10), client("\r\nabc\r\n.\r\n")}),
            {{"0 file.data", "abc"}},
            {"smtp.gap"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Limits, Smtp,
    testing::Values(DialogueCase{"CommandAtTheLimit",
                                 {client("NOOP " + std::string(505, 'x') + "\r\n" + kMail)},
                                 {{"0 smtp.mail_from", "<a@b>"}},
                                 {},
                                 1,
                                 Parsed::more,
                                 {512}},
                    DialogueCase{"CommandTooLong",
                                 {client("NOOP " + std::string(600, 'x') + "\r\n" + kMail)},
                                 {{"0 smtp.mail_from", "<a@b>"}},
                                 {"smtp.max_command_line_len_exceeded"},
                                 1,
                                 Parsed::more,
                                 {512}},
                    DialogueCase{"AnswerTooLong",
                                 {server("220 " + std::string(600, 'x') + "\r\n"), client(kMail)},
                                 {{"0 smtp.mail_from", "<a@b>"}},
                                 {"smtp.max_reply_line_len_exceeded"},
                                 1,
                                 Parsed::more,
                                 {512}},
                    DialogueCase{"TextAtTheLimit",
                                 {client("MAIL FROM:<" + std::string(1022, 'x') + ">\r\n")},
                                 {{"0 smtp.mail_from", "<" + std::string(1022, 'x') + ">"}},
                                 {},
                                 1,
                                 Parsed::more,
                                 {4096, 512, 1024}},
                    DialogueCase{"TextTooLong",
                                 {client("MAIL FROM:<" + std::string(1023, 'x') + ">\r\n")},
                                 {{"0 smtp.mail_from", "<" + std::string(1023, 'x')}},
                                 {"smtp.text_limit"},
                                 1,
                                 Parsed::more,
                                 {4096, 512, 1024}},
                    DialogueCase{"RecipientsAtTheLimit",
                                 {client("RCPT TO:a\r\nRCPT TO:b\r\nMAIL FROM:<>\r\n")},
                                 {{"0 smtp.rcpt_to#1", "b"}},
                                 {},
                                 1,
                                 Parsed::more,
                                 {4096, 512, 1024, 2}},
                    DialogueCase{"TooManyRecipients",
                                 {client("RCPT TO:a\r\nRCPT TO:b\r\nRCPT TO:c\r\nMAIL FROM:<>\r\n")},
                                 {{"0 smtp.rcpt_to#1", "b"}, {"0 smtp.rcpt_to#2", "-"}},
                                 {"smtp.list_limit"},
                                 1,
                                 Parsed::more,
                                 {4096, 512, 1024, 2}}),
    by_name);

class SmtpProbe : public testing::TestWithParam<DialogueOpening> {};

TEST_P(SmtpProbe, Guesses) { expect_guess(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(First, SmtpProbe,
                         testing::Values(DialogueOpening{"Ehlo", client("EHLO x\r\n"), 99, Guess::yes},
                                         DialogueOpening{"LowerCase", client("helo x"), 99, Guess::yes},
                                         DialogueOpening{"Part", client("EH"), 25, Guess::maybe},
                                         DialogueOpening{"Http", client("GET / "), 25, Guess::no},
                                         DialogueOpening{"NamesItself", server("220 x ESMTP y\r\n"), 99,
                                                         Guess::yes},
                                         DialogueOpening{"ByPort", server("220 x\r\n"), 25, Guess::yes},
                                         DialogueOpening{"CouldBeFtp", server("220 x\r\n"), 99, Guess::maybe},
                                         DialogueOpening{"Refuses", server("554 x\r\n"), 587, Guess::yes},
                                         DialogueOpening{"AnswerPart", server("22"), 25, Guess::maybe},
                                         DialogueOpening{"Pop", server("+OK x\r\n"), 25, Guess::no}),
                         by_name);

TEST(SmtpParser, NothingWantedNothingKept) {
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Witness seen(describe());
  follow(*parser, sent("Subject: x\r\n\r\nbody"), SIZE_MAX, seen);
  EXPECT_EQ(seen.value("0 file.data"), "-");
  EXPECT_EQ(seen.value("0 email.subject"), "-");
}

TEST(SmtpParser, AllocatesNothingOnceWarm) {
  expect_no_allocation_once_warm(
      describe(), sent("Subject: x\r\n\r\n" + std::string(5000, 'x') + "\r\n" + std::string(3000, 'y')));
}

TEST(SmtpParser, HandsOverToTls) {
  const LoneParser parser(describe());
  for (const std::string& after : {"220 go\r\n"s, ""s}) {
    parser->reset({});
    Witness seen(describe());
    std::vector<Said> dialogue{server("220 m\r\n"), client("STARTTLS\r\n")};
    if (!after.empty()) dialogue.push_back(server(after));
    dialogue.push_back(client("\x16\x03\x01"));
    EXPECT_EQ(follow(*parser, dialogue, SIZE_MAX, seen), Parsed::finished);
    EXPECT_EQ(seen.expected, std::vector<std::string>{"then tls"}) << after;
  }
}

}  // namespace
}  // namespace bansoko::proto::smtp
