// SPDX-License-Identifier: Apache-2.0
// A patch is applied and withdrawn while connections go on.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline_line.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kRules =
    "drop http any any -> any any (msg:\"patch\"; http.uri; content:\"HOLE\"; sid:1;)\n"
    "drop http any any -> any any (msg:\"body\"; http.request_body; content:\"BODY\"; sid:2;)\n"
    "drop tcp any any -> any any (msg:\"stream\"; flow:established,to_server; content:\"STREAM\"; sid:3;)\n";

/// What the connection says before the reload and after it; the marks lie across it.
struct Case {
  std::string_view name;
  std::string_view before, after;
  std::string_view verdict;
};

class PipelineReload : public testing::TestWithParam<Case> {
 protected:
  static ShieldSettings settings() {
    ShieldSettings settings = small_settings(Mode::enforce);
    settings.patches.found = PatchLibrary{
        .is_there = true, .patches = {{.id = "patch", .is_final = true, .rule_files = {}, .sids = {{1, 1}}}}};
    return settings;
  }

  /// The last verdict of a connection that goes for the hole.
  static char attack(Line& line, std::uint16_t port) {
    TestTcp tcp(traffic::kClient, port);
    tcp.handshake().client("GET /HOLE HTTP/1.1\r\nHost: a\r\n\r\n");
    return line.send_all(tcp.frames()).back();
  }

  static void goes_on(Line& line, std::uint16_t port, const settings::Words& modes) {
    TestTcp tcp(traffic::kClient, port);
    tcp.handshake().client(GetParam().before);
    const auto first = tcp.frames();
    EXPECT_EQ(line.send_all(first), "aaaa");
    const std::uint64_t flows = line.pipeline().flows().created.value();
    line.reload(kRules, modes);
    tcp.client(GetParam().after);
    const std::vector<Octets> rest(tcp.frames().begin() + static_cast<std::ptrdiff_t>(first.size()),
                                   tcp.frames().end());
    EXPECT_EQ(line.send_all(rest), GetParam().verdict);
    EXPECT_EQ(line.pipeline().flows().created.value(), flows) << "the connection is the one of before";
  }
};

TEST_P(PipelineReload, OtherConnectionsGoOnAndAreInspected) {
  Line line(kRules, settings());
  EXPECT_EQ(attack(line, 1000), 'b');
  goes_on(line, 2000, {{"patch", "off"}});
  EXPECT_EQ(attack(line, 1001), 'a') << "withdrawn";
  goes_on(line, 2001, {{"patch", "enforce"}});
  EXPECT_EQ(attack(line, 1002), 'b') << "applied";
  goes_on(line, 2002, {{"patch", "observe"}});
  EXPECT_EQ(attack(line, 1003), 'a') << "observed";
}

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelineReload,
    testing::Values(
        Case{"ATransfer", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", "defghi", "a"},
        Case{"ABodyAcross", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n..BO", "DY...", "b"},
        Case{"AStreamAcross", "anything STR", "EAM", "b"}),
    by_name);

/// What was blocked is not let go in the middle: its peers have long lost step.
TEST(PipelineReloaded, ABlockedConnectionStaysBlocked) {
  ShieldSettings settings = small_settings(Mode::enforce);
  settings.patches.found = PatchLibrary{
      .is_there = true, .patches = {{.id = "patch", .is_final = true, .rule_files = {}, .sids = {{1, 1}}}}};
  Line line(kRules, settings);
  TestTcp tcp;
  tcp.handshake().client("GET /HOLE HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(line.send_all(tcp.frames()), "aaab");
  line.reload(kRules, {{"patch", "off"}});
  tcp.client("more");
  EXPECT_EQ(line.send(tcp.frames().back()), packet::Action::drop);
}

}  // namespace
}  // namespace bansoko::engine
