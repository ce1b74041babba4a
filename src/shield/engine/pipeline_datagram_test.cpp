// SPDX-License-Identifier: Apache-2.0
// Protocols of datagrams, led through the whole path.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "shield/proto/dns/test_message.h"
#include "shield/proto/krb5/test_message.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {
using namespace std::string_literals;
using proto::dns::wire::request;
using proto::dns::wire::response;
using traffic::Octets;

constexpr std::string_view kDns =
    "drop dns any any -> any any (msg:\"dns\"; dns.query; content:\"evil.test\"; endswith; sid:1;)\n";
constexpr std::string_view kAnswer =
    "drop dns any any -> any any (msg:\"answer\"; flow:to_client; dns.response.rrname; content:\"evil\"; "
    "sid:2;)\n";
constexpr std::string_view kSnmp =
    "drop snmp any any -> any any (msg:\"snmp\"; snmp.community; content:\"evil\"; sid:3;)\n";
constexpr std::string_view kLdap =
    "drop ldap any any -> any any (msg:\"ldap\"; ldap.request.dn; content:\"evil\"; sid:5;)\n";
constexpr std::string_view kKerberos =
    "drop krb5 any any -> any any (msg:\"krb5\"; krb5_cname; content:\"evil\"; sid:6;)\n";
constexpr std::string_view kTypes = "drop dns any any -> any any (msg:\"type\"; dns.rrtype:txt; sid:4;)\n";

struct Datagram {
  std::string payload;
  bool from_server = false;
};

std::vector<Octets> to_port(std::uint16_t port, const std::vector<Datagram>& datagrams) {
  std::vector<Octets> frames;
  for (const Datagram& one : datagrams)
    frames.push_back(one.from_server
                         ? traffic::udp_frame(traffic::kServer, port, traffic::kClient, 40000, one.payload)
                         : traffic::udp_frame(traffic::kClient, 40000, traffic::kServer, port, one.payload));
  return frames;
}

traffic::TestTcp over_tcp() {
  return traffic::TestTcp(traffic::kClient, 40000, traffic::kServer, 53).handshake();
}

const std::string kFine = request("fine.test", 1).bytes();
const std::string kEvil = request("x.evil.test", 2).bytes();
const std::string kEvilFramed = request("x.evil.test", 2).framed();
const std::string kCommunity = "\x30\x11\2\1\0\4\4"s + "evil" + "\xA0\6\2\1\1\2\1\0"s;

const std::string kDelete = "\x30\x09\2\1\1\x4a\4"s + "evil";
const std::string kTicketRequest = proto::krb5::wire::request(
    10, "",
    proto::krb5::wire::sequence(proto::krb5::wire::field(1, proto::krb5::wire::principal(1, {"evil"}))));

struct Case {
  std::string_view name;
  std::string rules;
  std::vector<Octets> frames;
  std::string verdicts;
  std::string alerts;
};

class PipelineDatagrams : public testing::TestWithParam<Case> {};

TEST_P(PipelineDatagrams, Enforces) {
  Line line(GetParam().rules);
  EXPECT_EQ(line.send_all(GetParam().frames), GetParam().verdicts);
  EXPECT_EQ(line.alerts(), GetParam().alerts);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelineDatagrams,
    testing::Values(
        Case{"Fine", std::string(kDns), to_port(53, {{kFine}, {kFine}}), "aa", ""},
        Case{"Query", std::string(kDns), to_port(53, {{kFine}, {kEvil}, {kFine}}), "abd", "1:rule"},
        Case{"OtherPort", std::string(kDns), to_port(5300, {{kEvil}}), "b", "1:rule"},
        Case{"BehindAStrayDatagram", std::string(kDns), to_port(53, {{"stray"}, {kEvil}}), "ab", "1:rule"},
        Case{"BehindADatagramOfAnother", std::string(kDns), to_port(53, {{kCommunity}, {kEvil}}), "ab",
             "1:rule"},
        Case{"Answer", std::string(kAnswer),
             to_port(53,
                     {{kFine},
                      {response("fine.test", 1).answer("\xC0\x0C", 5, proto::dns::wire::name("evil")).bytes(),
                       true}}),
             "ab", "2:rule"},
        Case{"Type", std::string(kTypes), to_port(53, {{request("a", 1, 16).bytes()}}), "b", "4:rule"},
        Case{"OverTcp", std::string(kDns), over_tcp().client(kEvilFramed).frames(), "aaab", "1:rule"},
        Case{"OverTcpInPieces", std::string(kDns),
             over_tcp()
                 .client(kEvilFramed.substr(0, 1))
                 .client(kEvilFramed.substr(1, 20))
                 .client(kEvilFramed.substr(21))
                 .frames(),
             "aaaaab", "1:rule"},
        Case{"OverTcpPipelined", std::string(kDns),
             over_tcp().client(request("fine.test", 1).framed() + kEvilFramed).frames(), "aaab", "1:rule"},
        Case{"Cldap", std::string(kLdap), to_port(4000, {{kDelete}}), "b", "5:rule"},
        Case{"CldapBehindAStrayDatagram", std::string(kLdap), to_port(389, {{"stray"}, {kDelete}}), "ab",
             "5:rule"},
        Case{"CldapBehindADatagramOfAnother", std::string(kLdap), to_port(389, {{kCommunity}, {kDelete}}),
             "ab", "5:rule"},
        Case{"Kerberos", std::string(kKerberos), to_port(4000, {{kTicketRequest}}), "b", "6:rule"},
        Case{"KerberosBehindADatagramOfAnother", std::string(kKerberos),
             to_port(88, {{kFine}, {kTicketRequest}}), "ab", "6:rule"},
        Case{"Community", std::string(kSnmp), to_port(161, {{kCommunity}}), "b", "3:rule"},
        Case{"CommunityBehindAStrayDatagram", std::string(kSnmp), to_port(161, {{"stray"}, {kCommunity}}),
             "ab", "3:rule"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
