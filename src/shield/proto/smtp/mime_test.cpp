// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "shield/proto/smtp/mime_reader.h"
#include "shield/proto/test_dialogue.h"
#include "tests/cases.h"

namespace bansoko::proto::smtp {
const Protocol& describe();

namespace {

struct Case {
  std::string name;
  std::string mail;
  std::map<std::string, std::string> want;
  std::set<std::string> anomalies = {};
  std::vector<std::uint64_t> limits = {};
};

class Mime : public testing::TestWithParam<Case> {};

TEST_P(Mime, Tells) {
  const Case& row = GetParam();
  const LoneParser parser(describe(), row.limits);
  const std::vector<Said> dialogue{server("220 m\r\n"),  client("MAIL FROM:<>\r\n"),
                                   server("250 m\r\n"),  client("DATA\r\n"),
                                   server("354 go\r\n"), client(row.mail + "\r\n.\r\n")};
  for (const std::size_t piece :
       {SIZE_MAX, std::size_t{1}, std::size_t{3}, std::size_t{64}, std::size_t{1460}}) {
    Witness seen(describe());
    parser->reset({.wanted = ~0ULL});
    EXPECT_EQ(follow(*parser, dialogue, piece, seen), Parsed::more);
    EXPECT_EQ(seen.faults, std::set<std::string>());
    EXPECT_EQ(seen.anomalies, row.anomalies) << "in pieces of " << piece;
    EXPECT_EQ(seen.ended.size(), 1u);
    for (const auto& [key, value] : row.want)
      EXPECT_EQ(seen.value("0 " + key), value) << key << " in pieces of " << piece;
  }
}

std::string typed(const std::string& type, const std::string& body) {
  return "Content-Type: " + type + "\r\n\r\n" + body;
}
std::string coded(const std::string& coding, const std::string& body) {
  return "Content-Transfer-Encoding: " + coding + "\r\n\r\n" + body;
}
std::string part(const std::string& rest) { return "--B\r\n" + rest + "\r\n"; }
std::string mixed(const std::string& parts) { return typed("multipart/mixed; boundary=\"B\"", parts); }

INSTANTIATE_TEST_SUITE_P(
    Headers, Mime,
    testing::Values(
        Case{"All",
             "From: a\r\nTo: b\r\nCC: c\r\nSubject: d\r\nDate: e\r\nMessage-ID: f\r\nX-Mailer: g\r\n"
             "Received: h\r\nReceived: i\r\n\r\n",
             {{"email.from", "a"},
              {"email.to", "b"},
              {"email.cc", "c"},
              {"email.subject", "d"},
              {"email.date", "e"},
              {"email.message_id", "f"},
              {"email.x_mailer", "g"},
              {"email.received", "h"},
              {"email.received#1", "i"}}},
        Case{"TheFirstCounts", "To: a\r\nTo: b\r\n\r\n", {{"email.to", "a"}}},
        Case{"Folded",
             "Subject: a\r\n b\r\n\tc\r\nTo: d\r\n\r\n",
             {{"email.subject", "abc"}, {"email.to", "d"}}},
        Case{"EncodedWordStands",
             "Subject: =?utf-8?B?QQ==?=\r\n\r\n",
             {{"email.subject", "=?utf-8?B?QQ==?="}}},
        Case{"Empty", "Subject:\r\n\r\n", {{"email.subject", ""}}},
        Case{"OnlyHeaders", "Subject: x", {{"email.subject", "x"}}},
        Case{"NotInTheBody",
             "To: a\r\n\r\nSubject: x\r\n",
             {{"email.subject", "-"}, {"file.data", "Subject: x\r\n"}}},
        Case{"NoColon", "To: a\r\nhello\r\n\r\n", {{"email.to", "a"}}, {"smtp.mime_malformed_msg"}},
        Case{"LongName", std::string(76, 'x') + ": a\r\n\r\n", {}, {"smtp.mime_long_header_name"}},
        Case{"AtTheLimit",
             "Subject: " + std::string(247, 'x') + "\r\n\r\n",
             {{"email.subject", std::string(247, 'x')}},
             {},
             {4096, 256}},
        Case{"TooLong",
             "Subject: " + std::string(248, 'x') + "\r\nTo: a\r\n\r\n",
             {{"email.subject", std::string(247, 'x')}, {"email.to", "a"}},
             {"smtp.mime_long_header_value"},
             {4096, 256}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Codings, Mime,
    testing::Values(
        Case{"None", coded("8bit", "a=41\r\nb"), {{"file.data", "a=41\r\nb"}}},
        Case{"Base64", coded("BASE64", "QUJD\r\nREU="), {{"file.data", "ABCDE"}}},
        Case{"Base64OnePadding", coded("base64", "QUI="), {{"file.data", "AB"}}},
        Case{"Base64TwoPaddings", coded("base64", "QQ=="), {{"file.data", "A"}}},
        Case{"Base64NoPadding", coded("base64", "QUI"), {{"file.data", "AB"}}},
        Case{"Base64Joined", coded("base64", "QQ==QUI="), {{"file.data", "AAB"}}},
        Case{"Base64Noise",
             coded("base64", "Q-U\r\n*JD"),
             {{"file.data", "ABC"}},
             {"smtp.mime_invalid_base64"}},
        Case{"Base64LongLine",
             coded("base64", std::string(80, 'A')),
             {{"file.data", std::string(60, '\0')}},
             {"smtp.mime_long_enc_line"}},
        Case{"Quoted", coded("quoted-printable", "a=3Db=\r\nc=0d"), {{"file.data", "a=bc\r"}}},
        Case{"QuotedBlankBeforeTheJoin", coded("quoted-printable", "a= \r\nb"), {{"file.data", "ab"}}},
        Case{"QuotedLowerCase", coded("quoted-printable", "=3d"), {{"file.data", "="}}},
        Case{"QuotedInvalid",
             coded("quoted-printable", "a=xyb=4z"),
             {{"file.data", "a=xyb=4z"}},
             {"smtp.mime_invalid_qp"}},
        Case{"LongLine",
             "\r\n" + std::string(999, 'x'),
             {{"file.data", std::string(999, 'x')}},
             {"smtp.mime_long_line"}},
        Case{"LineInPieces",
             "\r\n" + std::string(1300, 'x') + "\r\ny",
             {{"file.data", std::string(1300, 'x') + "\r\ny"}},
             {},
             {512}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Parts, Mime,
    testing::Values(
        Case{"TwoOfThem",
             mixed("preamble\r\n" + part(typed("text/plain", "one")) +
                   part("Content-Disposition: attachment; filename=\"x.bin\"\r\n" + coded("base64", "QUJD")) +
                   "--B--\r\nepilogue"),
             {{"file.data", "one"}, {"file.data#1", "ABC"}, {"file.data#2", "-"}, {"file.name", "x.bin"}}},
        Case{"Nested",
             mixed(part(typed("multipart/alternative; boundary=C", "--C\r\n\r\none\r\n--C--\r\n")) +
                   part("\r\ntwo") + "--B--"),
             {{"file.data", "one"}, {"file.data#1", "two"}, {"file.data#2", "-"}}},
        Case{"InnerNeverClosed",
             mixed(part(typed("multipart/mixed; boundary=C", "--C\r\n\r\none")) + part("\r\ntwo") + "--B--"),
             {{"file.data", "one"}, {"file.data#1", "two"}}},
        Case{"MailInAMail",
             mixed(part(typed("message/rfc822", "Subject: in\r\n\r\ninner")) + "--B--"),
             {{"email.subject", "-"}, {"file.data", "inner"}}},
        Case{"BoundaryIsAPrefix", mixed(part("\r\n--Bx\r\n--B-") + "--B--"), {{"file.data", "--Bx\r\n--B-"}}},
        Case{"BlanksAfterTheBoundary", mixed("--B \t\r\n\r\none\r\n--B-- \r\n"), {{"file.data", "one"}}},
        Case{"WithoutHeaders",
             mixed("--B\r\n--B\r\n\r\none\r\n--B--"),
             {{"file.data", ""}, {"file.data#1", "one"}}},
        Case{"NeverClosed", mixed("--B\r\n\r\none"), {{"file.data", "one"}}},
        Case{"NoBoundary", typed("multipart/mixed", "--B\r\n\r\none"), {{"file.data", "--B\r\n\r\none"}}},
        Case{"BoundaryTooLong",
             typed("multipart/mixed; boundary=" + std::string(255, 'B'), "x"),
             {{"file.data", "x"}},
             {"smtp.mime_long_boundary"}},
        Case{"LongestBoundary",
             typed("multipart/mixed; boundary=" + std::string(254, 'B'),
                   "--" + std::string(254, 'B') + "\r\n\r\nx"),
             {{"file.data", "x"}}},
        Case{"DepthAtTheLimit",
             mixed(part(typed("multipart/mixed; boundary=C", "--C\r\n\r\none\r\n--C--")) + "--B--"),
             {{"file.data", "one"}},
             {},
             {4096, 4096, 4096, 128, 32, 4096, 2}},
        Case{"TooDeep",
             mixed(part(typed("multipart/mixed; boundary=C", "--C\r\n\r\none\r\n--C--")) + "--B--"),
             {{"file.data", "--C\r\n\r\none\r\n--C--"}},
             {"smtp.mime_depth_limit"},
             {4096, 4096, 4096, 128, 32, 4096, 1}},
        Case{"TooManyParts",
             mixed(part("\r\none") + part("\r\ntwo") + part("\r\nthree") + "--B--"),
             {{"file.data#1", "two"}, {"file.data#2", "-"}},
             {"smtp.file_limit"},
             {4096, 4096, 4096, 128, 2}},
        Case{"PartAtTheLimit",
             "\r\n" + std::string(900, 'x') + "\r\n" + std::string(122, 'y'),
             {{"file.data", std::string(900, 'x') + "\r\n" + std::string(122, 'y')}},
             {},
             {4096, 4096, 4096, 128, 2, 1024}},
        Case{"PartTooLarge",
             mixed(part("\r\n" + std::string(900, 'x') + "\r\n" + std::string(123, 'y')) + part("\r\ntwo") +
                   "--B--"),
             {{"file.data", std::string(900, 'x') + "\r\n" + std::string(122, 'y')}, {"file.data#1", "two"}},
             {"smtp.file_size_limit"},
             {4096, 4096, 4096, 128, 2, 1024}}),
    by_name);

std::string named(const std::string& disposition) {
  return "Content-Type: x/y; name=typed\r\nContent-Disposition: " + disposition + "\r\n\r\nx";
}

INSTANTIATE_TEST_SUITE_P(
    Names, Mime,
    testing::Values(Case{"OfTheType", typed("x/y;\r\n name=\"a b\"", "x"), {{"file.name", "a b"}}},
                    Case{"OfTheDisposition", named("attachment; filename=given"), {{"file.name", "given"}}},
                    Case{"EscapedQuotes", named(R"(x; filename="a\"b\\c")"), {{"file.name", "a\"b\\c"}}},
                    Case{"EncodedWordStands",
                         named("x; filename=\"=?utf-8?B?QQ==?=\""),
                         {{"file.name", "=?utf-8?B?QQ==?="}}},
                    Case{"Extended", named("x; filename*=utf-8'en'a%2eb%2"), {{"file.name", "a.b%2"}}},
                    Case{"Continued",
                         named("x; filename*0=one; filename*1=\"two\"; filename*2*=%33"),
                         {{"file.name", "onetwo3"}}},
                    Case{"OfTwoTheFirst", named("x; filename=a; filename=b"), {{"file.name", "a"}}},
                    Case{"AnotherParameter", named("x; filenames=a"), {{"file.name", "-"}}},
                    Case{"AtTheLimit",
                         named("x; filename=" + std::string(255, 'n')),
                         {{"file.name", std::string(255, 'n')}}},
                    Case{"TooLong",
                         named("x; filename=" + std::string(256, 'n')),
                         {{"file.name", std::string(255, 'n')}},
                         {"smtp.mime_long_filename"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Links, Mime,
    testing::Values(Case{"InAText",
                         "\r\nsee http://a.example/x?y and HTTPS://b\r\n",
                         {{"email.url", "a.example/x?y"}, {"email.url#1", "b"}, {"email.url#2", "-"}}},
                    Case{"InHtml",
                         typed("text/html", "<a href=\"ftp://c/d\">http://e</a>"),
                         {{"email.url", "c/d"}, {"email.url#1", "e"}}},
                    Case{"Encoded",
                         coded("base64", "aHR0cDovL2I2NC5leGFtcGxlL3ggeA=="),
                         {{"email.url", "b64.example/x"}}},
                    Case{"AtTheEnd", "\r\nhttp://z", {{"email.url", "z"}}},
                    Case{"OtherScheme", "\r\ngopher://a :// http:// x", {{"email.url", "-"}}},
                    Case{"NotInAnImage", typed("image/png", "http://a b"), {{"email.url", "-"}}},
                    Case{"OnePerPart",
                         mixed(part("\r\nhttp://a") + part("\r\nhttp://b") + "--B--"),
                         {{"email.url", "a"}, {"email.url#1", "b"}}},
                    Case{"TooMany",
                         "\r\nhttp://a http://b http://c x",
                         {{"email.url#1", "b"}, {"email.url#2", "-"}},
                         {"smtp.list_limit"},
                         {4096, 4096, 4096, 2}}),
    by_name);

TEST(MimeMemory, UsedUpIsToldAndTheMailGoesOn) {
  std::string body;
  for (int i = 0; i < 100; ++i) body += std::string(60, 'x') + "\r\n";
  constexpr std::array<std::uint64_t, 8> kLittle{4096, 4096, 4096, 128, 32, 1 << 20, 8, 2000};
  const LoneParser parser(describe(), kLittle);
  parser->reset({.wanted = ~0ULL});
  Witness seen(describe());
  follow(*parser,
         {client("MAIL FROM:<>\r\nDATA\r\n"), server("220 m\r\n250 m\r\n354 m\r\n"),
          client("Subject: x\r\n\r\n" + body + ".\r\nMAIL FROM:<next>\r\n")},
         500, seen);
  EXPECT_EQ(seen.anomalies, std::set<std::string>{"smtp.memory_limit"});
  EXPECT_EQ(seen.value("0 email.subject"), "x");
  EXPECT_EQ(seen.value("1 smtp.mail_from"), "<next>");
}

std::string md5(std::string_view text) {
  Digest digest(DigestKind::md5);
  digest.add(as_bytes(text));
  return std::string(as_text(digest.finish()));
}

INSTANTIATE_TEST_SUITE_P(
    Sums, Mime,
    testing::Values(Case{"OfEachPart",
                         mixed(part(typed("a/b; name=x", "one")) + part(coded("base64", "dHdv")) + "--B--"),
                         {{"file.md5", md5("one")},
                          {"file.md5#1", md5("two")},
                          {"file.size", std::string("\0\0\0\0\0\0\0\3\1", 9)},
                          {"file.sha1#2", "-"}}},
                    Case{"BeyondWhatIsKept",
                         mixed(part(typed("a/b", std::string(1100, 'x').insert(500, "\r\n"))) + "--B--"),
                         {{"file.md5", md5(std::string(1100, 'x').insert(500, "\r\n"))}},
                         {"smtp.file_size_limit"},
                         {4096, 1024, 1024, 8, 8, 1024, 8, 1 << 20}},
                    Case{"BeyondTheLimit",
                         mixed(part(typed("a/b", std::string(1025, 'x').insert(500, "\r\n"))) +
                               part(typed("a/b", "two")) + "--B--"),
                         {{"file.md5", md5("two")}, {"file.md5#1", "-"}},
                         {"smtp.file_without_digest"},
                         {4096, 1024, 1024, 8, 8, 4096, 8, 1 << 20, 1024}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::smtp
