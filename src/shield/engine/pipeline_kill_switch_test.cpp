// SPDX-License-Identifier: Apache-2.0
// What names a kill-switch domain, under rules that drop it, through the whole pipeline.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "shield/proto/dns/test_message.h"
#include "shield/proto/tls/test_wire.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using packet::Address;
using proto::dns::wire::request;
using proto::dns::wire::response;
using traffic::Octets;
using traffic::TestTcp;
namespace tls = proto::tls::wire;

constexpr Address kInside = Address::v4(10, 0, 0, 1);
constexpr Address kOurServer = Address::v4(10, 0, 0, 2);
constexpr Address kOutside = Address::v4(203, 0, 113, 5);

constexpr std::string_view kRules =
    "drop ip any any -> any any (msg:\"any protocol\"; content:\"killme\"; nocase; sid:1;)\n"
    "drop dns any any -> any any (dns.query; content:\"killme\"; nocase; sid:2;)\n"
    "reject http any any -> any any (http.host; content:\"killme\"; sid:3;)\n"
    "drop tls any any -> any any (tls.sni; content:\"killme\"; sid:4;)\n"
    "drop http any any -> any any (flow:to_client; http.header; content:\"sinkhole\"; sid:5;)\n"
    "drop http any any -> any any (flow:to_server; http.uri; content:\"exploit\"; sid:6;)\n"
    "drop http any any -> any any (flow:to_server; http.uri; content:\"exploit\"; sid:9100999;)\n"
    "drop dns any any -> any any (flow:to_client; dns.answers.rrname; content:\"exploit\"; sid:9100998;)\n";

std::string get(const std::string& host, const std::string& uri = "/") {
  return "GET " + uri + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}
const std::string kSinkhole = "HTTP/1.1 200 OK\r\nServer: sinkhole\r\nContent-Length: 0\r\n\r\n";

std::vector<Octets> http(const Address& client, const Address& server, const std::string& said,
                         const std::string& answered = "") {
  TestTcp talk(client, 40000, server, 80);
  talk.handshake().client(said);
  if (!answered.empty()) talk.server(answered);
  return talk.frames();
}

std::vector<Octets> dns(const Address& client, const Address& server, const std::string& asked,
                        const std::string& answered = "") {
  std::vector<Octets> frames{traffic::udp_frame(client, 40000, server, 53, asked)};
  if (!answered.empty()) frames.push_back(traffic::udp_frame(server, 53, client, 40000, answered));
  return frames;
}

std::vector<Octets> hello(const Address& client, const Address& server, const std::string& name) {
  TestTcp talk(client, 40000, server, 443);
  talk.handshake().client(
      tls::record(tls::kHandshake, tls::ClientHello{.extensions = tls::sni(name)}.wire()));
  return talk.frames();
}

std::vector<Octets> both(std::vector<Octets> first, const std::vector<Octets>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

struct Case {
  std::string name;
  std::string home;
  std::vector<Octets> frames;
  std::string verdicts;
};

class PipelineKillSwitch : public testing::TestWithParam<Case> {};

TEST_P(PipelineKillSwitch, Enforces) {
  const TemporaryFolder folder;
  put_file(folder / "k.yaml", "kill_switch: {domains: {killme.test: Worm}}\n");
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.infection.kill_switch_files = {folder / "k.yaml"};
  settings.variables.addresses["HOME_NET"] = GetParam().home;
  Line line(kRules, settings);
  EXPECT_EQ(line.send_all(GetParam().frames), GetParam().verdicts);
}

std::string answer(const std::string& name, std::uint16_t id) {
  return response(name, id).answer("\xC0\x0C", 1, std::string("\x7f\0\0\1", 4)).bytes();
}

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelineKillSwitch,
    testing::Values(
        Case{"DnsPasses", "10.0.0.0/8", dns(kInside, kOutside, request("killme.test", 1).bytes()), "a"},
        Case{"DnsPassesBelow", "10.0.0.0/8", dns(kInside, kOutside, request("www.killme.test", 1).bytes()),
             "a"},
        Case{"DnsPassesInAnyCase", "10.0.0.0/8",
             dns(kInside, kOutside, request("WWW.KillMe.TEST", 1).bytes()), "a"},
        Case{"DnsOfOurResolverPasses", "10.0.0.0/8",
             dns(kInside, kOurServer, request("killme.test", 1).bytes()), "a"},
        Case{"DnsAnswerPasses", "10.0.0.0/8",
             dns(kInside, kOutside, request("killme.test", 1).bytes(), answer("killme.test", 1)), "aa"},
        Case{"DnsAnswerThatNobodyAskedForDoesNot", "10.0.0.0/8",
             dns(kInside, kOutside, request("fine.test", 1).bytes(), answer("killme.test", 2)), "ab"},
        Case{"DnsAnswerToAnotherQuestionDoesNot", "10.0.0.0/8",
             dns(kInside, kOutside, request("killme.test", 1).bytes(), answer("killme.evil", 1)), "ab"},
        Case{"DnsAnswerWithWhatAPatchRefusesDoesNot", "10.0.0.0/8",
             dns(kInside, kOutside, request("killme.test", 1).bytes(),
                 response("killme.test", 1).answer(proto::dns::wire::name("exploit"), 1, "abcd").bytes()),
             "ab"},
        Case{"DnsNameThatOnlyEndsSo", "10.0.0.0/8",
             dns(kInside, kOutside, request("xkillme.test", 1).bytes()), "b"},
        Case{"DnsNameThatGoesOn", "10.0.0.0/8",
             dns(kInside, kOutside, request("killme.test.evil", 1).bytes()), "b"},
        Case{"DnsOfAStrangerDoesNot", "10.0.0.0/8",
             dns(kOutside, kOurServer, request("killme.test", 1).bytes()), "b"},
        Case{"DnsWhereNobodyCanSay", "any", dns(kOutside, kOurServer, request("killme.test", 1).bytes()),
             "a"},
        Case{"TheFlowIsNotExempt", "10.0.0.0/8",
             both(dns(kInside, kOutside, request("killme.test", 1).bytes()),
                  dns(kInside, kOutside, request("killme.evil", 2).bytes())),
             "ab"},
        Case{"HttpPasses", "10.0.0.0/8", http(kInside, kOutside, get("www.killme.test"), kSinkhole), "aaaaa"},
        Case{"HttpAnswerOfOthersDoesNot", "10.0.0.0/8", http(kInside, kOutside, get("fine.test"), kSinkhole),
             "aaaab"},
        Case{"HttpSecondRequestIsNotExempt", "10.0.0.0/8",
             http(kInside, kOutside, get("killme.test") + get("fine.test", "/exploit"), ""), "aaab"},
        Case{"HttpToOurServerDoesNot", "10.0.0.0/8", http(kInside, kOurServer, get("killme.test")), "aaab"},
        Case{"HttpExploitToOurServerDoesNot", "10.0.0.0/8",
             http(kOutside, kOurServer, get("killme.test", "/exploit")), "aaab"},
        Case{"HttpExploitThatAPatchRefusesDoesNot", "any",
             http(kInside, kOutside, get("killme.test", "/exploit")), "aaab"},
        Case{"HttpWhereNobodyCanSay", "any", http(kOutside, kOurServer, get("killme.test")), "aaaa"},
        Case{"HttpThatAsksForMoreWhereNobodyCanSay", "any",
             http(kOutside, kOurServer, get("killme.test", "/more")), "aaab"},
        Case{"TlsPasses", "10.0.0.0/8", hello(kInside, kOutside, "www.killme.test"), "aaaa"},
        Case{"TlsToOurServerDoesNot", "10.0.0.0/8", hello(kInside, kOurServer, "killme.test"), "aaab"},
        Case{"TlsOfAStrangerDoesNot", "10.0.0.0/8", hello(kOutside, kOurServer, "killme.test"), "aaab"}),
    by_name);

// A rule about the conversation before it names anything cannot be known to be about the domain.
TEST(PipelineKillSwitches, AreToldOnceWithTheRuleThatWouldDrop) {
  const TemporaryFolder folder;
  put_file(folder / "k.yaml", "kill_switch: {domains: {killme.test: Worm}}\n");
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.infection.kill_switch_files = {folder / "k.yaml"};
  settings.variables.addresses["HOME_NET"] = "10.0.0.0/8";
  Line line("drop dns any any -> any any (dns.query; content:\"killme\"; sid:2;)\n", settings);
  EXPECT_EQ(
      line.send_all(dns(kInside, kOutside, request("killme.test", 1).bytes(), answer("killme.test", 1))),
      "aa");
  EXPECT_EQ(line.alerts(), "1000:kill_switch 2:kill_switch");
}

}  // namespace
}  // namespace bansoko::engine
