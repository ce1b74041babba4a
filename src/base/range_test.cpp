// SPDX-License-Identifier: Apache-2.0
#include "base/range.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct RangeCase {
  std::string_view name;
  std::string_view text;
  Range want;
};

class RangeAccepts : public testing::TestWithParam<RangeCase> {};

TEST_P(RangeAccepts, Text) {
  const auto got = parse_range(GetParam().text);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(*got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Range, RangeAccepts,
    testing::Values(RangeCase{"exact", "300", {300, 300}}, RangeCase{"below", "<300", {0, 299}},
                    RangeCase{"above", ">300", {.low = 301}}, RangeCase{"between", "300<>400", {301, 399}},
                    RangeCase{"between_with_a_dash", "300-400", {301, 399}},
                    RangeCase{"not_between", "!300-400", {301, 399, true}},
                    RangeCase{"at_most", "<=300", {0, 300}}, RangeCase{"at_least", ">=300", {.low = 300}},
                    RangeCase{"hexadecimal", "0x10", {16, 16}}, RangeCase{"not", "!3", {3, 3, true}}),
    by_name);

TEST(Range, RejectsWhatHoldsNoNumber) {
  for (const std::string_view text :
       {"", "x", "<0", "4<>5", "300<>", "-", "-5", "3-", "4-5", "1-2-5", "99999999999999999999"})
    EXPECT_FALSE(parse_range(text)) << text;
}

}  // namespace
}  // namespace bansoko
