// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/classification.h"

#include "tests/cases.h"

namespace bansoko::rule {
namespace {

struct Accepted {
  std::string_view name, text, class_name, description;
  std::uint32_t priority;
};

class ClassificationAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(ClassificationAccepts, Line) {
  Diagnostics faults;
  const auto classes = parse_classifications(GetParam().text, "c", faults);
  ASSERT_TRUE(faults.empty()) << to_text(faults.front());
  ASSERT_EQ(classes.size(), 1U);
  EXPECT_EQ(classes.begin()->first, GetParam().class_name);
  EXPECT_EQ(classes.begin()->second.description, GetParam().description);
  EXPECT_EQ(classes.begin()->second.priority, GetParam().priority);
}

INSTANTIATE_TEST_SUITE_P(
    Rule, ClassificationAccepts,
    testing::Values(Accepted{"Plain", "config classification: a-b,Some words,2\n", "a-b", "Some words", 2},
                    Accepted{"Blanks", " config  classification :  a , b c ,  1 ", "a", "b c", 1},
                    Accepted{"CommentAndBlankLines", "# c\n\nconfig classification: a,b,255", "a", "b", 255},
                    Accepted{"CommaInDescription", "config classification: a,b, or c,3", "a", "b, or c", 3},
                    Accepted{"DosFileWithMark",
                             "\xEF\xBB\xBF"
                             "config classification: a,b,3\r\n",
                             "a", "b", 3}),
    by_name);

struct Refused {
  std::string_view name, text;
  std::uint32_t line, column;
  std::string_view message;
};

class ClassificationRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ClassificationRefuses, Line) {
  Diagnostics faults;
  parse_classifications(GetParam().text, "c", faults);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].line, GetParam().line);
  EXPECT_EQ(faults[0].column, GetParam().column);
  EXPECT_EQ(faults[0].message, GetParam().message);
  EXPECT_FALSE(faults[0].valid.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rule, ClassificationRefuses,
    testing::Values(
        Refused{"OtherLine", "\n  include x", 2, 3, "not a classification"},
        Refused{"NoColon", "config classification a,b,1", 1, 1, "not a classification"},
        Refused{"Nothing", "config classification:", 1, 23, "a classification has three fields"},
        Refused{"TwoFields", "config classification: a,1", 1, 24, "a classification has three fields"},
        Refused{"NoName", "config classification:,b,1", 1, 23, "a classification without a name"},
        Refused{"NoDescription", "config classification:a,,1", 1, 25,
                "a classification without a description"},
        Refused{"NoPriority", "config classification:a,b,", 1, 27, "'' is not a priority"},
        Refused{"PriorityZero", "config classification:a,b,0", 1, 27, "'0' is not a priority"},
        Refused{"PriorityTooBig", "config classification:a,b, 256", 1, 28, "'256' is not a priority"},
        Refused{"PriorityWord", "config classification:a,b,high", 1, 27, "'high' is not a priority"},
        Refused{"Twice", "config classification:a,b,1\nconfig classification: a,c,2", 2, 24,
                "classification 'a' is given twice"}),
    by_name);

TEST(Classification, AFaultyLineHidesNoOther) {
  Diagnostics faults;
  const auto classes = parse_classifications("x\nconfig classification:a,b,1\ny\n", "c", faults);
  EXPECT_EQ(faults.size(), 2U);
  EXPECT_EQ(classes.size(), 1U);
}

TEST(Classification, BuiltInClassesHaveTheirUsualPriorities) {
  const auto& classes = default_classifications();
  EXPECT_EQ(classes.size(), 42U);
  EXPECT_EQ(classes.at("web-application-attack").priority, 1U);
  EXPECT_EQ(classes.at("misc-attack").priority, 2U);
  EXPECT_EQ(classes.at("not-suspicious").priority, 3U);
  EXPECT_EQ(classes.at("tcp-connection").priority, 4U);
  EXPECT_EQ(classes.at("trojan-activity").description, "A Network Trojan was detected");
}

}  // namespace
}  // namespace bansoko::rule
