// SPDX-License-Identifier: Apache-2.0
#include "assess/content/condition_reader.h"

#include <string>

#include "base/settings_tree.h"
#include "tests/cases.h"

namespace bansoko::content {
namespace {

using assess::Condition;

/// Reads `text` and gives the faults, or nothing.
std::string faults_of(const std::string& text, Condition& made) {
  Faults faults;
  const auto tree = settings::parse_tree(text, "c.yaml", faults);
  if (tree) {
    const FaultSink sink("c.yaml", faults);
    const KnownIds known{"microsoft:windows_server_2003", "microsoft:windows_2000", "apache:http_server"};
    made = read_condition(*tree, {sink, known});
  }
  std::string all;
  for (const settings::Fault& fault : faults) all += to_text(fault) + "\n";
  return all;
}

TEST(Condition, PartsAndValuesAreRead) {
  Condition made;
  ASSERT_EQ(
      faults_of("{all: [{os: [\"microsoft:windows_2000\"]}, {not: {service_pack: {from: 2}}}, {component: "
                "\"apache:http_server\", from: \"2.2\", to: \"2.2.20\"}]}",
                made),
      "");
  ASSERT_EQ(made.parts.size(), 3U);
  EXPECT_EQ(made.kind, Condition::Kind::all);
  EXPECT_EQ(made.parts[0].texts, std::vector<std::string>{"microsoft:windows_2000"});
  EXPECT_EQ(made.parts[1].kind, Condition::Kind::negation);
  EXPECT_EQ(made.parts[1].parts.at(0).least, 2U);
  EXPECT_EQ(made.parts[1].parts.at(0).most, 0xffffffffU);
  EXPECT_EQ(made.parts[2].from, "2.2");
  EXPECT_EQ(made.parts[2].to, "2.2.20");
  EXPECT_EQ(made.line, 1U);
}

struct SettingCase {
  std::string name;
  std::string text;
  Condition::Compare compare;
  std::string value;
  std::uint32_t least = 0;
  std::uint32_t most = 0xffffffffU;
};

class Setting : public testing::TestWithParam<SettingCase> {};

TEST_P(Setting, IsRead) {
  Condition made;
  ASSERT_EQ(faults_of(GetParam().text, made), "");
  EXPECT_EQ(made.kind, Condition::Kind::setting);
  EXPECT_EQ(made.texts, std::vector<std::string>{"php:expose_php"});
  EXPECT_EQ(made.compare, GetParam().compare);
  EXPECT_EQ(made.value, GetParam().value);
  EXPECT_EQ(made.least, GetParam().least);
  EXPECT_EQ(made.most, GetParam().most);
}

using Compare = Condition::Compare;
INSTANTIATE_TEST_SUITE_P(
    Content, Setting,
    testing::Values(
        SettingCase{"Is", "{setting: 'php:expose_php', is: on}", Compare::is, "on"},
        SettingCase{"IsEmpty", "{setting: 'php:expose_php', is: ''}", Compare::is, ""},
        SettingCase{"IsNot", "{setting: 'php:expose_php', is_not: 'Off'}", Compare::is_not, "Off"},
        SettingCase{"Contains", "{setting: 'php:expose_php', contains: x}", Compare::contains, "x"},
        SettingCase{"AtLeast", "{setting: 'php:expose_php', at_least: 3}", Compare::bounds, "", 3},
        SettingCase{"AtMost", "{setting: 'php:expose_php', at_most: 3}", Compare::bounds, "", 0, 3},
        SettingCase{"Both", "{setting: 'php:expose_php', at_least: 1, at_most: 3}", Compare::bounds, "", 1,
                    3},
        SettingCase{"Present", "{setting: 'php:expose_php', present: true}", Compare::present, ""},
        SettingCase{"Absent", "{setting: 'php:expose_php', absent: true}", Compare::absent, ""}),
    by_name);

struct Broken {
  std::string name;
  std::string text;
  std::string fault;
};

class BrokenCondition : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCondition, IsNamed) {
  Condition made;
  const std::string faults = faults_of(GetParam().text, made);
  EXPECT_NE(faults.find(GetParam().fault), std::string::npos) << faults;
}

std::string nested(std::size_t depth) {
  std::string text = "{os: \"microsoft:windows_2000\"}";
  for (std::size_t i = 1; i < depth; ++i) text = "{not: " + text + "}";
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Content, BrokenCondition,
    testing::Values(
        Broken{"NoMapping", "[os]", "c.yaml:1:1: a list stands here"},
        Broken{"NoKind", "{oss: x}", "is no condition, did you mean 'os'?"},
        Broken{"TwoKinds", "{os: \"microsoft:windows_2000\", arch: x86}", "is more than one condition"},
        Broken{"UnknownProduct", "{os: \"microsoft:windows_2003\"}",
               "'microsoft:windows_2003' is not a product"},
        Broken{"UnknownComponent", "{component: \"apache:httpd\"}", "'apache:httpd' is not a product"},
        Broken{"UnknownArch", "{arch: amd64}", "'amd64' is none of the words known here (valid: x86, x64"},
        Broken{"UnknownKey", "{component: iis, form: \"5.0\"}", "unknown key 'form', did you mean 'from'?"},
        Broken{"EmptyList", "{all: []}", "an empty list"},
        Broken{"Backwards", "{service_pack: {from: 2, to: 1}}", "ends before it begins"},
        Broken{"NoBounds", "{build: {}}", "has neither 'from' nor 'to'"},
        Broken{"NoNumber", "{service_pack: two}", "'two' is not a number"},
        Broken{"NoKb", "{update: [KB958644]}", "'KB958644' is not the number of a KB"},
        Broken{"UpperCaseSetting", "{setting: 'sshd:PermitRootLogin', is: yes}", "are in lower case"},
        Broken{"NothingCompared", "{setting: 'a:b'}", "is compared with nothing"},
        Broken{"ComparedTwice", "{setting: 'a:b', is: '1', absent: true}",
               "is compared in more than one way"},
        Broken{"NotAbsent", "{setting: 'a:b', absent: false}", "only true can stand here"},
        Broken{"SettingBackwards", "{setting: 'a:b', at_least: 3, at_most: 1}", "ends before it begins"},
        Broken{"TooDeep", nested(kMaxConditionDepth + 1), "more than 12 deep"}),
    by_name);

TEST(Condition, MayBeAsDeepAsTheLimit) {
  Condition made;
  EXPECT_EQ(faults_of(nested(kMaxConditionDepth), made), "");
}

}  // namespace
}  // namespace bansoko::content
