// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/applicability/checks.h"
#include "assess/content/content.h"
#include "tests/source_folder.h"

namespace bansoko::assess {
namespace {

class ShippedAnswers : public testing::Test {
 protected:
  void SetUp() override {
    if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
    settings::Faults faults;
    content_ = content::read_content(source_folder() + "/content", faults);
    ASSERT_TRUE(faults.empty());
  }

  content::Content content_;
};

TEST_F(ShippedAnswers, EachCheckTellsItsOwnExamplesApart) {
  std::size_t tried = 0;
  for (const Checklist& list : content_.checklists)
    for (const Check& check : list.checks) {
      ++tried;
      EXPECT_EQ(wrong_example(check), "") << check.id;
    }
  EXPECT_GE(tried, 55U);
}

}  // namespace
}  // namespace bansoko::assess
