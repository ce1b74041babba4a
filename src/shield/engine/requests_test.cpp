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

TEST_P(Requests, AreAnsweredInOneLine) {
  const Commands commands{
      .status =
          [] {
            Status status;
            status.driver = "fake";
            return status;
          },
      .reload = []() -> Result<RulesStatus> { return fail(Errc::invalid, "line one\nline \"two\""); }};
  const std::string answer = answer_request(GetParam().request, commands);
  EXPECT_NE(answer.find(GetParam().expected), std::string::npos) << answer;
  EXPECT_EQ(answer.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, Requests,
    testing::Values(Case{"Status", R"({"command":"status"})", R"("driver":"fake")"},
                    Case{"ReloadFails", R"({"command":"reload"})", R"("error":"line one\nline \"two\"")"},
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
  const Commands commands{.status = {}, .reload = []() -> Result<RulesStatus> {
                            return RulesStatus{.generation = 3, .rules = 12, .refused = 1};
                          }};
  EXPECT_EQ(answer_request(R"({"command":"reload"})", commands),
            R"({"generation":3,"need_restart":[],"ok":true,"refused":1,"rules":12})");
}

}  // namespace
}  // namespace bansoko::engine
