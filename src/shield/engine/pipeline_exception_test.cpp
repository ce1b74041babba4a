// SPDX-License-Identifier: Apache-2.0
// Hits that an operator excepts, and patches and hosts that are only observed.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/detect/hit_policy.h"
#include "shield/engine/pipeline_line.h"
#include "tests/allocations.h"
#include "tests/cases.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using traffic::TestTcp;

constexpr std::string_view kRules =
    "drop http any any -> any any (msg:\"evil\"; http.uri; content:\"EVIL\"; sid:1;)\n"
    "drop http any any -> any any (msg:\"answer\"; file.data; content:\"BAD\"; sid:2;)\n"
    "drop tcp any any -> any any (msg:\"other\"; content:\"OTHER\"; sid:9;)\n"
    "alert http any any -> any any (msg:\"tells\"; http.uri; content:\"EVIL\"; sid:10;)\n";

/// 10.0.0.1 asks 10.0.0.2.
std::vector<traffic::Octets> request(std::string_view target, std::string_view host = "www.example.test",
                                     std::uint16_t port = 40000) {
  TestTcp tcp(traffic::kClient, port);
  tcp.handshake().client(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", target, host));
  tcp.server("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nBAD");
  return tcp.frames();
}

ShieldSettings settings_of(std::string_view yaml, const ReadLibrary& read_library = {}) {
  settings::Faults faults;
  const auto parsed = parse_settings(yaml, "f", proto::all_protocols(), faults, read_library);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  ShieldSettings settings = small_settings(Mode::enforce);
  if (!parsed) return settings;
  settings.exceptions = parsed->exceptions;
  settings.groups = parsed->groups;
  settings.patches = parsed->patches;
  settings.hosts = parsed->hosts;
  return settings;
}

PatchLibrary two_patches(const std::string&) {
  return {.is_there = true,
          .patches = {{.id = "proven", .is_final = true, .rule_files = {}, .sids = {{1, 1}}},
                      {.id = "young", .is_final = false, .rule_files = {}, .sids = {{2, 2}}}}};
}

/// What was told of each record: "1:exception:name" or "1:rule:enforce".
std::string told(Line& line) {
  std::string text;
  for (const Record& record : line.records()) {
    if (record.kind != RecordKind::alert && record.kind != RecordKind::excepted) continue;
    const bool excepted = record.kind == RecordKind::excepted;
    const auto which = static_cast<std::size_t>(record.match.exception);
    text += fmt::format("{}{}:{}:{}", text.empty() ? "" : " ", line.rules().rules()[record.match.rule].sid,
                        name_of(record.reason),
                        excepted ? line.rules().hits().exceptions[which].name : name_of(record.mode));
  }
  return text;
}

struct Case {
  std::string_view name;
  std::string_view yaml;
  std::string_view verdicts;  // of handshake, request and answer
  std::string_view told;
  std::string_view host = "www.example.test";
};

class PipelineHits : public testing::TestWithParam<Case> {};

TEST_P(PipelineHits, AsTheOperatorSays) {
  Line line(kRules, settings_of(GetParam().yaml, two_patches));
  EXPECT_EQ(line.send_all(request("/app/EVIL", GetParam().host)), GetParam().verdicts);
  EXPECT_EQ(told(line), GetParam().told);
}

constexpr std::string_view kBlocked = "1:rule:enforce 10:rule:enforce";
constexpr std::string_view kFirstOnly = "1:exception:x 10:alert:enforce 2:rule:observe";

INSTANTIATE_TEST_SUITE_P(
    Engine, PipelineHits,
    testing::Values(
        Case{"NothingSaid", "shield: {}", "aaabd", kBlocked},
        Case{"OneRule", "shield: {exceptions: {x: {sids: ['1'], until: never}}}", "aaaaa", kFirstOnly},
        Case{"OnePatch", "shield: {exceptions: {x: {patches: [proven], until: never}}}", "aaaaa", kFirstOnly},
        Case{"AllRulesOfASource", "shield: {exceptions: {x: {source: 10.0.0.1, until: never}}}", "aaaaa",
             "1:exception:x 10:exception:x 2:exception:x"},
        Case{"AGroup",
             "shield: {groups: {scanner: '[10.9.0.0/16,10.0.0.1]'}, "
             "exceptions: {x: {source: scanner, until: never}}}",
             "aaaaa", "1:exception:x 10:exception:x 2:exception:x"},
        Case{"AnotherSource", "shield: {exceptions: {x: {source: 10.0.0.3, until: never}}}", "aaabd",
             kBlocked},
        Case{"Destination", "shield: {exceptions: {x: {sids: [1-9], dest: 10.0.0.2, until: never}}}", "aaaaa",
             "1:exception:x 10:alert:enforce 2:exception:x"},
        Case{"AnotherDestination", "shield: {exceptions: {x: {dest: 10.0.0.3, until: never}}}", "aaabd",
             kBlocked},
        Case{"Host", "shield: {exceptions: {x: {sids: ['1'], host: WWW.example.test, until: never}}}",
             "aaaaa", kFirstOnly},
        Case{"HostsBelow", "shield: {exceptions: {x: {sids: ['1'], host: '*.example.test', until: never}}}",
             "aaaaa", kFirstOnly},
        Case{"NotBelow", "shield: {exceptions: {x: {sids: ['1'], host: '*.example.test', until: never}}}",
             "aaabd", kBlocked, "example.test"},
        Case{"NotAnEnding", "shield: {exceptions: {x: {sids: ['1'], host: '*.example.test', until: never}}}",
             "aaabd", kBlocked, "wwwexample.test"},
        Case{"Uri", "shield: {exceptions: {x: {sids: ['1'], uri: /app/, until: never}}}", "aaaaa",
             kFirstOnly},
        Case{"AnotherUri", "shield: {exceptions: {x: {sids: ['1'], uri: /other/, until: never}}}", "aaabd",
             kBlocked},
        Case{"HostOfTheAnswersRequest",
             "shield: {exceptions: {x: {sids: [1-2], host: www.example.test, until: never}}}", "aaaaa",
             "1:exception:x 10:alert:enforce 2:exception:x"},
        Case{"PatchObserved", "shield: {patches: {modes: {proven: observe}}}", "aaaaa",
             "1:rule:observe 10:rule:observe 2:rule:observe"},
        Case{"PatchOff", "shield: {patches: {modes: {proven: off}}}", "aaaaa",
             "10:alert:enforce 2:rule:observe"},
        Case{"YoungPatchEnforced", "shield: {patches: {modes: {proven: off, young: enforce}}}", "aaaab",
             "10:alert:enforce 2:rule:enforce"},
        Case{"AllOthers", "shield: {patches: {modes: {proven: off, '*': enforce}}}", "aaaab",
             "10:alert:enforce 2:rule:enforce"},
        Case{"HostObserved", "shield: {hosts: {modes: {10.0.0.2: observe}}}", "aaaaa",
             "1:rule:observe 10:rule:observe 2:rule:observe"},
        Case{"EitherEnd", "shield: {hosts: {modes: {10.0.0.1: observe, 10.0.0.2: enforce}}}", "aaaaa",
             "1:rule:observe 10:rule:observe 2:rule:observe"},
        Case{"TheInnerNetwork", "shield: {hosts: {modes: {10.0.0.0/8: observe, 10.0.0.0/24: enforce}}}",
             "aaabd", kBlocked}),
    by_name);

/// Of two about one hit the longer one still holds.
TEST(PipelineExceptions, End) {
  Line line(kRules, settings_of("shield: {exceptions: {a: {sids: ['1'], until: 2001-06-30}, "
                                "b: {sids: ['1'], until: 2003-06-30}}}"));
  std::chrono::days since_1970{0};
  for (const auto& [day, name] : {std::pair{11000, "1:exception:b"}, std::pair{11700, "1:exception:b"},
                                  std::pair{13000, "1:rule:enforce"}}) {
    line.wait(std::chrono::days(day) - since_1970);
    since_1970 = std::chrono::days(day);
    line.send_all(request("/EVIL", "a", static_cast<std::uint16_t>(day)));
    EXPECT_EQ(told(line).substr(0, std::string_view(name).size()), name) << day;
  }
}

/// The exception is asked only once the host is known, however late that is.
TEST(PipelineExceptions, WaitForTheHost) {
  const auto settings = settings_of("shield: {exceptions: {x: {sids: ['1'], host: a.test, until: never}}}");
  const std::string text = "GET /EVIL HTTP/1.1\r\nHost: a.test\r\n\r\n";
  for (std::size_t at = 1; at < text.size(); ++at) {
    Line line("drop http any any -> any any (msg:\"evil\"; http.uri; content:\"EVIL\"; sid:1;)\n", settings);
    TestTcp tcp;
    tcp.handshake().client(text.substr(0, at)).client(text.substr(at));
    EXPECT_EQ(line.send_all(tcp.frames()), "aaaaa") << at;
    EXPECT_EQ(told(line), "1:exception:x") << at;
  }
}

TEST(PipelineExceptions, OtherRulesGoOn) {
  Line line(kRules, settings_of("shield: {exceptions: {x: {sids: ['1'], until: never}}}"));
  TestTcp tcp;
  tcp.handshake()
      .client("GET /EVIL HTTP/1.1\r\nHost: a\r\n\r\n")
      .client("GET /OTHER HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(line.send_all(tcp.frames()), "aaaab");
  EXPECT_EQ(line.pipeline().counters().excepted.value(), 1U);
}

TEST(PipelineExceptions, AllocateNothing) {
  Line line(kRules, settings_of("shield: {exceptions: {x: {sids: ['1'], source: 10.0.0.1, host: "
                                "'*.example.test', uri: /app, until: never}}}"));
  line.send_all(request("/app/EVIL"));
  const auto frames = request("/app/EVIL");
  const AllocationCounter allocations;
  for (const auto& frame : frames) line.send(frame);
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace bansoko::engine
