// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/suggest.h"

#include <array>
#include <string>

#include "shield/rule/diagnostic.h"
#include "tests/cases.h"

namespace bansoko::rule {
namespace {

constexpr std::array<std::string_view, 5> kWords{"alert", "drop", "reject", "pass", "http.uri"};

struct Case {
  std::string_view name, word, want;
};

class Nearest : public testing::TestWithParam<Case> {};

TEST_P(Nearest, Word) { EXPECT_EQ(nearest(GetParam().word, kWords), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Rule, Nearest,
    testing::Values(Case{"Itself", "alert", "alert"}, Case{"OtherCase", "Alert", "alert"},
                    Case{"LeftOut", "aler", "alert"}, Case{"PutIn", "sdrop", "drop"},
                    Case{"Changed", "rejekt", "reject"}, Case{"Swapped", "aletr", "alert"},
                    Case{"Underscore", "http_uri", "http.uri"}, Case{"FarAway", "log", ""},
                    Case{"AllChanged", "xyzw", ""}, Case{"Empty", "", ""},
                    Case{"Endless",
                         std::string_view("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), ""}),
    by_name);

TEST(Diagnostic, TextNamesThePlaceTheReasonAndWhatIsValid) {
  Diagnostic fault{.file = "web.rules",
                   .line = 41,
                   .column = 87,
                   .message = "dsize: '12x' is not a number",
                   .valid = "10 or <10"};
  EXPECT_EQ(to_text(fault), "web.rules:41:87: error: dsize: '12x' is not a number (valid: 10 or <10)");
  fault.severity = Severity::warning;
  fault.valid.clear();
  EXPECT_EQ(to_text(fault), "web.rules:41:87: warning: dsize: '12x' is not a number");
}

TEST(Diagnostic, WarningsAreNotCountedAsErrors) {
  EXPECT_EQ(count_errors({}), 0U);
  Diagnostics both(2);
  both[0].severity = Severity::warning;
  EXPECT_EQ(count_errors(both), 1U);
}

}  // namespace
}  // namespace bansoko::rule
