// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/detect/rule_set_state.h"
#include "shield/keyword/cert_dates.h"
#include "shield/keyword/rule_harness.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

struct Case {
  std::string name;
  std::string text;
  Range want;
};

class Dates : public testing::TestWithParam<Case> {};

TEST_P(Dates, AreRanges) {
  const auto got = parse_dates(GetParam().text);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(*got, GetParam().want);
}

constexpr std::uint64_t k2015 = 1420070400;  // 2015-01-01 00:00:00 UTC

INSTANTIATE_TEST_SUITE_P(
    Forms, Dates,
    testing::Values(Case{"Year", "2015", {.low = k2015, .high = k2015}},
                    Case{"Month", "2015-02", {.low = k2015 + 2678400, .high = k2015 + 2678400}},
                    Case{"Before", "<2015-01-01", {.high = k2015 - 1}},
                    Case{"After", ">2015-01-01 00:00:01", {.low = k2015 + 2}},
                    Case{"AfterWithT", ">2015-01-01T00:01", {.low = k2015 + 61}},
                    Case{"Between", "2014-12-31<>2015-01-01", {.low = k2015 - 86400 + 1, .high = k2015 - 1}}),
    by_name);

class NoDates : public testing::TestWithParam<std::string> {};

TEST_P(NoDates, AreRefused) { EXPECT_FALSE(parse_dates(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Forms, NoDates,
                         testing::Values("", "<", "15", "2015-1", "2015-13", "2015-02-30", "2015/02",
                                         "2015-01-01 24", "2015-01-01 00:60", "1969", "2015x", "<1970",
                                         "2015<>2015", "2016<>2015", "2015<>",
                                         "2015-01-01 00:00:00 "
                                         "x"));

/// A rule's option, and which versions it holds for.
struct Versions {
  std::string name;
  std::string option;
  std::vector<std::uint64_t> held;
};

class TlsVersion : public testing::TestWithParam<Versions> {};

constexpr std::array<std::uint64_t, 7> kAll{0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x7f1c};

TEST_P(TlsVersion, Holds) {
  const RuleHarness harness("alert tls any any -> any any (" + GetParam().option + "; sid:1;)",
                            proto::all_protocols());
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const auto& fields = harness.set->state().rules.front().fields;
  std::vector<std::uint64_t> held;
  for (const std::uint64_t version : kAll)
    if (std::ranges::all_of(fields, [version](const auto& field) { return field.range.contains(version); }))
      held.push_back(version);
  EXPECT_EQ(held, GetParam().held);
}

INSTANTIATE_TEST_SUITE_P(
    Option, TlsVersion,
    testing::Values(Versions{"Plain", "tls.version:1.2", {0x0303}},
                    Versions{"Quoted", "tls.version:\"1.2\"", {0x0303}},
                    Versions{"DraftsAreTls13", "tls.version:1.3", {0x0304, 0x7f1c}},
                    Versions{"Number", "tls.version:0x7f1c", {0x7f1c}},
                    Versions{"Negated", "tls.version:!1.3", {0x0002, 0x0300, 0x0301, 0x0302, 0x0303}},
                    Versions{"Ssl2", "tls.version:ssl2", {0x0002}},
                    Versions{"Ssl3", "tls.version:ssl3", {0x0300}},
                    Versions{"One", "ssl_version:tls1.2", {0x0303}},
                    Versions{"Neighbours", "ssl_version:tls1.2,tls1.1", {0x0302, 0x0303}},
                    Versions{"Apart", "ssl_version:sslv2, tls1.0 ,tls1.3", {0x0002, 0x0301, 0x0304}},
                    Versions{"None", "ssl_version:!tls1.3,tls1.2", {0x0002, 0x0300, 0x0301, 0x0302, 0x7f1c}}),
    by_name);

class NoVersion : public testing::TestWithParam<std::string> {};

TEST_P(NoVersion, IsRefused) {
  const RuleHarness harness("alert tls any any -> any any (" + GetParam() + "; sid:1;)",
                            proto::all_protocols());
  EXPECT_EQ(harness.diagnostics.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Option, NoVersion,
                         testing::Values("tls.version", "tls.version:1.4", "tls.version:\"1.2",
                                         "ssl_version:1.2", "ssl_version:tls1.2,", "ssl_version:!",
                                         "tls_cert_notafter:soon", "tls_cert_notbefore:2015-13"));

}  // namespace
}  // namespace bansoko::keyword
