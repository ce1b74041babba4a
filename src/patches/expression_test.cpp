// SPDX-License-Identifier: Apache-2.0
#include "patches/expression.h"

#include <string>

#include "tests/cases.h"

namespace bansoko::patches {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string value;  // or the error
};

class Expression : public testing::TestWithParam<Case> {};

TEST_P(Expression, Is) {
  const Names names{
      .number = [](std::string_view name) -> Result<std::int64_t> {
        if (name == "n") return 7;
        return fail(Errc::invalid, "'{}' is not the name of a number", name);
      },
      .of_block = [](std::string_view function, std::string_view block) -> Result<std::int64_t> {
        if (block == "b") return function == "size" ? 100 : 20;
        return fail(Errc::not_found, "there is no block '{}' here", block);
      }};
  const auto value = evaluate(GetParam().text, names);
  EXPECT_EQ(value ? std::to_string(*value) : value.error().message, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Patches, Expression,
    testing::Values(Case{"Number", "42", "42"}, Case{"Hexadecimal", "0x1F", "31"}, Case{"Minus", "-3", "-3"},
                    Case{"Name", "n", "7"}, Case{"Sum", "1 + 2 - 5", "-2"},
                    Case{"Precedence", "2 + 3 * 4", "14"}, Case{"Parentheses", "(2 + 3) * 4", "20"},
                    Case{"Size", "size(b) / 2 + 1", "51"}, Case{"At", "at(b) - 4", "16"},
                    Case{"Remainder", "17 % 5", "2"}, Case{"Empty", "", "a number is missing in ''"},
                    Case{"Unknown", "m", "'m' is not the name of a number"},
                    Case{"NoBlock", "size(c)", "there is no block 'c' here"},
                    Case{"Rest", "1 2", "'2' was not expected in '1 2'"},
                    Case{"Zero", "1 / 0", "'1 / 0' divides by 0"},
                    Case{"Over", "0x7fffffffffffffff + 1", "'0x7fffffffffffffff + 1' is beyond 64 bits"},
                    Case{"Digits", "12x", "'12x' is not a number"},
                    Case{"Open", "(1", "a parenthesis is missing in '(1'"},
                    Case{"Deep", std::string(40, '-') + "1",
                         "'" + std::string(40, '-') + "1' is nested too deep"}),
    by_name);

}  // namespace
}  // namespace bansoko::patches
