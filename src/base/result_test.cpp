// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace bansoko {
namespace {

Result<> check(bool ok) {
  if (!ok) return fail(Errc::io, "no {}", "disk");
  return {};
}
Result<std::unique_ptr<int>> make(bool ok) {
  if (!ok) return fail(Errc::limit, "full");
  return std::make_unique<int>(7);
}
Result<int> use(bool ok) {
  BANSOKO_TRY(const auto made, make(ok));
  return *made;
}

TEST(Result, PassesValueAndError) {
  EXPECT_TRUE(check(true));
  EXPECT_EQ(check(false).error().message, "no disk");
  EXPECT_EQ(*use(true), 7);
  EXPECT_EQ(use(false).error().code, Errc::limit);
}

}  // namespace
}  // namespace bansoko
