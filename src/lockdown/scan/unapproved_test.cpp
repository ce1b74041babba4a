// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/unapproved.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::scan {
namespace {

struct UnapprovedCase {
  std::string_view name;
  std::uint8_t digest;
  std::int64_t changed, since;
  std::size_t count;
};

class UnapprovedFile : public testing::TestWithParam<UnapprovedCase> {};

TEST_P(UnapprovedFile, IsNamedOrNot) {
  Found found{.path = "/x", .digest = {GetParam().digest}};
  found.state.changed = GetParam().changed;
  const Scan scan{.found = {found}};
  const auto list = approved::List::make({}, {{.digest = {1}, .path = "/elsewhere"}});
  EXPECT_EQ(unapproved(scan, *list, GetParam().since).size(), GetParam().count);
}

INSTANTIATE_TEST_SUITE_P(Files, UnapprovedFile,
                         testing::Values(UnapprovedCase{"Unknown", 2, 5'000'000'000, 0, 1},
                                         UnapprovedCase{"ApprovedElsewhere", 1, 5'000'000'000, 0, 0},
                                         UnapprovedCase{"AtTheBeginning", 2, 5'000'000'000, 5, 1},
                                         UnapprovedCase{"Before", 2, 4'999'999'999, 5, 0}),
                         by_name);

}  // namespace
}  // namespace bansoko::scan
