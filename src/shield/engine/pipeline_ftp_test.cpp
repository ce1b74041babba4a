// SPDX-License-Identifier: Apache-2.0
// Connections that FTP announces, through the whole pipeline.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::From;
using traffic::TestTcp;

constexpr std::string_view kRules =
    "alert ftp-data any any -> any any (msg:\"retr\"; ftpdata_command:retr; sid:1;)\n"
    "alert ftp-data any any -> any any (msg:\"stor\"; ftpdata_command:stor; sid:2;)\n"
    "drop tcp any any -> any any (msg:\"content\"; file.data; content:\"evil\"; sid:3;)\n"
    "alert ftp-data any any -> any any (msg:\"name\"; file.name; content:\"d/x y\"; startswith; endswith; "
    "sid:4;)\n"
    "alert ftp-data any any -> any any (msg:\"payload\"; flow:established,to_client; content:\"ood\"; "
    "sid:5;)\n"
    "alert tcp any any -> any 21 (msg:\"bounce\"; flow:to_server,established; content:\"PORT\"; ftpbounce; "
    "pcre:\"/^PORT/smi\"; sid:6;)\n";

struct Case {
  std::string name;
  std::string announcement;  // "<what the client says>" or "<client>|<server>"
  std::string command;
  From opener;  // of the connection for data
  std::uint16_t port;
  From speaker;
  std::string content;
  std::string alerts;
  std::string verdicts;  // of the packets with data
};

class FtpPipeline : public testing::TestWithParam<Case> {};

TEST_P(FtpPipeline, Sees) {
  const Case& row = GetParam();
  Line line(kRules);
  TestTcp control(traffic::kClient, 40000, traffic::kServer, 21);
  const auto bar = row.announcement.find('|');
  control.handshake().server("220 ready\r\n").client("USER a\r\n").server("230 ok\r\n");
  control.client(row.announcement.substr(0, bar) + "\r\n");
  control.server(bar == std::string::npos ? "200 ok\r\n" : row.announcement.substr(bar + 1) + "\r\n");
  control.client(row.command + "\r\n").server("150 go\r\n");
  line.send_all(control.frames());
  const bool by_client = row.opener == From::client;
  TestTcp data(by_client ? traffic::kClient : traffic::kServer, 40001,
               by_client ? traffic::kServer : traffic::kClient, row.port);
  data.handshake();
  line.send_all(data.frames());
  const std::size_t before = data.frames().size();
  data.send(row.speaker, row.content);
  const std::vector<traffic::Octets> frames(data.frames().begin() + static_cast<std::ptrdiff_t>(before),
                                            data.frames().end());
  EXPECT_EQ(line.send_all(frames), row.verdicts);
  EXPECT_EQ(line.alerts(), row.alerts);
}

INSTANTIATE_TEST_SUITE_P(Transfers, FtpPipeline,
                         testing::Values(Case{"PassiveDownload", "PASV|227 ok (192,0,2,9,8,0)", "RETR d/x y",
                                              From::client, 2048, From::server, "good",
                                              "1:alert 4:alert 5:alert", "a"},
                                         Case{"PassiveEvil", "EPSV|229 ok (|||2048|)", "RETR f", From::client,
                                              2048, From::server, "evil", "3:rule 1:rule", "b"},
                                         Case{"PassiveUpload", "PASV|227 ok (192,0,2,9,8,0)", "STOR f",
                                              From::client, 2048, From::client, "evil", "3:rule 2:rule", "b"},
                                         Case{"AnotherPort", "PASV|227 ok (192,0,2,9,8,0)", "RETR f",
                                              From::client, 2049, From::server, "evil", "", "a"},
                                         Case{"NothingAnnounced", "NOOP", "RETR f", From::client, 2048,
                                              From::server, "evil", "", "a"},
                                         Case{"NotYetAskedFor", "PASV|227 ok (192,0,2,9,8,0)", "NOOP",
                                              From::client, 2048, From::server, "evil", "", "a"},
                                         Case{"Bounce", "PORT 203,0,113,9,8,0", "RETR f", From::server, 2048,
                                              From::client, "evil", "6:alert", "a"}),
                         by_name);

}  // namespace
}  // namespace bansoko::engine
