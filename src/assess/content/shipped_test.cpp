// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "assess/content/content.h"
#include "assess/content/microsoft_names.h"
#include "tests/source_folder.h"

namespace bansoko::content {
namespace {

class Shipped : public testing::Test {
 protected:
  void SetUp() override {
    if (source_folder().empty()) GTEST_SKIP() << "the sources are not here";
    content_ = read_content(source_folder() + "/content", faults_);
  }

  const assess::Advisory& advisory(std::string_view id) const {
    static const assess::Advisory none;
    const auto found = std::ranges::find(content_.advisories, id, &assess::Advisory::id);
    EXPECT_NE(found, content_.advisories.end()) << id;
    return found == content_.advisories.end() ? none : *found;
  }

  settings::Faults faults_;
  Content content_;
};

TEST_F(Shipped, HasNoFaults) {
  for (const settings::Fault& fault : faults_) ADD_FAILURE() << to_text(fault);
}

TEST_F(Shipped, Server2003EndsOnTheNextDayInJapan) {
  const auto is_it = [](const assess::Support& one) { return one.record.cycle == "2003-sp2"; };
  const auto found = std::ranges::find_if(content_.support, is_it);
  ASSERT_NE(found, content_.support.end());
  EXPECT_EQ(assess::to_text(*found->record.end), "2015-07-14");
  EXPECT_EQ(assess::to_text(assess::last_day_in_japan(*found->record.end, found->zone), assess::Lang::ja),
            "2015年7月15日");
}

TEST_F(Shipped, PatchesAfterTheEndOfSupportSayTheirSource) {
  std::size_t late = 0;
  for (const assess::Advisory& each : content_.advisories)
    for (const assess::OfficialFix& fix : each.fixes) {
      late += fix.after_support ? 1 : 0;
      EXPECT_FALSE(fix.after_support && fix.source.empty()) << each.id;
    }
  EXPECT_GE(late, 20U);
}

TEST_F(Shipped, LocalHolesAreLocal) {
  EXPECT_EQ(advisory("MS14-002").reach, assess::Reach::local);
  EXPECT_FALSE(advisory("MS14-002").workaround.ja.empty());
}

/// All names of products in Microsoft's rows, where they are at hand: one a line, as
/// `unzip -p definitions.zip 'CVEs*' | cut` would give them.
TEST_F(Shipped, UnderstandsTheRowsOfSystems) {
  std::ifstream names(source_folder() + "/src/assess/content/microsoft_rows.txt");
  ASSERT_TRUE(names.good());
  const MicrosoftNames parser(content_.products);
  std::string row, not_understood;
  std::size_t rows = 0;
  for (; std::getline(names, row); ++rows)
    if (!parser.parse(row).understood()) not_understood += row + "\n";
  EXPECT_EQ(not_understood, "Windows 11 Version 26H1 for x64-based Systems - extra\n");
  EXPECT_GE(rows, 100U);
}

}  // namespace
}  // namespace bansoko::content
