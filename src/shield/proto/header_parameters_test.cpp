// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/header_parameters.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::proto {
namespace {

struct Case {
  std::string name;
  std::string value;
  std::string first;
  std::string parameters;  // "name=value|..."
};

class HeaderParametersRead : public testing::TestWithParam<Case> {};

TEST_P(HeaderParametersRead, InOrder) {
  HeaderParameters parameters(GetParam().value);
  EXPECT_EQ(parameters.first(), GetParam().first);
  std::string got;
  while (const auto parameter = parameters.next())
    got += std::string(parameter->name) + "=" + std::string(parameter->value) + "|";
  EXPECT_EQ(got, GetParam().parameters);
}

INSTANTIATE_TEST_SUITE_P(
    Values, HeaderParametersRead,
    testing::Values(
        Case{"None", "text/plain", "text/plain", ""}, Case{"Empty", "", "", ""},
        Case{"One", "a/b; c=d", "a/b", "c=d|"}, Case{"Quoted", "a/b; c=\"d; e\"; f=g", "a/b", "c=d; e|f=g|"},
        Case{"EscapedQuote", R"(a; c="d\"; x=y"; f=g)", "a", R"(c=d\"; x=y|f=g|)"},
        Case{"BlanksAround", "a ;\t c = d ;", "a", "c=d|"}, Case{"NoValue", "a; c; d=", "a", "d=|"},
        Case{"QuoteNeverClosed", "a; c=\"d; e=f", "a", "c=d; e=f|"}, Case{"OnlyQuote", "a; c=\"", "a", "c=|"},
        Case{"LoneBackslash", "a; c=\"\\", "a", "c=\\|"}, Case{"Semicolons", ";;;a=b", "", "a=b|"}),
    by_name);

TEST(HeaderParameter, ByNameInAnyCase) {
  EXPECT_EQ(header_parameter("a; FileName=x; filename=y", "filename"), "x");
  EXPECT_EQ(header_parameter("a; b=c", "filename"), std::nullopt);
}

}  // namespace
}  // namespace bansoko::proto
