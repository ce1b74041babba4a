// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/migration.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

using enum MigrationDoubt::Kind;

Date day(std::string_view text) { return *parse_date(text); }

const SupportState kEnded{.phase = SupportPhase::ended, .last_day = day("2015-07-14")};
const SupportState kSupported{.phase = SupportPhase::supported, .last_day = day("2029-01-09")};
const SupportState kFreeExtension{
    .phase = SupportPhase::extended, .last_day = day("2026-07-11"), .paid_until = day("2028-06-30")};

struct Case {
  const char* name;
  const char* migrate_by;
  SupportState support;
  std::vector<MigrationDoubt> doubts;
};

class Migration : public testing::TestWithParam<Case> {};

TEST_P(Migration, IsDoubted) {
  HostNote note;
  if (*GetParam().migrate_by != '\0') note.migrate_by = day(GetParam().migrate_by);
  EXPECT_EQ(doubts_of(note, GetParam().support, day("2026-11-23")), GetParam().doubts);
}

INSTANTIATE_TEST_SUITE_P(
    Days, Migration,
    testing::Values(Case{"NoDay", "", kEnded, {}}, Case{"InTime", "2027-03-31", kSupported, {}},
                    Case{"OnTheLastDayOfSupport", "2029-01-09", kSupported, {}},
                    Case{"ADayAfterSupport", "2029-01-10", kSupported, {{after_support, 1}}},
                    Case{"Today", "2026-11-23", kSupported, {}},
                    Case{"Yesterday", "2026-11-22", kSupported, {{passed, 1}}},
                    Case{"SupportIsLongOver", "2026-11-22", kEnded, {{passed, 1}, {after_support, 4149}}},
                    Case{"WithinFreeLongTermSupport", "2028-06-30", kFreeExtension, {}},
                    Case{"SupportNotKnown", "2027-03-31", {}, {}}),
    [](const auto& at) { return at.param.name; });

}  // namespace
}  // namespace bansoko::assess
