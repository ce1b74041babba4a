// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/microsoft_rows.h"

#include <array>

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

struct Case {
  const char* test;
  const char* row;
  const char* product;
  const char* version;
  bool speaks;
};

class RowsOfPrograms : public testing::TestWithParam<Case> {};

TEST_P(RowsOfPrograms, SpeakOfTheirVersion) {
  const std::array products{
      Product{.id = "microsoft:sql_server", .vendor = "Microsoft", .names = {"SQL Server"}},
      Product{.id = "microsoft:.net_framework", .vendor = "Microsoft", .names = {".NET Framework"}},
      Product{.id = "microsoft:windows_server_2012",
              .vendor = "Microsoft",
              .part = 'o',
              .names = {"Windows Server 2012"}}};
  const content::MicrosoftNames names(products);
  EXPECT_EQ(speaks_of(names.parse(GetParam().row),
                      Component{.product = GetParam().product, .version = GetParam().version}),
            GetParam().speaks);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RowsOfPrograms,
    testing::Values(Case{"Year", "Microsoft SQL Server 2008 R2 for x64-based Systems Service Pack 3 (GDR)",
                         "microsoft:sql_server", "10.50.6000.34", true},
                    Case{"OneZeroLess", "Microsoft SQL Server 2008 for 32-bit Systems Service Pack 4",
                         "microsoft:sql_server", "10.0.1600.22", true},
                    Case{"AnotherYear", "Microsoft SQL Server 2008 for x64-based Systems Service Pack 4",
                         "microsoft:sql_server", "10.50.6000.34", false},
                    Case{"LongerNumber", "Microsoft SQL Server 2012 for x64-based Systems",
                         "microsoft:sql_server", "11.05", false},
                    Case{"OnASystem", "Microsoft .NET Framework 3.5 on Windows Server 2012",
                         "microsoft:.net_framework", "3.5", false},
                    Case{"OnNone", "Microsoft .NET Framework 3.5", "microsoft:.net_framework", "3.5.30729",
                         true},
                    Case{"NotUnderstood", "Microsoft SQL Server 2012 Parallel Data Warehouse",
                         "microsoft:sql_server", "11.0", false}),
    [](const auto& at) { return at.param.test; });

}  // namespace
}  // namespace bansoko::assess
