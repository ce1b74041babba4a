// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/readers.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "shield/claim/topics.h"
#include "tests/cases.h"

namespace bansoko::claim {
namespace {
using namespace std::string_literals;

struct Case {
  std::string_view name;
  ReadBytes read;
  std::string part;
  std::string_view argument;
  std::string said;
};

class Readers : public testing::TestWithParam<Case> {};

TEST_P(Readers, Say) {
  Claim claim;
  GetParam().read(as_bytes(GetParam().part), GetParam().argument, claim);
  EXPECT_EQ(claim.said(), GetParam().said);
}

const std::string kHead = "Date: now\r\nserver:  Apache/2.2.3 (CentOS) \r\nX-Powered-By: PHP/5.1.6\r\n";

/// [MS-NLMP] 4.2.4.3 has one like it: flags with NEGOTIATE_VERSION, target information, version 6.0.6000.
std::string challenge(std::string version, std::string pairs, std::uint8_t offset = 56) {
  const auto size = static_cast<char>(pairs.size());
  return "NTLMSSP\0\2\0\0\0"s + std::string(8, '\0') + "\x33\x82\x8a\xe2"s + std::string(16, '\0') + size +
         "\0"s + size + "\0"s + static_cast<char>(offset) + "\0\0\0"s + version + pairs;
}
const std::string kVista = "\6\0\x70\x17\0\0\0\x0f"s;
const std::string kNames = "\1\0\4\0F\0S\0"s + "\2\0\2\0D\0"s + "\3\0\6\0f\0.\0x\0"s + "\0\0\0\0"s;

INSTANTIATE_TEST_SUITE_P(
    Text, Readers,
    testing::Values(Case{"AsItIs", read_text, "5.1.73", "", "5.1.73"}, Case{"Empty", read_text, "", "", ""},
                    Case{"BlanksAtTheEnds", read_text, "  a b\r\n", "", "a b"},
                    Case{"ControlsWithin", read_text, "a\0\x1b[2Jb"s, "", "a  [2Jb"},
                    Case{"AtTheLimit", read_text, std::string(200, 'a'), "", std::string(200, 'a')},
                    Case{"BeyondIt", read_text, std::string(201, 'a'), "", std::string(200, 'a')},
                    Case{"Ascii", read_ascii, "Windows 5.1", "", "Windows 5.1"},
                    Case{"NotAscii", read_ascii, "\xe3\x83", "", ""},
                    Case{"Line", read_line, "# Server\r\nredis_version:2.8.4\r\nos:Linux",
                         "redis_version:", "2.8.4"},
                    Case{"NoSuchLine", read_line, "redis_mode:x", "redis_version:", ""}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Header, Readers,
    testing::Values(Case{"AnyCase", read_header, kHead, "Server", "Apache/2.2.3 (CentOS)"},
                    Case{"Last", read_header, kHead, "X-Powered-By", "PHP/5.1.6"},
                    Case{"NotThere", read_header, kHead, "Via", ""},
                    Case{"OnlyAsItBegins", read_header, "Serverless: x\r\n", "Server", ""},
                    Case{"First", read_header, "Server: a\r\nServer: b\r\n", "Server", "a"},
                    Case{"WithoutEnd", read_header, "Server: a", "Server", "a"},
                    Case{"NoHeaders", read_header, "", "Server", ""}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Ntlmssp, Readers,
    testing::Values(
        Case{"Challenge", read_ntlmssp, challenge(kVista, kNames), "", "6.0.6000 computer=FS dns=f.x"},
        Case{"BehindSpnego", read_ntlmssp, "\xa1\x30"s + challenge(kVista, ""), "", "6.0.6000"},
        Case{"NoVersionSent", read_ntlmssp, challenge(std::string(8, '\0'), kNames), "",
             "computer=FS dns=f.x"},
        Case{"NamesOutside", read_ntlmssp, challenge(kVista, kNames, 255), "", "6.0.6000"},
        Case{"NameCutShort", read_ntlmssp, challenge(kVista, "\1\0\x40\0F\0"s), "", "6.0.6000"},
        Case{"NameWithBlanks", read_ntlmssp, challenge(kVista, "\1\0\6\0F\0 \0S\0\0\0\0\0"s), "",
             "6.0.6000 computer=FS"},
        Case{"Negotiate", read_ntlmssp,
             "NTLMSSP\0\1\0\0\0\x07\x82\x08\xa2"s + std::string(16, '\0') + "\5\2\xce\x0e\0\0\0\x0f"s, "",
             "5.2.3790"},
        Case{"WithoutTheFlag", read_ntlmssp, "NTLMSSP\0\1\0\0\0\7\x82\x08\0"s + std::string(24, '\5'), "",
             ""},
        Case{"OtherType", read_ntlmssp, "NTLMSSP\0\4\0\0\0"s + std::string(60, '\5'), "", ""},
        Case{"CutShort", read_ntlmssp, "NTLMSSP\0\2\0"s, "", ""},
        Case{"NotThere", read_ntlmssp, "Negotiate", "", ""},
        Case{"InHttp", read_ntlmssp_header,
             "WWW-Authenticate: Basic realm=x\r\n"
             "WWW-Authenticate: NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAFAs4OAAAADw==\r\n",
             "WWW-Authenticate", "5.2.3790"},
        Case{"OnlyOffered", read_ntlmssp_header, "WWW-Authenticate: NTLM\r\n", "WWW-Authenticate", ""}),
    by_name);

struct GreetingCase {
  std::string_view name;
  std::string_view said;
  std::string_view told;
};

class Greetings : public testing::TestWithParam<GreetingCase> {};

TEST_P(Greetings, AreReadWithoutWhatChanges) {
  Claim claim;
  read_greeting(GetParam().said, claim);
  EXPECT_EQ(claim.said(), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Claim, Greetings,
    testing::Values(
        GreetingCase{"Ftp", "220 (vsFTPd 2.3.5)\r\n", "(vsFTPd 2.3.5)"},
        GreetingCase{"SeveralLines", "220-FileZilla Server 0.9.41 beta\r\n220-written by\r\n220 x\r\n",
                     "FileZilla Server 0.9.41 beta written by x"},
        GreetingCase{"AnswerBehindIt", "220 a ESMTP Exim 4.94.2\r\n250-a Hello\r\n", "a ESMTP Exim 4.94.2"},
        GreetingCase{"Sendmail", "220 a ESMTP Sendmail 8.13.8/8.13.8; Mon, 23 Nov 2009 06:40:11 +0900\r\n",
                     "a ESMTP Sendmail 8.13.8/8.13.8"},
        GreetingCase{
            "Exchange",
            "220 a Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675 ready at  Mon, 23 Nov 2009 06:40\r\n",
            "a Microsoft ESMTP MAIL Service, Version: 6.0.3790.4675"},
        GreetingCase{"Exim", "220 a ESMTP Exim 4.69 Mon, 23 Nov 2009 06:40:11 +0900\r\n",
                     "a ESMTP Exim 4.69"},
        GreetingCase{"Apop", "+OK Dovecot ready. <1896.697170952@a.example>\r\n", "Dovecot ready."},
        GreetingCase{"Imap", "* OK Dovecot ready.\r\n", "Dovecot ready."},
        GreetingCase{"TimeOfDay", "220-Local time is now 14:32. Server port: 21.\r\n", ""},
        GreetingCase{"Nothing", "", ""}, GreetingCase{"OtherCode", "421 busy\r\n", ""}),
    by_name);

struct NumberCase {
  std::string_view name;
  ReadNumber read;
  std::uint64_t number;
  std::string_view said;
};

class Numbers : public testing::TestWithParam<NumberCase> {};

TEST_P(Numbers, BecomeVersions) {
  Claim claim;
  GetParam().read(GetParam().number, proto::Field{}, claim);
  EXPECT_EQ(claim.said(), GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(Claim, Numbers,
                         testing::Values(NumberCase{"SqlServer2000", read_tds_version, 0x080007f7,
                                                    "8.0.2039"},
                                         NumberCase{"NotSaid", read_tds_version, 0, ""},
                                         NumberCase{"Tls10", read_tls_version, 0x0301, "1.0"},
                                         NumberCase{"Tls13", read_tls_version, 0x0304, "1.3"},
                                         NumberCase{"Ssl3", read_tls_version, 0x0300, "ssl3"},
                                         NumberCase{"Ssl2", read_tls_version, 2, "ssl2"},
                                         NumberCase{"Unknown", read_tls_version, 0x0305, ""}),
                         by_name);

}  // namespace
}  // namespace bansoko::claim
