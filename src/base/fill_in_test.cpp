// SPDX-License-Identifier: Apache-2.0
#include "base/fill_in.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct Text {
  std::string name;
  std::string text;
  std::vector<std::string> places;
  std::string filled;
};

class FillIn : public testing::TestWithParam<Text> {};

TEST_P(FillIn, Places) {
  const auto places = places_in(GetParam().text);
  ASSERT_TRUE(places) << places.error().message;
  EXPECT_EQ(*places, GetParam().places);
  EXPECT_EQ(fill_in(GetParam().text, [](std::string_view name) { return "<" + std::string(name) + ">"; }),
            GetParam().filled);
}

INSTANTIATE_TEST_SUITE_P(
    Base, FillIn,
    testing::Values(Text{"Nothing", "", {}, ""}, Text{"NoPlace", "as it is", {}, "as it is"},
                    Text{"One", "a list of {smb1.size} bytes", {"smb1.size"}, "a list of <smb1.size> bytes"},
                    Text{"OnlyOne", "{a}", {"a"}, "<a>"}, Text{"SideBySide", "{a}{b}", {"a", "b"}, "<a><b>"},
                    Text{"Twice", "{a} and {a}", {"a"}, "<a> and <a>"},
                    Text{"Brace", "${{jndi:{a}}", {"a"}, "${jndi:<a>}"},
                    Text{"ClosingBraceAlone", "a } b", {}, "a } b"}, Text{"BraceLast", "a {{", {}, "a {"},
                    Text{"Japanese", "サイズ {a} バイト", {"a"}, "サイズ <a> バイト"}),
    by_name);

struct Refused {
  std::string name;
  std::string text;
  std::string fault;
};

class FillInRefuses : public testing::TestWithParam<Refused> {};

TEST_P(FillInRefuses, Text) {
  const auto places = places_in(GetParam().text);
  ASSERT_FALSE(places);
  EXPECT_EQ(places.error().message, GetParam().fault);
  EXPECT_EQ(fill_in(GetParam().text, [](std::string_view) { return ""; }), "x");
}

INSTANTIATE_TEST_SUITE_P(Base, FillInRefuses,
                         testing::Values(Refused{"NotClosed", "x{a", "nothing closes '{a'"},
                                         Refused{"BraceAlone", "x{", "nothing closes '{'"},
                                         Refused{"NoName", "x{}", "'{}' names nothing"}),
                         by_name);

}  // namespace
}  // namespace bansoko
