// SPDX-License-Identifier: Apache-2.0
// Flows that go over to TLS, through the whole pipeline.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "shield/proto/tls/test_wire.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using namespace std::string_literals;
using traffic::TestTcp;
namespace wire = proto::tls::wire;

constexpr std::string_view kRules =
    "drop tls any any -> any any (msg:\"name\"; tls.sni; content:\"evil.test\"; sid:1;)\n"
    "alert tls any any -> any any (msg:\"ja3\"; ja3.string; content:\"771,\"; startswith; sid:2;)\n"
    "alert tls any any -> any any (msg:\"cipher\"; flow:to_client; tls.version:1.2; sid:3;)\n"
    "alert smtp any any -> any any (msg:\"who\"; smtp.helo; content:\"me\"; sid:4;)\n"
    "alert ftp any any -> any any (msg:\"auth\"; ftp.command; content:\"AUTH\"; sid:5;)\n";

/// What both sides say in turn before TLS, the server first.
struct Case {
  std::string name;
  std::uint16_t port;
  std::vector<std::string> before;
  std::string sni;
  std::string server_adds;  // to its last words
  std::string alerts;
  std::string last_verdict;
};

class Handover : public testing::TestWithParam<Case> {};

TEST_P(Handover, SeesTheHandshake) {
  const Case& row = GetParam();
  Line line(kRules);
  TestTcp talk(traffic::kClient, 40000, traffic::kServer, row.port);
  talk.handshake();
  for (std::size_t i = 0; i < row.before.size(); ++i) {
    const bool is_last = i + 1 == row.before.size();
    if (i % 2 == 0) talk.server(row.before[i] + (is_last ? row.server_adds : ""));
    if (i % 2 == 1) talk.client(row.before[i]);
  }
  line.send_all(talk.frames());
  const std::size_t sent = talk.frames().size();
  talk.client(wire::record(wire::kHandshake, wire::ClientHello{.extensions = wire::sni(row.sni)}.wire()));
  const std::vector<traffic::Octets> hello(talk.frames().begin() + static_cast<std::ptrdiff_t>(sent),
                                           talk.frames().end());
  EXPECT_EQ(line.send_all(hello), row.last_verdict);
  EXPECT_EQ(line.alerts(), row.alerts);
}

const std::string kServerHello = wire::record(wire::kHandshake, wire::ServerHello{}.wire());

INSTANTIATE_TEST_SUITE_P(
    ToTls, Handover,
    testing::Values(Case{"Mail",
                         25,
                         {"220 m ESMTP\r\n", "EHLO me\r\n", "250 m\r\n", "STARTTLS\r\n", "220 go\r\n"},
                         "good.test",
                         "",
                         "4:alert 2:alert",
                         "a"},
                    Case{"MailEvil",
                         25,
                         {"220 m ESMTP\r\n", "EHLO me\r\n", "250 m\r\n", "STARTTLS\r\n", "220 go\r\n"},
                         "evil.test",
                         "",
                         "4:alert 1:rule 2:rule",
                         "b"},
                    Case{"MailRefused",
                         25,
                         {"220 m ESMTP\r\n", "EHLO me\r\n", "250 m\r\n", "STARTTLS\r\n", "454 no\r\n"},
                         "evil.test",
                         "",
                         "4:alert",
                         "a"},
                    Case{"Files",
                         21,
                         {"220 FTP\r\n", "AUTH TLS\r\n", "234 go\r\n"},
                         "evil.test",
                         "",
                         "5:alert 1:rule 2:rule",
                         "b"},
                    Case{"RemoteDesktop",
                         3390,
                         {"", "\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0"s,
                          "\3\0\0\x13\x0e\xd0\0\0\x12\x34\0\2\0\x08\0\1\0\0\0"s},
                         "evil.test",
                         "",
                         "1:rule 2:rule",
                         "b"},
                    Case{"Directory",
                         389,
                         {"", "\x30\x1d\2\1\1\x77\x18\x80\x16"s + "1.3.6.1.4.1.1466.20037",
                          "\x30\x0c\2\1\1\x78\7\x0a\1\0\4\0\4\0"s},
                         "evil.test",
                         "",
                         "1:rule 2:rule",
                         "b"},
                    Case{"ServerAtOnce",
                         21,
                         {"220 FTP\r\n", "AUTH TLS\r\n", "234 go\r\n"},
                         "good.test",
                         kServerHello,
                         "5:alert 3:alert 2:alert",
                         "a"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
