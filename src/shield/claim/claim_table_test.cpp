// SPDX-License-Identifier: Apache-2.0
#include "shield/claim/claim_table.h"

#include <gtest/gtest.h>

namespace bansoko::claim {
namespace {

using Answer = ClaimTable::Answer;
using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kNow = 1'000'000s;

TEST(ClaimTable, TellsEachTextOnceInATime) {
  ClaimTable table(64, 60s);
  EXPECT_EQ(table.note(16, 100, kNow), Answer::news);
  EXPECT_EQ(table.note(16, 100, kNow), Answer::known);
  EXPECT_EQ(table.note(16, 100, kNow + 59s), Answer::known);
  EXPECT_EQ(table.note(16, 100, kNow + 60s), Answer::news);
  EXPECT_EQ(table.note(16, 100, kNow + 61s), Answer::known);
  EXPECT_EQ(table.note(32, 100, kNow), Answer::news);
}

TEST(ClaimTable, TimeThatRunsBackMakesNothingOld) {
  ClaimTable table(64, 60s);
  EXPECT_EQ(table.note(16, 100, kNow), Answer::news);
  EXPECT_EQ(table.note(16, 100, kNow - 3600s), Answer::known);
}

TEST(ClaimTable, ASubjectSaysSoManyThings) {
  ClaimTable table(64, 60s);
  for (std::uint64_t text = 0; text < ClaimTable::kTexts; ++text)
    EXPECT_EQ(table.note(16, 2 * text, kNow), Answer::news);
  EXPECT_EQ(table.note(16, 1000, kNow), Answer::many);
  EXPECT_EQ(table.note(16, 0, kNow), Answer::known);
  EXPECT_EQ(table.note(16, 1000, kNow + 60s), Answer::news);
}

/// All of these subjects fall to one place of four.
TEST(ClaimTable, IsFull) {
  ClaimTable table(1, 60s);
  for (std::uint64_t subject = 1; subject <= 4; ++subject)
    EXPECT_EQ(table.note(2 * subject, 7, kNow), Answer::news);
  EXPECT_EQ(table.note(10, 7, kNow), Answer::full);
  EXPECT_EQ(table.note(2, 7, kNow), Answer::known);
  EXPECT_EQ(table.note(10, 7, kNow + 60s), Answer::news) << "what is old gives way";
}

TEST(ClaimTable, WhatWasNotToldIsNews) {
  ClaimTable table(64, 60s);
  EXPECT_EQ(table.note(16, 100, kNow), Answer::news);
  table.forget_last();
  EXPECT_EQ(table.note(16, 100, kNow), Answer::news);
  EXPECT_EQ(table.note(16, 100, kNow), Answer::known);
  table.forget_last();
  EXPECT_EQ(table.note(16, 100, kNow), Answer::known) << "it was told before";
}

}  // namespace
}  // namespace bansoko::claim
