// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"
#include "tests/cases.h"

namespace bansoko::flow {
namespace {

using packet::Anomaly;

constexpr auto kGap = Anomaly::stream_gap;
constexpr auto kOutside = Anomaly::stream_outside_window;

/// Packets that we were not shown, of which the driver has told: the same segments before and after.
struct LossCase {
  std::string_view name;
  std::vector<TestSegment> before;
  std::vector<TestSegment> after;
  std::string_view client = {};
  std::string_view server = {};
  std::string_view outcomes = {};  // of those after
  std::vector<Anomaly> anomalies = {};
  StreamSettings settings = {};
};
/// Each with a byte, and more than a window before it.
std::vector<TestSegment> holes(int count) {
  std::vector<TestSegment> segments;
  for (int i = 1; i <= count; ++i) segments.push_back(c(100000 * i, "a"));
  return segments;
}

class ToldLoss : public testing::TestWithParam<LossCase> {};

TEST_P(ToldLoss, IsGoneOver) {
  Conversation conversation(GetParam().settings);
  conversation.open();
  send_all(conversation, GetParam().before);
  conversation.tracker.note_losses();
  EXPECT_EQ(send_all(conversation, GetParam().after), GetParam().outcomes);
  EXPECT_EQ(conversation.sink.logs[0], GetParam().client);
  EXPECT_EQ(conversation.sink.logs[1], GetParam().server);
  EXPECT_EQ(conversation.anomalies, set_of(GetParam().anomalies));
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_FALSE(conversation.sink.broken);
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Loss, ToldLoss,
    testing::Values(
        LossCase{"nothing_missing", {c(0, "a")}, {c(1, "b")}, "a|b", "", "."},
        LossCase{"beyond_the_window", {c(0, "a")}, {c(70000, "z")}, "a<69999>z", "", ".", {kGap}},
        LossCase{"and_goes_on", {}, {c(70000, "z"), c(70001, "y")}, "<70000>z|y", "", "..", {kGap}},
        LossCase{"waiting_bytes_are_told",
                 {c(0, "a"), c(3, "d")},
                 {c(70000, "z")},
                 "a<2>d<69996>z",
                 "",
                 ".",
                 {kGap}},
        LossCase{"acknowledged_beyond", {c(0, "a")}, {s(0, "x").acks(70000)}, "a", "x", ".", {kGap}},
        LossCase{"several_holes", {}, {c(70000, "z"), c(200000, "y")}, "<70000>z<129999>y", "", "..", {kGap}},
        LossCase{"no_more_than_so_many_holes",
                 {},
                 holes(17),
                 "<100000>a<99999>a<99999>a<99999>a<99999>a<99999>a<99999>a<99999>a<99999>a<99999>a<99999>a<"
                 "99999>a"
                 "<99999>a<99999>a<99999>a<99999>a",
                 "",
                 "................x",
                 {kGap, kOutside},
                 {.depth = 0}},
        LossCase{"not_backwards", {c(0, "a")}, {c(-0x50000000, "z")}, "a", "", "x", {kOutside}},
        LossCase{"not_with_an_old_acknowledgement",
                 {s(0, "xyz")},
                 {c(70000, "z").acks(2)},
                 "",
                 "xyz",
                 "x",
                 {kOutside}},
        LossCase{"past_the_depth",
                 {c(0, "ab")},
                 {c(70000, "z"), c(70001, "y"), c(140000, "x")},
                 "ab$",
                 "",
                 "...",
                 {kGap},
                 {.depth = 2}}),
    by_name);

}  // namespace
}  // namespace bansoko::flow
