// SPDX-License-Identifier: Apache-2.0
// What is encrypted is not searched, and all else is, through the whole pipeline.
#include <cstdint>
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
using traffic::From;
using traffic::TestTcp;
namespace wire = proto::tls::wire;

constexpr std::string_view kRules =
    "alert tcp any any -> any any (msg:\"raw\"; content:\"plainraw\"; sid:1;)\n"
    "alert tcp-pkt any any -> any any (msg:\"packet\"; content:\"plainpkt\"; sid:2;)\n"
    "alert tcp any any -> any any (msg:\"size\"; flow:to_server; dsize:77; sid:3;)\n";

const std::string kHello =
    wire::record(wire::kHandshake, wire::ClientHello{.extensions = wire::sni("a.test")}.wire());
const std::string kAnswer = wire::record(wire::kHandshake, wire::ServerHello{}.wire());
const std::string kText = "plainraw and plainpkt";

std::string data(const std::string& bytes) { return wire::record(wire::kData, bytes); }

struct Word {
  From from = From::client;
  std::string bytes;
};

struct Case {
  std::string name;
  std::vector<Word> before;
  std::vector<Word> last;
  std::string alerts;
  std::uint64_t searches = 0;  // the setting
};

class Sealed : public testing::TestWithParam<Case> {};

TEST_P(Sealed, IsNotSearched) {
  const Case& row = GetParam();
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.protocol_limits["tls"]["search_encrypted"] = row.searches;
  Line line(kRules, settings);
  TestTcp talk(traffic::kClient, 40000, traffic::kServer, 443);
  talk.handshake();
  for (const auto& words : {row.before, row.last})
    for (const Word& word : words) talk.send(word.from, word.bytes);
  line.send_all(talk.frames());
  EXPECT_EQ(line.alerts(), row.alerts);
}

const Word kClientHello{From::client, kHello};
const Word kServerHello{From::server, kAnswer + wire::change() + data("finished")};
const Word kClientChange{From::client, wire::change() + data("finished")};
const std::vector<Word> kAgreed{kClientHello, kServerHello, kClientChange};
constexpr std::string_view kBoth = "1:alert 2:alert";

INSTANTIATE_TEST_SUITE_P(
    Tls, Sealed,
    testing::Values(
        Case{"Client", kAgreed, {{From::client, data(kText)}}, ""},
        Case{"Server", kAgreed, {{From::server, data(kText)}}, ""},
        Case{"InTwoPackets",
             kAgreed,
             {{From::client, data(kText).substr(0, 12)}, {From::client, data(kText).substr(12)}},
             ""},
        Case{"RulesAboutPacketsHold", kAgreed, {{From::client, data(std::string(72, 'x'))}}, "3:alert"},
        Case{"Setting", kAgreed, {{From::client, data(kText)}}, std::string(kBoth), 1},
        Case{"PlainText", kAgreed, {{From::client, kText}}, std::string(kBoth)},
        Case{"PlainTextBehindData", kAgreed, {{From::client, data("x") + kText}}, std::string(kBoth)},
        Case{"PlainTextAfterData",
             kAgreed,
             {{From::client, data("x")}, {From::client, kText}},
             std::string(kBoth)},
        Case{"AnyOtherRecord",
             kAgreed,
             {{From::client, data("x")}, {From::client, wire::record(wire::kHeartbeat, kText)}},
             std::string(kBoth)},
        Case{"TextCutByARecord", kAgreed, {{From::client, "plai"}, {From::client, "nraw"}}, "1:alert"},
        Case{"NoServersHello",
             {kClientHello, {From::server, wire::change()}, kClientChange},
             {{From::client, data(kText)}},
             std::string(kBoth)},
        Case{"ServerSaysNothing", {kClientHello}, {{From::client, data(kText)}}, std::string(kBoth)},
        Case{"ServerRepeatsAll",
             {kClientHello, {From::server, kHello}, kClientChange, {From::server, kClientChange.bytes}},
             {{From::client, data(kText)}},
             std::string(kBoth)},
        Case{"ServerHasNotChanged",
             {kClientHello, {From::server, kAnswer}, kClientChange},
             {{From::client, data(kText)}},
             std::string(kBoth)}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
