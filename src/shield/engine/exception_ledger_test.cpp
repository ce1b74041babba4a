// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/exception_ledger.h"

#include <gtest/gtest.h>

namespace bansoko::engine {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST(ExceptionLedger, CountsAndTellsEachEndOnce) {
  ExceptionLedger ledger;
  const detect::Exception brief{.name = "brief", .about = "sids 1", .until = 10s};
  const detect::Exception lasting{.name = "lasting", .until = std::chrono::nanoseconds::max()};
  ledger.know({lasting, brief});
  ledger.count("brief");
  ledger.count("brief");
  EXPECT_EQ(ledger.take_ended(9s), Names{});
  EXPECT_EQ(ledger.take_ended(10s), Names{"brief"});
  EXPECT_EQ(ledger.take_ended(11s), Names{});
  const auto all = ledger.list(11s);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].until, "never");
  EXPECT_EQ(all[1].until, "1970-01-01T00:00:10Z");
  EXPECT_EQ(all[1].hits, 2U);
  EXPECT_TRUE(all[1].has_ended);

  ledger.know({brief});
  EXPECT_EQ(ledger.take_ended(12s), Names{}) << "the same once more";
  detect::Exception longer = brief;
  longer.until = 20s;
  ledger.know({longer});
  EXPECT_EQ(ledger.take_ended(12s), Names{});
  EXPECT_EQ(ledger.take_ended(20s), Names{"brief"}) << "it was given more time";
  EXPECT_EQ(ledger.list(20s).front().hits, 2U) << "hits are kept";
}

}  // namespace
}  // namespace bansoko::engine
