// SPDX-License-Identifier: Apache-2.0
#include "base/suggest.h"

#include <array>
#include <string>

#include "tests/cases.h"

namespace bansoko {
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

}  // namespace
}  // namespace bansoko
