// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/text_pool.h"

#include <string>

#include <gtest/gtest.h>

namespace bansoko::detect {
namespace {

TEST(TextPool, KeepsWhatItIsGiven) {
  TextPool pool;
  std::string text = "a text longer than a small string";
  const auto kept = pool.keep(text);
  text.assign(text.size(), 'x');
  EXPECT_EQ(kept, "a text longer than a small string");
  EXPECT_EQ(pool.keep(""), "");
}

TEST(TextPool, KeepsTheSameOnce) {
  TextPool pool;
  const std::string one = "created_at", same = "created_at";
  EXPECT_EQ(pool.keep_once(one).data(), pool.keep_once(same).data());
}

TEST(TextPool, ForgetsWhatItKnowsAndNotWhatItHas) {
  TextPool pool;
  const auto kept = pool.keep_once("text");
  pool.forget();
  EXPECT_EQ(kept, "text");
  EXPECT_NE(pool.keep_once("text").data(), kept.data());
}

}  // namespace
}  // namespace bansoko::detect
