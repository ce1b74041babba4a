// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/kb_graph.h"

#include <array>

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

using Link = KbGraph::Link;

TEST(KbGraph, NumbersAreReadInEachSpelling) {
  EXPECT_EQ(kb_of("958644"), 958644U);
  EXPECT_EQ(kb_of("KB958644"), 958644U);
  EXPECT_EQ(kb_of("Q147222"), 147222U);
  EXPECT_EQ(kb_of("kb4012598-v2"), 4012598U);
  for (const std::string_view text : {"", "KB", "File 1", "service pack 2", "KB99999999999"})
    EXPECT_EQ(kb_of(text), 0U) << text;
}

TEST(KbGraph, AnInstalledUpdateStandsForAllBeforeIt) {
  KbGraph graph;
  graph.add(2705219, 958644, Link::supersedes);
  graph.add(958644, 921883, Link::supersedes);
  graph.add(4012215, 4012212, Link::contains);
  const auto covered = graph.covered_by(std::array<Kb, 2>{2705219, 4012215});
  EXPECT_EQ(covered.at(921883).by, 2705219U);
  EXPECT_EQ(covered.at(921883).link, Link::supersedes);
  EXPECT_EQ(covered.at(4012212).link, Link::contains);
  EXPECT_EQ(covered.at(2705219).by, 2705219U);
  EXPECT_EQ(covered.size(), 5U);
}

TEST(KbGraph, TheOlderDoesNotStandForTheNewer) {
  KbGraph graph;
  graph.add(2, 1, Link::supersedes);
  EXPECT_FALSE(graph.covered_by(std::array<Kb, 1>{1}).contains(2));
}

TEST(KbGraph, CirclesAndNothingsAreHarmless) {
  KbGraph graph;
  graph.add(1, 2, Link::supersedes);
  graph.add(2, 3, Link::supersedes);
  graph.add(3, 1, Link::supersedes);
  graph.add(3, 3, Link::supersedes);
  graph.add(0, 3, Link::supersedes);
  EXPECT_EQ(graph.covered_by(std::array<Kb, 2>{1, 0}).size(), 3U);
}

}  // namespace
}  // namespace bansoko::assess
