// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/tcp_tracker.h"

#include <gtest/gtest.h>

#include "shield/flow/stream_case.h"

namespace bansoko::flow {
namespace {

using packet::Anomaly;
using packet::TcpFlag;

class Stream : public testing::TestWithParam<StreamCase> {};

TEST_P(Stream, IsDelivered) {
  Conversation conversation(GetParam().settings);
  conversation.open();
  expect(conversation, GetParam());
}

TEST_P(Stream, IsDeliveredAcrossTheWrap) {
  Conversation conversation(GetParam().settings);
  conversation.isn = {0xfffffffd, 0xffffffff};
  conversation.open();
  expect(conversation, GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Order, Stream,
    testing::Values(StreamCase{"nothing", {}},
                    StreamCase{"in_order", {c(0, "ab"), c(2, "cd"), s(0, "xy")}, "ab|cd", "xy"},
                    StreamCase{"reversed", {c(4, "ef"), c(2, "cd"), c(0, "ab")}, "abcdef"},
                    StreamCase{
                        "gap_closed_in_one_chunk", {c(0, "a"), c(2, "c"), c(3, "d"), c(1, "b")}, "a|bcd"},
                    StreamCase{"two_gaps", {c(1, "b"), c(3, "d"), c(0, "a"), c(2, "c")}, "ab|cd"},
                    StreamCase{"gap_open", {c(0, "a"), c(2, "c")}, "a"},
                    StreamCase{"both_sides", {c(1, "b"), s(1, "y"), s(0, "x"), c(0, "a")}, "ab", "xy"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Overlap, Stream,
    testing::Values(
        StreamCase{"same_again", {c(0, "abc"), c(0, "abc")}, "abc"},
        StreamCase{"same_again_after_ack", {c(0, "abc"), s(0).acks(3), c(0, "abc")}, "abc"},
        StreamCase{"different_again", {c(0, "abc"), c(0, "abX")}, "abc", "", ".x", {kConflict}},
        StreamCase{"partly_new", {c(0, "abc"), c(1, "bcde")}, "abc|de"},
        StreamCase{"partly_new_and_different", {c(0, "abc"), c(1, "bXde")}, "abc", "", ".x", {kConflict}},
        StreamCase{"out_of_order_again", {c(2, "cd"), c(2, "cd"), c(0, "ab")}, "abcd"},
        StreamCase{
            "out_of_order_different", {c(2, "cd"), c(2, "cX"), c(0, "ab")}, "abcd", "", ".x.", {kConflict}},
        StreamCase{"filling_agrees", {c(2, "cd"), c(0, "abcd")}, "abcd"},
        StreamCase{"filling_differs", {c(2, "cd"), c(0, "abXd"), c(0, "ab")}, "abcd", "", ".x.", {kConflict}},
        StreamCase{"filling_and_beyond", {c(2, "cd"), c(5, "f"), c(0, "abcdefg")}, "abcdefg"},
        StreamCase{
            "across_two_runs_differs", {c(1, "b"), c(3, "d"), c(0, "abcX")}, "", "", "..x", {kConflict}},
        StreamCase{"old_and_waiting", {c(0, "ab"), c(3, "d"), c(1, "bcd")}, "ab|cd"},
        StreamCase{"keep_alive_empty", {c(0, "abc"), s(0).acks(3), c(2)}, "abc"},
        StreamCase{"keep_alive_with_garbage", {c(0, "abc"), s(0).acks(3), c(2, "?")}, "abc"},
        StreamCase{
            "last_byte_differs_unacknowledged", {c(0, "abc"), c(2, "?")}, "abc", "", ".x", {kConflict}},
        StreamCase{"zero_window_probe", {s(0).acks(0).offers(0), c(0, "a"), c(0, "a")}, "a"},
        StreamCase{"before_the_stream_and_not_acknowledged", {c(0, "ab"), c(-1, "?ab")}, "ab"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Loss, Stream,
    testing::Values(
        StreamCase{"acknowledged_unseen", {c(0, "ab"), s(0).acks(4), c(4, "ef")}, "ab<2>ef", "", "", {kGap}},
        StreamCase{"hole_acknowledged_away", {c(0, "a"), c(3, "d"), s(0).acks(4)}, "a<2>d", "", "", {kGap}},
        StreamCase{
            "two_holes", {c(1, "b"), c(3, "d"), s(0).acks(4), c(4, "e")}, "<1>b<1>d|e", "", "", {kGap}},
        StreamCase{"acknowledged_within_a_run", {c(1, "bcd"), s(0).acks(2)}, "<1>bcd", "", "", {kGap}},
        StreamCase{"late_copy_of_a_hole",
                   {s(0).acks(2), c(2, "c"), c(0, "ab")},
                   "<2>c",
                   "",
                   "..x",
                   {kGap, Anomaly::stream_late_copy}},
        StreamCase{"late_copy_of_one_byte_of_a_hole",
                   {c(0, "a"), s(0).acks(3), c(3, "d"), c(2, "c"), c(0, "a"), c(3, "de")},
                   "a<2>d|e",
                   "",
                   "...x..",
                   {kGap, Anomaly::stream_late_copy}},
        StreamCase{"late_copy_under_new_bytes",
                   {s(0).acks(2), c(1, "bcd"), c(2, "cd")},
                   "<2>cd",
                   "",
                   ".x.",
                   {kGap, Anomaly::stream_late_copy}},
        StreamCase{"acknowledged_before_it_could_be_sent",
                   {c(0, "a"), s(0).acks(70000), c(1, "b")},
                   "a|b",
                   "",
                   ".x.",
                   {kOutside}},
        StreamCase{"beyond_the_window", {c(0, "a"), c(70000, "z"), c(1, "b")}, "a|b", "", ".x.", {kOutside}},
        StreamCase{"at_the_end_of_the_window", {c(65535, "z"), c(0, "a")}, "a"},
        StreamCase{"far_in_the_past", {c(-0x50000000, "z")}, "", "", "x", {kOutside}},
        StreamCase{
            "without_ack", {c(0, "a").only(0), c(0, "b")}, "b", "", "x.", {Anomaly::tcp_flags_invalid}},
        StreamCase{"syn_and_fin",
                   {c(0).only(TcpFlag::syn | TcpFlag::fin)},
                   "",
                   "",
                   "x",
                   {Anomaly::tcp_flags_invalid}}),
    by_name);

constexpr auto kAfterClose = Anomaly::stream_data_after_close;

INSTANTIATE_TEST_SUITE_P(
    End, Stream,
    testing::Values(
        StreamCase{"fin", {c(0, "ab"), c(2).fin()}, "ab$", "", "", {}, Phase::closing},
        StreamCase{"fin_with_data", {c(0, "ab").fin()}, "ab$", "", "", {}, Phase::closing},
        StreamCase{"fin_on_nothing", {c(0).fin()}, "$", "", "", {}, Phase::closing},
        StreamCase{"fin_early", {c(2).fin(), c(0, "ab")}, "ab$", "", "", {}, Phase::closing},
        StreamCase{"fin_early_with_data", {c(1, "b").fin(), c(0, "a")}, "ab$", "", "", {}, Phase::closing},
        StreamCase{"fin_waiting", {c(2).fin()}},
        StreamCase{
            "fin_again", {c(0, "a").fin(), c(0, "a").fin(), c(1).fin()}, "a$", "", "", {}, Phase::closing},
        StreamCase{"both",
                   {c(0, "a").fin(), s(0, "x").acks(2).fin(), c(2).acks(2)},
                   "a$",
                   "x$",
                   "",
                   {},
                   Phase::closed},
        StreamCase{"half_closed",
                   {c(0).fin(), s(0, "x").acks(1), s(1, "y").acks(1)},
                   "$",
                   "x|y",
                   "",
                   {},
                   Phase::closing},
        StreamCase{
            "data_after_fin", {c(0, "a").fin(), c(1, "b")}, "a$", "", ".x", {kAfterClose}, Phase::closing},
        StreamCase{
            "different_after_fin", {c(0, "a").fin(), c(0, "X")}, "a$", "", ".x", {kConflict}, Phase::closing},
        StreamCase{
            "fin_moved", {c(2).fin(), c(1).fin(), c(0, "ab")}, "ab$", "", ".x.", {kConflict}, Phase::closing},
        StreamCase{"fin_before_known_data", {c(0, "abc"), c(1).fin()}, "abc", "", ".x", {kConflict}},
        StreamCase{"reset", {c(0, "ab"), s(0, "x"), s(1).rst()}, "ab$", "x$", "", {}, Phase::closed},
        StreamCase{
            "reset_without_ack", {c(0, "a"), c(1).only(TcpFlag::rst)}, "a$", "", "", {}, Phase::closed},
        StreamCase{"reset_of_unacknowledged", {c(0, "ab"), c(0).rst(), c(2, "c")}, "ab|c"},
        StreamCase{"reset_after_a_challenge",
                   {c(0, "ab"), c(0).rst(), s(0).acks(2), c(2).only(TcpFlag::rst)},
                   "ab$",
                   "",
                   "",
                   {},
                   Phase::closed},
        StreamCase{"reset_tells_what_waited",
                   {c(0, "a"), c(2, "c"), s(0).rst()},
                   "a<1>c$",
                   "",
                   "",
                   {},
                   Phase::closed},
        StreamCase{"reset_ahead_is_challenged", {c(0, "a"), c(9).rst(), c(1, "b")}, "a|b"},
        StreamCase{"reset_behind",
                   {c(0, "ab"), s(0).acks(2), c(1).rst(), c(2, "c")},
                   "ab|c",
                   "",
                   "..x.",
                   {kResetOutside}},
        StreamCase{"reset_beyond", {c(0, "a"), c(70000).rst(), c(1, "b")}, "a|b", "", ".x.", {kResetOutside}},
        StreamCase{"data_after_reset",
                   {c(0, "a"), c(1).rst(), c(1, "b")},
                   "a$",
                   "",
                   "..x",
                   {kAfterClose},
                   Phase::closed},
        StreamCase{"ack_after_reset",
                   {c(0, "a"), c(1).rst(), s(0).acks(1), c(1).rst()},
                   "a$",
                   "",
                   "",
                   {},
                   Phase::closed}),
    by_name);

constexpr auto kMemory = Anomaly::stream_memory_limit;
constexpr auto kSegments = Anomaly::stream_segment_limit;
constexpr StreamSettings kNoMemory{.memory = 0};
constexpr StreamSettings kNoMemoryPass{.memory = 0, .on_memory_limit = OnLimit::pass};
constexpr StreamSettings kWindow{.window = 8};
constexpr StreamSettings kWindowPass{.window = 8, .on_memory_limit = OnLimit::pass};
constexpr StreamSettings kTwoRanges{.max_ranges = 2};
constexpr StreamSettings kTwoRangesPass{.max_ranges = 2, .on_segment_limit = OnLimit::pass};
constexpr StreamSettings kUnverifiedDrop{
    .memory = 0, .on_memory_limit = OnLimit::pass, .on_unverified = OnLimit::drop};
constexpr StreamSettings kDepth{.depth = 4};

INSTANTIATE_TEST_SUITE_P(
    Limit, Stream,
    testing::Values(
        StreamCase{"no_memory", {c(0, "a")}, "", "", "x", {kMemory}, Phase::established, kNoMemory},
        StreamCase{"no_memory_pass",
                   {c(0, "a"), c(1, "b")},
                   "a|b",
                   "",
                   "",
                   {kMemory},
                   Phase::established,
                   kNoMemoryPass},
        StreamCase{"no_memory_pass_out_of_order",
                   {c(1, "b"), c(0, "a"), s(0).acks(2), c(2, "c")},
                   "a<1>c",
                   "",
                   "",
                   {kMemory, kGap},
                   Phase::established,
                   kNoMemoryPass},
        StreamCase{"window",
                   {c(1, "bcdefgh"), c(8, "i"), c(0, "a")},
                   "abcdefgh",
                   "",
                   ".x.",
                   {kMemory},
                   Phase::established,
                   kWindow},
        StreamCase{"window_pass",
                   {c(8, "i"), c(0, "abcdefgh"), s(0).acks(9), c(9, "j")},
                   "abcdefgh<1>j",
                   "",
                   "",
                   {kMemory, kGap},
                   Phase::established,
                   kWindowPass},
        StreamCase{"segments",
                   {c(1, "b"), c(3, "d"), c(5, "f"), c(4, "e"), c(0, "a"), c(2, "c")},
                   "ab|cde",
                   "",
                   "..x...",
                   {kSegments},
                   Phase::established,
                   kTwoRanges},
        StreamCase{"segments_pass",
                   {c(1, "b"), c(3, "d"), c(5, "f"), s(0).acks(6)},
                   "<1>b<1>d",
                   "",
                   "",
                   {kSegments, kGap},
                   Phase::established,
                   kTwoRangesPass},
        StreamCase{"unverified",
                   {c(0, "a"), c(0, "X")},
                   "a",
                   "",
                   "",
                   {kMemory, kUnverified},
                   Phase::established,
                   kNoMemoryPass},
        StreamCase{"unverified_drop",
                   {c(0, "a"), c(0, "a")},
                   "a",
                   "",
                   ".x",
                   {kMemory, kUnverified},
                   Phase::established,
                   kUnverifiedDrop},
        StreamCase{"acknowledged_needs_no_verifying",
                   {c(0, "a"), s(0).acks(1), c(0, "a")},
                   "a",
                   "",
                   "",
                   {kMemory},
                   Phase::established,
                   kUnverifiedDrop},
        StreamCase{
            "depth", {c(0, "abc"), c(3, "def"), c(6, "g")}, "abc|d$", "", "", {}, Phase::established, kDepth},
        StreamCase{"depth_at_once", {c(0, "abcdef")}, "abcd$", "", "", {}, Phase::established, kDepth},
        StreamCase{"depth_exactly", {c(0, "abcd"), c(4).fin()}, "abcd$", "", "", {}, Phase::closing, kDepth},
        StreamCase{"depth_with_the_end", {c(0, "abcd").fin()}, "abcd$", "", "", {}, Phase::closing, kDepth},
        StreamCase{"depth_out_of_order",
                   {c(3, "def"), c(0, "abc")},
                   "abcd$",
                   "",
                   "",
                   {},
                   Phase::established,
                   kDepth},
        StreamCase{"depth_still_compares",
                   {c(0, "abcd"), c(2, "cX")},
                   "abcd$",
                   "",
                   ".x",
                   {kConflict},
                   Phase::established,
                   kDepth},
        StreamCase{"depth_lost",
                   {c(0, "a"), s(0).acks(6), c(6, "g")},
                   "a",
                   "",
                   "",
                   {kGap},
                   Phase::established,
                   kDepth},
        StreamCase{"depth_of_one_side",
                   {c(0, "abcdef"), s(0, "xyz").acks(6)},
                   "abcd$",
                   "xyz",
                   "",
                   {},
                   Phase::established,
                   kDepth}),
    by_name);

}  // namespace
}  // namespace bansoko::flow
