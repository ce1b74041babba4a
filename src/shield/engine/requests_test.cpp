// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/requests.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

struct Case {
  std::string_view name;
  std::string request;
  std::string_view expected;  // is part of the answer
};

class Requests : public testing::TestWithParam<Case> {};

/// In mode enforce, with 192.0.2.0/24 as an exception and room for one more.
Quarantine& quarantine() {
  static Quarantine* const made = [] {
    ShieldSettings settings;
    settings.mode = Mode::enforce;
    settings.recon.except = {"192.0.2.0/24"};
    settings.recon.max_quarantined = 2;
    auto* quarantine = new Quarantine(settings, {});
    EXPECT_TRUE(quarantine->add(packet::Address::v4(203, 0, 113, 1),
                                std::chrono::system_clock::now().time_since_epoch()));
    return quarantine;
  }();
  return *made;
}

TEST_P(Requests, AreAnsweredInOneLine) {
  const Commands commands{
      .status =
          [] {
            Status status;
            status.driver = "fake";
            return status;
          },
      .reload = []() -> Result<RulesStatus> { return fail(Errc::invalid, "line one\nline \"two\""); },
      .quarantine = []() -> Quarantine& { return quarantine(); }};
  const std::string answer = answer_request(GetParam().request, commands);
  EXPECT_NE(answer.find(GetParam().expected), std::string::npos) << answer;
  EXPECT_EQ(answer.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, Requests,
    testing::Values(Case{"Status", R"({"command":"status"})", R"("driver":"fake")"},
                    Case{"ReloadFails", R"({"command":"reload"})", R"("error":"line one\nline \"two\"")"},
                    Case{"Quarantine", R"({"command":"quarantine"})", R"("address":"203.0.113.1")"},
                    Case{"QuarantineAdd", R"({"command":"quarantine","add":"2001:db8::1"})",
                         R"("address":"2001:db8::1")"},
                    Case{"QuarantineRelease", R"({"command":"quarantine","release":"2001:db8::1"})",
                         R"("ok":true)"},
                    Case{"QuarantineReleaseStranger", R"({"command":"quarantine","release":"2001:db8::9"})",
                         "not shut out"},
                    Case{"QuarantineException", R"({"command":"quarantine","add":"192.0.2.9"})", "exception"},
                    Case{"QuarantineNumber", R"({"command":"quarantine","add":7})", "an address is a string"},
                    Case{"QuarantineName", R"({"command":"quarantine","add":"example"})", R"("ok":false)"},
                    Case{"Unknown", R"({"command":"stop"})", "unknown command 'stop'"},
                    Case{"NotUtf8", "{\"command\":\"\xff\xfe\"}", R"("ok":false)"},
                    Case{"NumberAsCommand", R"({"command":7})", R"("ok":false)"},
                    Case{"NoCommand", "{}", "no \\\"command\\\""}, Case{"Empty", "", "no JSON object"},
                    Case{"Array", "[1]", "no JSON object"},
                    Case{"CutShort", R"({"command":"sta)", "no JSON object"},
                    Case{"Deep", std::string(4000, '['), "no JSON object"},
                    Case{"DeepObject", std::string(R"({"command":"status","x":)") + std::string(3000, '['),
                         "no JSON object"}),
    by_name);

TEST(Requests, ReloadTellsTheRules) {
  const Commands commands{.status = {},
                          .reload = []() -> Result<RulesStatus> {
                            return RulesStatus{.generation = 3, .rules = 12, .refused = 1};
                          },
                          .quarantine = {}};
  EXPECT_EQ(answer_request(R"({"command":"reload"})", commands),
            R"({"generation":3,"need_restart":[],"ok":true,"refused":1,"rules":12})");
}

}  // namespace
}  // namespace bansoko::engine
