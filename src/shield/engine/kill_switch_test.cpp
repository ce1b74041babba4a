// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/kill_switch.h"

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

std::string domains(const std::string& lines) { return "kill_switch:\n  domains:\n" + lines; }

struct FileCase {
  std::string name;
  std::string text;
  std::string want;  // "domain=malware", or part of the fault
};

class KillSwitchFile : public testing::TestWithParam<FileCase> {};

TEST_P(KillSwitchFile, IsRead) {
  KillSwitches read;
  const auto done = add_kill_switches(GetParam().text, "k.yaml", read);
  std::string got;
  for (const auto& [name, malware] : read) got += name + "=" + malware + " ";
  if (!done) got = done.error().message;
  EXPECT_NE(got.find(GetParam().want), std::string::npos) << got;
}

std::string numbered(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += "    d" + std::to_string(i) + ".test: X\n";
  return domains(lines);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, KillSwitchFile,
    testing::Values(
        FileCase{"Two", domains("    a.test: One\n    b-1.c.test: Two 2\n"), "a.test=One b-1.c.test=Two 2 "},
        FileCase{"Empty", "", ""}, FileCase{"AsManyAsMayBe", numbered(kMostKillSwitches), "d255.test=X"},
        FileCase{"OneMore", numbered(kMostKillSwitches + 1), "more than 256"},
        FileCase{"OneLabel", domains("    test: X\n"), "'test' is no domain name"},
        FileCase{"UpperCase", domains("    A.test: X\n"), "'A.test' is no domain name"},
        FileCase{"EmptyLabel", domains("    a..test: X\n"), "is no domain name"},
        FileCase{"DotAtTheEnd", domains("    a.test.: X\n"), "is no domain name"},
        FileCase{"LongestLabel", domains("    " + std::string(63, 'a') + ".test: X\n"), "aaa.test=X"},
        FileCase{"LabelTooLong", domains("    " + std::string(64, 'a') + ".test: X\n"), "is no domain name"},
        FileCase{"Escape", domains("    'a\";.test': X\n"), "is no domain name"},
        FileCase{"MalwareWithQuote", domains("    a.test: 'X\";'\n"), "is no name of malware"},
        FileCase{"OtherKey", "kill_switch: {domain: a}\n", "k.yaml:1:15"}),
    by_name);

struct RulesCase {
  std::string name;
  std::string ours;
  std::string want;  // of each rule: action, protocol, source and destination
};

class KillSwitchRules : public testing::TestWithParam<RulesCase> {};

TEST_P(KillSwitchRules, AreAboutClientsOfOurs) {
  std::string got;
  rule::Variables variables = rule::default_variables();
  variables.addresses["HOME_NET"] = "10.0.0.0/8";
  rule::Diagnostics faults;
  const std::string text = kill_switch_rules({{"a.test", "X"}}, GetParam().ours);
  for (const rule::RuleText& rule : rule::parse_rules(text, "k", variables, faults))
    got += std::string(name_of(rule.action)) + " ";
  EXPECT_TRUE(faults.empty()) << to_text(faults.front());
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, KillSwitchRules,
    testing::Values(RulesCase{"Home", "$HOME_NET", "pass pass pass alert pass alert pass pass "},
                    RulesCase{"Own", "[192.0.2.1,2001:db8::1]", "pass pass pass alert pass alert pass pass "},
                    RulesCase{"NobodyCanSay", "", "pass pass pass alert pass pass pass "}),
    by_name);

TEST(KillSwitchText, NoneWithoutDomains) { EXPECT_EQ(kill_switch_rules({}, "$HOME_NET"), ""); }

struct LoadCase {
  std::string name;
  std::string rules;
  std::string home;
  std::size_t in_force;  // the operator's
  std::size_t of_kill_switches;
  std::string fault;
};

class KillSwitchLoad : public testing::TestWithParam<LoadCase> {};

TEST_P(KillSwitchLoad, AddsOurRules) {
  const LoadCase& row = GetParam();
  const TemporaryFolder folder;
  put_file(folder / "test.rules", row.rules);
  put_file(folder / "kill-switch.yaml", domains("    a.test: X\n"));
  ShieldSettings settings;
  settings.rule_files = {folder / "test.rules"};
  settings.infection.kill_switch_files = {folder / "kill-*.yaml"};
  settings.variables.addresses["HOME_NET"] = row.home;
  Loader loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits);
  const auto loaded = loader.load(settings);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->rules, row.in_force);
  EXPECT_EQ(loaded->set->counts().rules, row.in_force + row.of_kill_switches + 1) << "and the canary";
  ASSERT_EQ(loaded->diagnostics.size(), row.fault.empty() ? 0U : 1U);
  for (const rule::Diagnostic& fault : loaded->diagnostics)
    EXPECT_NE(fault.message.find(row.fault), std::string::npos) << fault.message;
}

INSTANTIATE_TEST_SUITE_P(
    Engine, KillSwitchLoad,
    testing::Values(
        LoadCase{"Beside", "alert tcp any any -> any any (content:\"abcdef\"; sid:1;)\n", "10.0.0.0/8", 1, 8,
                 ""},
        LoadCase{"HomeIsAny", "alert tcp any any -> any any (content:\"abcdef\"; sid:1;)\n", "any", 1, 7, ""},
        LoadCase{"HomeIsEverybody", "alert tcp any any -> any any (content:\"abcdef\"; sid:1;)\n",
                 "[0.0.0.0/0,::/0]", 1, 7, ""},
        LoadCase{"OurGeneratorIsOurs", "pass tcp any any -> any any (content:\"abcdef\"; gid:901; sid:1;)\n",
                 "any", 0, 7, "gid: 901 is that of kill-switch domains"}),
    by_name);

TEST(KillSwitchFiles, AFolderThatIsNotThereHasNone) {
  ShieldSettings settings;
  settings.rule_files = {};
  settings.infection.kill_switch_files = {"/nonexistent/kill-switch*.yaml"};
  Loader loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits);
  EXPECT_TRUE(loader.load(settings));
}

TEST(KillSwitchFiles, WhatCannotBeReadIsAFault) {
  const TemporaryFolder folder;
  put_file(folder / "bad.yaml", domains("    a: X\n"));
  ShieldSettings settings;
  settings.rule_files = {};
  for (const char* file : {"bad.yaml", "absent.yaml"}) {
    settings.infection.kill_switch_files = {folder / file};
    Loader loader(keyword::all_keywords(), proto::all_protocols(), settings.inspection.max_flowbits);
    EXPECT_FALSE(loader.load(settings)) << file;
  }
}

}  // namespace
}  // namespace bansoko::engine
