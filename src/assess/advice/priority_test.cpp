// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/priority.h"

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/source_folder.h"

namespace bansoko::assess {
namespace {

constexpr std::array<std::string_view, 5> kTimelines{"3 days & forensic investigation", "3 days", "14 days",
                                                     "60 days", "fix on system upgrade"};

TEST(Timeline, IsThatOfThePublishedTable) {
  std::ifstream file(source_folder() + "/../shared/data/knowledge/ssvc/cisa_bod_26_04_1_0_0.csv");
  if (!file) GTEST_SKIP() << "../shared/data is not here";
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 6U) << line;
    const TimelineInputs inputs{cells[1] == "yes", cells[2] == "yes", cells[3] == "yes", cells[4] == "total"};
    EXPECT_EQ(kTimelines[static_cast<std::size_t>(timeline_of(inputs))], cells[5]) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 16);
}

TEST(IpaLevel, GoesByTheBaseScoreOfVersion2) {
  EXPECT_EQ(ipa_level({}), 0);
  EXPECT_EQ(ipa_level(0.0), 1);
  EXPECT_EQ(ipa_level(3.9), 1);
  EXPECT_EQ(ipa_level(4.0), 2);
  EXPECT_EQ(ipa_level(6.9), 2);
  EXPECT_EQ(ipa_level(7.0), 3);
}

Finding about(std::string cve) {
  Finding finding;
  finding.cves = {std::move(cve)};
  return finding;
}

TEST(Priority, AWormOfBeforeTheListOfExploitedHolesComesFirst) {
  Advisory code_red;
  code_red.worm = true;
  Finding finding = about("CVE-2001-0500");
  finding.advisory = &code_red;
  finding.severity = "critical";
  EXPECT_EQ(priority_of(finding, {}, true).timeline, Timeline::three_days_forensics);
}

TEST(Priority, TakesTheWorstOfSeveralHoles) {
  CveFactsByName facts;
  facts["CVE-1"].vulnerability = Vulnerability{.cvss2 = Cvss{4.0, "AV:L/AC:L/Au:N/C:P/I:N/A:N"}};
  facts["CVE-2"].vulnerability = Vulnerability{.cvss2 = Cvss{10.0, "AV:N/AC:L/Au:N/C:C/I:C/A:C"}};
  facts["CVE-2"].probability = ExploitProbability{"CVE-2", 0.9, 0.99};
  Finding finding = about("CVE-1");
  finding.cves.emplace_back("CVE-2");
  const Priority priority = priority_of(finding, facts, true);
  EXPECT_EQ(priority.cvss2, 10.0);
  EXPECT_EQ(priority.ipa, 3);
  EXPECT_EQ(priority.epss, 0.9);
  EXPECT_EQ(priority.reach, Reach::network);
  EXPECT_EQ(priority.timeline, Timeline::three_days);
}

TEST(Priority, AHoleThatIsLocalIsNotExposed) {
  CveFactsByName facts;
  facts["CVE-2013-5065"].vulnerability = Vulnerability{.cvss2 = Cvss{7.2, "AV:L/AC:L/Au:N/C:C/I:C/A:C"}};
  facts["CVE-2013-5065"].exploited = KnownExploited{.cve = "CVE-2013-5065"};
  const Priority priority = priority_of(about("CVE-2013-5065"), facts, true);
  EXPECT_EQ(priority.reach, Reach::local);
  EXPECT_FALSE(priority.inputs.exposed);
  EXPECT_EQ(priority.timeline, Timeline::fourteen_days);
}

}  // namespace
}  // namespace bansoko::assess
