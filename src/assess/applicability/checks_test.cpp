// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/checks.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

using Kind = Condition::Kind;

Condition os(std::string product) { return {.kind = Kind::os, .texts = {std::move(product)}}; }

Condition is(std::string name, std::string value) {
  return {.kind = Kind::setting, .texts = {std::move(name)}, .value = std::move(value)};
}

Check check(std::string id, std::string severity, Condition bad) {
  return {.id = std::move(id),
          .severity = std::move(severity),
          .when = os("debian:debian_linux"),
          .bad = std::move(bad)};
}

Host debian(std::map<std::string, Setting, std::less<>> settings) {
  Host host;
  host.os.product = "debian:debian_linux";
  host.settings = std::move(settings);
  return host;
}

CheckResult of(const Check& one, const Host& host) {
  const std::vector<Role> roles;
  return ask(one, {host, roles});
}

struct Case {
  const char* name;
  Host host;
  CheckState state;
  std::vector<std::string> open;
};

class OneCheck : public testing::TestWithParam<Case> {};

TEST_P(OneCheck, Says) {
  const CheckResult result =
      of(check("sshd-empty", "high", is("sshd:permitemptypasswords", "yes")), GetParam().host);
  EXPECT_EQ(result.state, GetParam().state);
  EXPECT_EQ(result.open, GetParam().open);
}

INSTANTIATE_TEST_SUITE_P(
    Checks, OneCheck,
    testing::Values(
        Case{"Bad", debian({{"sshd:permitemptypasswords", {.value = "yes"}}}), CheckState::failed, {}},
        Case{"Good", debian({{"sshd:permitemptypasswords", {.value = "no"}}}), CheckState::passed, {}},
        Case{"NotSaid", debian({}), CheckState::unknown, {"sshd:permitemptypasswords"}},
        Case{"AnotherSystem", {.os = {.product = "microsoft:windows_2000"}}, CheckState::not_applicable, {}},
        Case{"SystemNotKnown", {}, CheckState::unknown, {"sshd:permitemptypasswords", "system"}},
        Case{"SystemNotKnownAndGood",
             {.settings = {{"sshd:permitemptypasswords", {.value = "no"}}}},
             CheckState::passed,
             {}}),
    [](const auto& at) { return at.param.name; });

TEST(Checks, ComeWorstFirst) {
  const Host host = debian({{"a:x", {.value = "1"}}, {"a:y", {.value = "0"}}});
  const std::vector<Role> roles;
  const std::vector<Checklist> lists{
      {.checks = {check("good", "critical", is("a:y", "1")), check("mild", "low", is("a:x", "1")),
                  check("grave", "critical", is("a:x", "1")), check("unsaid", "high", is("b:z", "1"))}}};
  std::string order;
  for (const CheckResult& one : ask(lists, {host, roles})) order += one.check->id + " ";
  EXPECT_EQ(order, "grave mild unsaid good ");
}

TEST(Checks, ShowWhatTheConfigurationSays) {
  const Host host =
      debian({{"a:x", {.value = "1", .evidence = {.source = "etc/a.conf", .line = 3, .text = "x=1"}}}});
  const CheckResult result =
      of(check("x", "low", {.kind = Kind::any, .parts = {is("a:x", "1"), is("a:y", "1")}}), host);
  ASSERT_EQ(result.evidence.size(), 1U);
  EXPECT_EQ(result.evidence.front().line, 3U);
}

TEST(Checks, ExamplesThatDoNotShowWhatTheyShouldAreTold) {
  Check one = check("x", "low", is("a:x", "1"));
  one.bad_example = debian({{"a:x", {.value = "1"}}});
  one.good_example = debian({{"a:x", {.value = "0"}}});
  EXPECT_EQ(wrong_example(one), "");
  one.good_example = debian({});
  EXPECT_EQ(wrong_example(one), "the good example is not known");
  one.bad_example = debian({{"a:x", {.value = "0"}}});
  EXPECT_EQ(wrong_example(one), "the bad example passes");
}

}  // namespace
}  // namespace bansoko::assess
