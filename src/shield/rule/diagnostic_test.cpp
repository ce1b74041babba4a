// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/diagnostic.h"

#include <gtest/gtest.h>

namespace bansoko::rule {
namespace {

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
