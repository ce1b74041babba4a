// SPDX-License-Identifier: Apache-2.0
// What hosts say of themselves, through the whole pipeline.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/smb1.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using namespace std::string_literals;
using traffic::TestTcp;
namespace smb1 = traffic::smb1;

constexpr std::string_view kRule = "alert tcp any any -> any any (msg:\"x\"; content:\"zzzz\"; sid:1;)\n";
constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::uint8_t kSessionSetup = 0x73;

std::string answer(std::string_view headers) {
  return "HTTP/1.1 200 OK\r\n" + std::string(headers) + "Content-Length: 2\r\n\r\nok";
}

/// An answer to SESSION_SETUP_ANDX: no AndX, Action; with a security blob its length, too.
std::string setup_answer(std::string_view blob, std::string_view strings) {
  const std::string words = "\xff\0\0\0\0\0"s;
  if (blob.empty()) return smb1::response(kSessionSetup, {}, 0, words, strings);
  const std::string length{static_cast<char>(blob.size()), '\0'};
  return smb1::response(kSessionSetup, {}, 0, words + length, std::string(blob) + std::string(strings));
}

/// With two passwords of one and two bytes, then account and domain.
std::string old_setup(std::string_view strings) {
  const std::string words = "\xff\0\0\0"s + std::string(10, '\0') + "\1\0\2\0"s + std::string(8, '\0');
  return smb1::message(kSessionSetup, {}, words, "PQQ" + std::string(strings));
}

const std::string kNative = "Windows Server 2003 3790 Service Pack 2\0Windows Server 2003 5.2\0CORP\0"s;
const std::string kChallenge = "NTLMSSP\0\2\0\0\0"s + std::string(8, '\0') + "\0\0\0\2"s +
                               std::string(24, '\0') + "\5\2\xce\x0e\0\0\0\x0f"s;

struct Case {
  std::string name;
  std::uint16_t port;
  std::string client;
  std::string server;
  bool client_first;
  std::string claims;
};

class ClaimPipeline : public testing::TestWithParam<Case> {
 protected:
  /// Each side's words in segments of so many bytes.
  static std::vector<traffic::Octets> talk(std::size_t piece) {
    const Case& row = GetParam();
    TestTcp tcp(traffic::kClient, 40000, traffic::kServer, row.port);
    tcp.handshake();
    const auto say = [&](bool client) {
      const std::string& text = client ? row.client : row.server;
      for (std::size_t at = 0; at < text.size(); at += piece)
        client ? tcp.client(text.substr(at, piece)) : tcp.server(text.substr(at, piece));
    };
    say(row.client_first);
    say(!row.client_first);
    return tcp.fin().frames();
  }
};

TEST_P(ClaimPipeline, HearsIt) {
  for (const std::size_t piece : {std::size_t{1400}, std::size_t{1}, std::size_t{7}}) {
    Line line(kRule);
    line.send_all(talk(piece));
    EXPECT_EQ(line.claims(), GetParam().claims) << piece;
  }
}

TEST_P(ClaimPipeline, TellsItOnceADay) {
  Line line(kRule);
  line.send_all(talk(1400));
  line.claims();
  line.wait(std::chrono::hours(1));
  line.send_all(talk(1400));
  EXPECT_EQ(line.claims(), "");
  line.wait(std::chrono::hours(24));
  line.send_all(talk(1400));
  EXPECT_EQ(line.claims(), GetParam().claims);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, ClaimPipeline,
    testing::Values(
        Case{"Http", 80, std::string(kGet),
             answer("Server: Apache/2.2.3 (CentOS)\r\nX-Powered-By: PHP/5.1.6\r\n"), true,
             "10.0.0.2:80 http.server=Apache/2.2.3 (CentOS); 10.0.0.2:80 http.x_powered_by=PHP/5.1.6; "},
        Case{"HttpSaysMoreLater", 80, std::string(kGet) + std::string(kGet),
             answer("") + answer("Server: Microsoft-IIS/6.0\r\n"), true,
             "10.0.0.2:80 http.server=Microsoft-IIS/6.0; "},
        Case{"Ssh", 2222, "SSH-2.0-x\r\n", "SSH-2.0-OpenSSH_5.3p1 Debian-3ubuntu7\r\n", false,
             "10.0.0.2:2222 ssh=SSH-2.0-OpenSSH_5.3p1 Debian-3ubuntu7; "},
        Case{"Ftp", 21, "USER a\r\n", "220 (vsFTPd 2.3.5)\r\n", false, "10.0.0.2:21 ftp=(vsFTPd 2.3.5); "},
        Case{"Pop", 110, "USER a\r\n", "+OK Dovecot ready.\r\n", false, "10.0.0.2:110 pop3=Dovecot ready.; "},
        Case{"NoGreeting", 7, "x", "hello\r\n", false, ""},
        Case{"SmbAnswer", 445, smb1::session_setup_anonymous({}), setup_answer("", kNative), true,
             "10.0.0.1:0 smb.native_os=Unix; 10.0.0.1:0 smb.native_lanman=bansoko; "
             "10.0.0.2:445 smb.native_os=Windows Server 2003 3790 Service Pack 2; "
             "10.0.0.2:445 smb.native_lanman=Windows Server 2003 5.2; "},
        Case{"SmbAnswerWithChallenge", 445, smb1::negotiate({}), setup_answer(kChallenge, kNative), true,
             "10.0.0.2:445 smb.native_os=Windows Server 2003 3790 Service Pack 2; "
             "10.0.0.2:445 smb.native_lanman=Windows Server 2003 5.2; 10.0.0.2:445 ntlmssp=5.2.3790; "},
        Case{"SmbRequest", 445, old_setup("BOB\0CORP\0Windows 2002 2600 Service Pack 3\0Windows 2002 5.1\0"s),
             "", true,
             "10.0.0.1:0 smb.native_os=Windows 2002 2600 Service Pack 3; "
             "10.0.0.1:0 smb.native_lanman=Windows 2002 5.1; "},
        Case{"SmbNamesCutShort", 445, smb1::negotiate({}), setup_answer("", "Windows 5.1"), true,
             "10.0.0.2:445 smb.native_os=Windows 5.1; "}),
    by_name);

TEST(Claims, OfHomeNetAlone) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.variables.addresses["HOME_NET"] = "10.0.0.1";
  Line line(kRule, settings);
  const std::string greeting = "220 (vsFTPd 2.3.5)\r\n";
  line.send_all(TestTcp(traffic::kClient, 40000, traffic::kServer, 21).handshake().server(greeting).frames());
  EXPECT_EQ(line.claims(), "");
  line.send_all(TestTcp(traffic::kServer, 40000, traffic::kClient, 21).handshake().server(greeting).frames());
  EXPECT_EQ(line.claims(), "10.0.0.1:21 ftp=(vsFTPd 2.3.5); ");
}

/// What found no room in the ring is told when it is said again.
TEST(Claims, WhatIsLostIsToldLater) {
  Line line(kRule);
  const auto greet = [&](std::uint16_t port) {
    line.send_all(TestTcp(traffic::kClient, 40000, traffic::kServer, port)
                      .handshake()
                      .server("220 (vsFTPd 2.3.5)\r\n")
                      .frames());
  };
  for (std::uint16_t port = 1; port <= 9; ++port) greet(port);
  EXPECT_EQ(line.pipeline().claims().told.value(), 8U);
  EXPECT_EQ(line.pipeline().claims().lost.value(), 1U);
  line.claims();
  greet(1009);
  EXPECT_EQ(line.claims(), "10.0.0.2:1009 ftp=(vsFTPd 2.3.5); ");
  line.send_all(TestTcp(traffic::kClient, 40001, traffic::kServer, 9)
                    .handshake()
                    .server("220 (vsFTPd 2.3.5)\r\n")
                    .frames());
  EXPECT_EQ(line.claims(), "10.0.0.2:9 ftp=(vsFTPd 2.3.5); ");
}

TEST(Claims, ThatChangeAllTheTimeAreCounted) {
  Line line(kRule);
  for (int i = 0; i < 8; ++i)
    line.send_all(TestTcp(traffic::kClient, static_cast<std::uint16_t>(40000 + i), traffic::kServer, 110)
                      .handshake()
                      .server("+OK ready " + std::to_string(i) + "\r\n")
                      .frames());
  EXPECT_EQ(line.pipeline().claims().told.value(), 6U);
  EXPECT_EQ(line.pipeline().claims().many.value(), 2U);
}

TEST(Claims, AllocateNothing) {
  Line line(kRule);
  const auto frames = TestTcp(traffic::kClient, 40000, traffic::kServer, 80)
                          .handshake()
                          .client(std::string(kGet))
                          .server(answer("Server: nginx\r\n"))
                          .fin()
                          .frames();
  line.send_all(frames);
  line.wait(std::chrono::hours(25));
  const AllocationCounter allocations;
  for (const traffic::Octets& frame : frames) line.send(frame);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(line.claims(), "10.0.0.2:80 http.server=nginx; 10.0.0.2:80 http.server=nginx; ");
}

}  // namespace
}  // namespace bansoko::engine
