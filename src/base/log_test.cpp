// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::log {
namespace {

struct Case {
  std::string_view name;
  Level least;
  Level level;
  std::string_view message;
  std::string_view want;
};

class JournalLine : public testing::TestWithParam<Case> {};

TEST_P(JournalLine, Is) {
  std::ostringstream out;
  const Logger logger(GetParam().least, Form::journal, out);
  logger.write(GetParam().level, GetParam().message);
  EXPECT_EQ(out.str(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Log, JournalLine,
                         testing::Values(Case{"Debug", Level::debug, Level::debug, "a", "<7>a\n"},
                                         Case{"Info", Level::info, Level::info, "a {}", "<6>a {}\n"},
                                         Case{"Warning", Level::info, Level::warning, "a", "<4>a\n"},
                                         Case{"Error", Level::error, Level::error, "a", "<3>a\n"},
                                         Case{"BelowTheLeast", Level::warning, Level::info, "a", ""},
                                         Case{"NewlineCannotForgeALine", Level::info, Level::info,
                                              "a\n<3>b\x7f", "<6>a\\x0a<3>b\\x7f\n"},
                                         Case{"Utf8Stays", Level::info, Level::info, "絆創膏",
                                              "<6>絆創膏\n"}),
                         by_name);

TEST(Log, TerminalLineHasTimeAndLevel) {
  std::ostringstream out;
  const Logger logger(Level::info, Form::terminal, out);
  logger.warning("{} of {}", 1, "two");
  logger.debug("not said");
  EXPECT_TRUE(out.str().ends_with("Z warning: 1 of two\n")) << out.str();
  EXPECT_EQ(out.str().find('\n'), out.str().size() - 1);
}

}  // namespace
}  // namespace bansoko::log
