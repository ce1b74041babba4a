// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/tcp_tracker.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"
#include "tests/cases.h"

namespace bansoko::flow {
namespace {

using packet::Anomaly;
using packet::TcpFlag;

struct StreamCase {
  std::string_view name;
  std::vector<TestSegment> segments;  // after the handshake
  std::string_view client = {};       // delivered of each side
  std::string_view server = {};
  std::string_view outcomes = {};  // of each segment: '.' accepted, 'x' refused; empty: all accepted
  std::vector<Anomaly> anomalies = {};
  Phase phase = Phase::established;
  StreamSettings settings = {};
};

void expect(Conversation& conversation, const StreamCase& row) {
  const std::string outcomes = send_all(conversation, row.segments);
  EXPECT_EQ(outcomes, row.outcomes.empty() ? std::string(row.segments.size(), '.') : row.outcomes);
  EXPECT_EQ(conversation.sink.logs[0], row.client);
  EXPECT_EQ(conversation.sink.logs[1], row.server);
  EXPECT_EQ(conversation.anomalies, set_of(row.anomalies));
  EXPECT_EQ(conversation.flow.phase, row.phase);
  EXPECT_FALSE(conversation.sink.broken);
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_FALSE(conversation.sink.broken);
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

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

constexpr auto kConflict = Anomaly::stream_conflicting_retransmission;

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

constexpr auto kGap = Anomaly::stream_gap;
constexpr auto kOutside = Anomaly::stream_outside_window;

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
constexpr auto kResetOutside = Anomaly::stream_reset_outside_window;

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
constexpr auto kUnverified = Anomaly::stream_retransmission_unverified;
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

class Handshake : public testing::TestWithParam<StreamCase> {};

TEST_P(Handshake, IsFollowed) {
  Conversation conversation(GetParam().settings);
  expect(conversation, GetParam());
}

constexpr auto kOnSyn = Anomaly::stream_data_on_syn;
constexpr auto kNoSession = Anomaly::stream_no_session;
const TestSegment kServerSyn = s(-1).only(TcpFlag::syn);
const TestSegment kClientSynAck = c(-1).with(TcpFlag::syn);
const TestSegment kOtherSyn = syn().isn(77777);
constexpr StreamSettings kSynData{.on_syn_data = OnLimit::pass};
constexpr auto kOneSided = Anomaly::stream_one_sided;

INSTANTIATE_TEST_SUITE_P(
    Opening, Handshake,
    testing::Values(
        StreamCase{"syn_only", {syn()}, "", "", "", {}, Phase::opening},
        StreamCase{"no_ack_yet", {syn(), syn_ack()}, "", "", "", {}, Phase::opening},
        StreamCase{"three_way", {syn(), syn_ack(), c(0)}},
        StreamCase{"ack_with_data", {syn(), syn_ack(), c(0, "a")}, "a"},
        StreamCase{"server_speaks_first", {syn(), syn_ack(), s(0, "x"), c(0, "a").acks(1)}, "a", "x"},
        StreamCase{"syn_again", {syn(), syn(), syn_ack(), syn_ack(), c(0, "a"), syn_ack()}, "a"},
        StreamCase{
            "simultaneous", {syn(), kServerSyn, kClientSynAck, syn_ack(), c(0, "a"), s(0, "x")}, "a", "x"},
        StreamCase{"split", {syn(), kServerSyn, kClientSynAck, s(0), c(0, "a"), s(0, "x")}, "a", "x"},
        StreamCase{"split_ack_first",
                   {syn(), s(4999), kServerSyn, kClientSynAck, s(0), c(0, "a"), s(0, "x")},
                   "a",
                   "x",
                   "",
                   {kOneSided}},
        StreamCase{"data_on_syn",
                   {syn("ab"), syn_ack().acks(2), c(2, "c")},
                   "ab|c",
                   "",
                   "",
                   {kOnSyn},
                   Phase::established,
                   kSynData},
        StreamCase{
            "data_on_syn_dropped", {syn("ab"), syn(), syn_ack(), c(0, "ab")}, "ab", "", "x...", {kOnSyn}},
        StreamCase{"data_on_syn_not_taken",
                   {syn("ab"), syn_ack(), c(0)},
                   "ab",
                   "",
                   "",
                   {kOnSyn},
                   Phase::established,
                   kSynData},
        StreamCase{"data_on_syn_answered",
                   {syn("ab"), syn_ack().acks(2), s(0, "x").acks(2)},
                   "ab",
                   "x",
                   "",
                   {kOnSyn},
                   Phase::established,
                   kSynData},
        StreamCase{"data_on_syn_sent_again",
                   {syn("ab"), syn_ack(), c(0, "ab"), c(2, "c")},
                   "ab|c",
                   "",
                   "",
                   {kOnSyn},
                   Phase::established,
                   kSynData},
        StreamCase{"data_on_syn_changed",
                   {syn("ab"), syn_ack(), c(0, "aX")},
                   "",
                   "",
                   "..x",
                   {kOnSyn, kConflict},
                   Phase::opening,
                   kSynData},
        StreamCase{"data_on_syn_changed_on_syn",
                   {syn("ab"), syn("aX"), syn_ack(), c(0)},
                   "ab",
                   "",
                   ".x..",
                   {kOnSyn, kConflict},
                   Phase::established,
                   kSynData},
        StreamCase{"other_syn_ignored", {syn(), kOtherSyn, syn_ack(), c(0, "a")}, "a"},
        StreamCase{"other_syn_taken", {kOtherSyn, syn(), syn_ack(), c(0, "a")}, "a"},
        StreamCase{"other_syn_with_data",
                   {syn(), syn("zz").isn(77777), syn_ack(), c(0, "a")},
                   "a",
                   "",
                   ".x..",
                   {kOnSyn}},
        StreamCase{"other_syn_later", {syn(), syn_ack(), c(0, "a"), kOtherSyn, c(1, "b")}, "a|b"},
        StreamCase{"server_begins_anew",
                   {syn(), syn_ack(), c(0, "a"), kOtherSyn, syn_ack().acks(77777).isn(5)},
                   "a$",
                   "",
                   "....x",
                   {kNoSession},
                   Phase::closed},
        StreamCase{"syn_ack_for_nobody",
                   {syn(), syn_ack().acks(9), syn_ack(), c(0, "a")},
                   "a",
                   "",
                   ".x..",
                   {kOutside}},
        StreamCase{"syn_ack_changed", {syn(), syn_ack().isn(9), syn_ack(), c(0, "a")}, "a"},
        StreamCase{"syn_ack_changed_late",
                   {syn(), syn_ack(), c(0, "a"), syn_ack().isn(9)},
                   "a",
                   "",
                   "...x",
                   {kOutside}},
        StreamCase{"data_before_the_answer",
                   {syn(), c(0, "a").only(0)},
                   "",
                   "",
                   ".x",
                   {Anomaly::tcp_flags_invalid},
                   Phase::opening},
        StreamCase{"ack_of_an_old_connection", {syn(), s(500).acks(9000), syn_ack(), c(0, "a")}, "a"},
        StreamCase{"data_of_an_old_connection",
                   {syn(), s(500, "x").acks(9000)},
                   "",
                   "",
                   ".x",
                   {kNoSession},
                   Phase::opening},
        StreamCase{"refused_by_the_server", {syn(), s(-1).rst()}, "", "", "", {}, Phase::closed},
        StreamCase{"reset_that_acknowledges_nothing",
                   {syn(), s(-1).only(TcpFlag::rst), syn_ack(), c(0, "a")},
                   "a",
                   "",
                   ".x..",
                   {kResetOutside}},
        StreamCase{"reset_of_an_old_connection",
                   {syn(), s(500).acks(9000), c(9000).only(TcpFlag::rst), syn(), syn_ack(), c(0, "a")},
                   "a"},
        StreamCase{"syn_ack_unseen", {syn(), c(0, "a"), s(0, "x").acks(1)}, "a", "x", "", {kOneSided}},
        StreamCase{"client_alone",
                   {syn(), c(0, "a"), c(1, "b").acks(50), c(2, "c").acks(100), c(3).acks(100).fin()},
                   "a|b|c$",
                   "",
                   "",
                   {kOneSided, kGap},
                   Phase::closing},
        StreamCase{"server_alone",
                   {syn_ack(), s(0, "xy").acks(9), s(2, "z").acks(9).fin()},
                   "",
                   "xy|z$",
                   "",
                   {kGap},
                   Phase::closing},
        StreamCase{"client_alone_refused",
                   {syn(), c(0, "a"), syn_ack(), c(0, "a")},
                   "a",
                   "",
                   ".x..",
                   {kOneSided},
                   Phase::established,
                   {.on_one_sided = OnLimit::drop}},
        StreamCase{"ack_of_before_the_beginning",
                   {syn(), syn_ack(), c(0, "X").acks(-5000), c(0).acks(-5000), c(0, "a")},
                   "a",
                   "",
                   "..x..",
                   {Anomaly::stream_old_acknowledgement}}),
    by_name);

constexpr StreamSettings kIgnore{.midstream = Midstream::ignore};
constexpr StreamSettings kDrop{.midstream = Midstream::drop};

INSTANTIATE_TEST_SUITE_P(
    Midway, Handshake,
    testing::Values(
        StreamCase{"inspect", {c(0, "ab"), s(0, "xy").acks(2), c(2, "c").acks(2)}, "ab|c", "xy"},
        StreamCase{"inspect_from_server", {s(0, "x"), c(0, "a").acks(1)}, "a", "x"},
        StreamCase{"inspect_syn_ack_first", {syn_ack(), c(0, "a")}, "a"},
        StreamCase{"inspect_out_of_order", {c(0, "a"), c(2, "c"), c(1, "b")}, "a|bc"},
        StreamCase{"inspect_earlier_bytes", {c(2, "c"), c(0, "ab")}, "c", "", "", {kUnverified}},
        StreamCase{"inspect_earlier_acknowledged", {c(2, "c"), s(0).acks(3), c(0, "ab")}, "c"},
        StreamCase{"inspect_fin", {c(0, "a").fin()}, "a$", "", "", {}, Phase::closing},
        StreamCase{"inspect_reset", {c(0).rst()}, "", "", "", {}, Phase::closed},
        StreamCase{"ignore", {c(0, "a"), s(0, "x")}, "", "", "", {}, Phase::established, kIgnore},
        StreamCase{"ignore_fin", {c(0, "a").fin()}, "", "", "", {}, Phase::closing, kIgnore},
        StreamCase{"ignore_both_fin", {c(0).fin(), s(0).fin()}, "", "", "", {}, Phase::closed, kIgnore},
        StreamCase{"ignore_then_syn",
                   {c(0, "a"), syn(), syn_ack(), c(0, "b")},
                   "b",
                   "",
                   "",
                   {},
                   Phase::established,
                   kIgnore},
        StreamCase{"drop", {c(0, "a"), s(0, "x")}, "", "", "xx", {kNoSession}, Phase::opening, kDrop},
        StreamCase{"drop_reset", {c(0).rst()}, "", "", "x", {kNoSession}, Phase::opening, kDrop},
        StreamCase{"drop_half", {syn(), c(0, "a")}, "", "", ".x", {kNoSession}, Phase::opening, kDrop},
        StreamCase{"drop_then_syn",
                   {c(0, "a"), syn(), syn_ack(), c(0, "b")},
                   "b",
                   "",
                   "x...",
                   {kNoSession},
                   Phase::established,
                   kDrop}),
    by_name);

TEST(StreamPhase, DataThatCompletesTheHandshakeIsOfAnEstablishedConnection) {
  Conversation conversation({});
  send_all(conversation, {syn(), syn_ack(), c(0, "ab")});
  EXPECT_EQ(conversation.sink.logs[0], "ab");
  EXPECT_EQ(conversation.sink.phase, Phase::established);
}

}  // namespace
}  // namespace bansoko::flow
