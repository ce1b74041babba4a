// SPDX-License-Identifier: Apache-2.0
// What the receiver makes of segments that no honest sender sends, or not so.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"
#include "tests/cases.h"

namespace bansoko::flow {
namespace {

using namespace std::chrono_literals;
using packet::Anomaly;
using packet::System;

/// Pieces of the client's stream that wait behind a hole, in order of arrival; then the hole is filled with
/// "_".
struct OverlapCase {
  std::string_view name;
  std::vector<TestSegment> pieces;
  std::string_view first, last, linux, windows, windows_2003, bsd, solaris;
};

class Overlapping : public testing::TestWithParam<OverlapCase> {};

std::string seen_by(System system, const std::vector<TestSegment>& pieces, const StreamSettings& settings) {
  Conversation conversation(settings);
  conversation.flow.hosts[index(Side::server)].system = system;
  conversation.open();
  for (const TestSegment& piece : pieces) conversation.send(piece);
  conversation.send(c(0, "_"));
  EXPECT_FALSE(conversation.sink.broken);
  return conversation.sink.texts[0];
}

TEST_P(Overlapping, AsTheSystemTakesIt) {
  const OverlapCase& row = GetParam();
  for (const StreamSettings& settings :
       {StreamSettings{.on_conflict = OnLimit::pass}, StreamSettings{.refused_arrives = true}}) {
    EXPECT_EQ(seen_by(System::first, row.pieces, settings), row.first);
    EXPECT_EQ(seen_by(System::last, row.pieces, settings), row.last);
    EXPECT_EQ(seen_by(System::linux, row.pieces, settings), row.linux);
    EXPECT_EQ(seen_by(System::windows, row.pieces, settings), row.windows);
    EXPECT_EQ(seen_by(System::windows_2003, row.pieces, settings), row.windows_2003);
    EXPECT_EQ(seen_by(System::bsd, row.pieces, settings), row.bsd);
    EXPECT_EQ(seen_by(System::solaris, row.pieces, settings), row.solaris);
  }
}

INSTANTIATE_TEST_SUITE_P(
    TcpReceiver, Overlapping,
    testing::Values(
        // In order: first, last, linux, windows, windows-2003, bsd, solaris.
        OverlapCase{"later_begins_before",
                    {c(3, "aaaa"), c(1, "bbbb")},
                    "_bbaaaa",
                    "_bbbbaa",
                    "_bbbbaa",
                    "_bbaaaa",
                    "_bbbbaa",
                    "_bbbbaa",
                    "_bbaaaa"},
        OverlapCase{"later_begins_behind",
                    {c(1, "aaaa"), c(3, "bbbb")},
                    "_aaaabb",
                    "_aabbbb",
                    "_aaaabb",
                    "_aaaabb",
                    "_aaaabb",
                    "_aaaabb",
                    "_aabbbb"},
        OverlapCase{"later_covers",
                    {c(2, "aa"), c(1, "bbbb")},
                    "_baab",
                    "_bbbb",
                    "_bbbb",
                    "_baab",
                    "_bbbb",
                    "_bbbb",
                    "_bbbb"},
        OverlapCase{"later_is_inside",
                    {c(1, "aaaa"), c(2, "bb")},
                    "_aaaa",
                    "_abba",
                    "_aaaa",
                    "_aaaa",
                    "_aaaa",
                    "_aaaa",
                    "_aaaa"},
        OverlapCase{"same_place", {c(1, "aa"), c(1, "bb")}, "_aa", "_bb", "_aa", "_aa", "_aa", "_aa", "_bb"},
        OverlapCase{"same_beginning_longer",
                    {c(1, "aa"), c(1, "bbb")},
                    "_aab",
                    "_bbb",
                    "_bbb",
                    "_aab",
                    "_aab",
                    "_aab",
                    "_bbb"},
        OverlapCase{"same_beginning_shorter",
                    {c(1, "aaa"), c(1, "bb")},
                    "_aaa",
                    "_bba",
                    "_aaa",
                    "_aaa",
                    "_aaa",
                    "_aaa",
                    "_aaa"},
        OverlapCase{"same_end_earlier",
                    {c(2, "aa"), c(1, "bbb")},
                    "_baa",
                    "_bbb",
                    "_bbb",
                    "_baa",
                    "_bbb",
                    "_bbb",
                    "_bbb"},
        // One segment over two neighbours: it begins inside the one and before the other.
        OverlapCase{"across_neighbours",
                    {c(1, "aa"), c(3, "cc"), c(2, "bb")},
                    "_aacc",
                    "_abbc",
                    "_aabc",
                    "_aacc",
                    "_aabc",
                    "_aabc",
                    "_abcc"},
        OverlapCase{"over_neighbours_and_a_hole",
                    {c(2, "aa"), c(5, "cc"), c(1, "bbbbbbb")},
                    "_baabccb",
                    "_bbbbbbb",
                    "_bbbbbbb",
                    "_baabccb",
                    "_bbbbbbb",
                    "_bbbbbbb",
                    "_bbbbbbb"},
        // What Linux has cut off a segment still says where it began.
        OverlapCase{"of_what_was_cut",
                    {c(4, "aaaa"), c(1, "bbbbb"), c(5, "cccc")},
                    "_bbbaaaac",
                    "_bbbbcccc",
                    "_bbbbbaac",
                    "_bbbaaaac",
                    "_bbbbbccc",
                    "_bbbbbccc",
                    "_bbbacccc"}),
    by_name);

TEST(TcpReceiver, WhatWasDeliveredStays) {
  for (const System system : {System::first, System::last, System::linux, System::windows,
                              System::windows_2003, System::bsd, System::solaris}) {
    Conversation conversation({.refused_arrives = true});
    conversation.flow.hosts[1].system = system;
    conversation.open();
    conversation.send(c(0, "ab"));
    EXPECT_EQ(conversation.send(c(0, "XYc")), TcpTracker::Outcome::refuse);
    EXPECT_EQ(conversation.sink.logs[0], "ab|c");
  }
}

TEST(TcpReceiver, TheFillerOfAHoleIsLaterThanAllBehindIt) {
  for (const auto& [system, text] : {std::pair{System::first, "xab"}, std::pair{System::linux, "xyz"}}) {
    Conversation conversation({.on_conflict = OnLimit::pass});
    conversation.flow.hosts[1].system = system;
    conversation.open();
    conversation.send(c(1, "ab"));
    EXPECT_EQ(conversation.send(c(0, "xyz")), TcpTracker::Outcome::accept);
    EXPECT_EQ(conversation.sink.texts[0], text);
  }
}

TEST(TcpReceiver, ConflictsAreToldWithBothCopies) {
  Conversation conversation({});
  conversation.open();
  conversation.send(c(0, "GET /index.html"));
  EXPECT_EQ(conversation.tracker.conflict().size, 0U);
  ASSERT_EQ(conversation.send(c(2, "T /evil.html")), TcpTracker::Outcome::refuse);
  EXPECT_EQ(conversation.tracker.conflict().offset, 5U);
  EXPECT_EQ(as_text(conversation.tracker.conflict().earlier_bytes()), "index.htm");
  EXPECT_EQ(as_text(conversation.tracker.conflict().later_bytes()), "evil.html");
  conversation.send(c(15, "?"));
  EXPECT_EQ(conversation.tracker.conflict().size, 0U);
}

TEST(TcpReceiver, WithoutRangesToRememberNothingIsGuessed) {
  Conversation conversation({.max_ranges = 3, .on_conflict = OnLimit::pass});
  conversation.flow.hosts[1].system = System::bsd;
  conversation.open();
  for (const std::int64_t at : {1, 2, 3, 4, 5, 6}) conversation.send(c(at, "a"));
  EXPECT_EQ(conversation.send(c(1, "b")), TcpTracker::Outcome::refuse);
  conversation.send(c(0, "_"));
  EXPECT_EQ(conversation.sink.texts[0], "_aaaaaa");
}

/// A conversation with timestamps: the client's SYN has 100, the server's 500.
struct ReceiverCase {
  std::string_view name;
  std::vector<TestSegment> segments;
  std::string_view client;
  std::string_view outcomes;
  std::vector<Anomaly> anomalies = {};
  StreamSettings settings = {};
  System system = System::first;
};

class Receiver : public testing::TestWithParam<ReceiverCase> {};

TEST_P(Receiver, Takes) {
  const ReceiverCase& row = GetParam();
  Conversation conversation(row.settings);
  conversation.flow.hosts[1].system = row.system;
  std::string outcomes;
  for (const TestSegment& segment : row.segments)
    outcomes += conversation.send(segment) == TcpTracker::Outcome::accept ? '.' : 'x';
  EXPECT_EQ(outcomes, row.outcomes);
  EXPECT_EQ(conversation.sink.logs[0], row.client);
  packet::AnomalySet anomalies;
  for (const Anomaly anomaly : row.anomalies) anomalies.add(anomaly);
  EXPECT_EQ(conversation.anomalies, anomalies);
}

constexpr auto kOld = Anomaly::stream_old_timestamp;
constexpr auto kSignature = Anomaly::stream_signature;
constexpr auto kUrgent = Anomaly::stream_urgent;
constexpr auto kConflict = Anomaly::stream_conflicting_retransmission;
constexpr auto kOnSyn = Anomaly::stream_data_on_syn;
constexpr std::chrono::nanoseconds kLong = std::chrono::days(24);
const TestSegment kSyn = syn().stamped(100);
const TestSegment kSynAck = syn_ack().stamped(500);
constexpr StreamSettings kObserve{.refused_arrives = true};

INSTANTIATE_TEST_SUITE_P(
    Timestamps, Receiver,
    testing::Values(
        ReceiverCase{
            "rising", {kSyn, kSynAck, c(0, "a").stamped(101), c(1, "b").stamped(101)}, "a|b", "...."},
        ReceiverCase{
            "old", {kSyn, kSynAck, c(0, "X").stamped(99), c(0, "a").stamped(100)}, "a", "..x.", {kOld}},
        ReceiverCase{"old_is_not_inspected_in_observe",
                     {kSyn, kSynAck, c(0, "X").stamped(99), c(0, "a").stamped(100)},
                     "a",
                     "..x.",
                     {kOld},
                     kObserve},
        ReceiverCase{
            "old_fin", {kSyn, kSynAck, c(0).fin().stamped(99), c(0, "a").stamped(100)}, "a", "..x.", {kOld}},
        ReceiverCase{"old_bare_ack", {kSyn, kSynAck, c(0).stamped(99), c(0, "a").stamped(100)}, "a", "...."},
        // A reset is believed whatever its timestamp (RFC 7323 section 5.2).
        ReceiverCase{
            "old_reset", {kSyn, kSynAck, c(0, "a").stamped(101), c(1).rst().stamped(99)}, "a$", "...."},
        ReceiverCase{"not_acknowledged_yet",
                     {kSyn, kSynAck, c(1, "b").stamped(105), c(0, "a").stamped(103)},
                     "ab",
                     "...."},
        ReceiverCase{
            "acknowledged",
            {kSyn, kSynAck, c(0, "a").stamped(103), s(0).acks(1).stamped(501), c(1, "X").stamped(102)},
            "a",
            "....x",
            {kOld}},
        ReceiverCase{"wrap",
                     {syn().stamped(0xfffffff0), kSynAck, c(0, "a").stamped(0xfffffffe), c(1, "b").stamped(3),
                      c(2, "c").stamped(0xffffffe0)},
                     "a|b",
                     "....x",
                     {kOld}},
        ReceiverCase{"idle_for_24_days", {kSyn, kSynAck, c(0, "a").stamped(99, kLong)}, "", "..x", {kOld}},
        ReceiverCase{"idle_for_longer", {kSyn, kSynAck, c(0, "a").stamped(99, kLong + 1ns)}, "a", "..."},
        ReceiverCase{"syn_again_without", {kSyn, syn(), kSynAck, c(0, "a").stamped(99)}, "a", "...."},
        ReceiverCase{"one_side_only", {kSyn, syn_ack(), c(0, "a").stamped(99)}, "a", "..."},
        ReceiverCase{"missing", {kSyn, kSynAck, c(0, "a")}, "a", "..."},
        ReceiverCase{"missing_for_bsd", {kSyn, kSynAck, c(0, "a")}, "", "..x", {kOld}, {}, System::bsd},
        ReceiverCase{
            "zero_on_syn", {syn().stamped(0), kSynAck, c(0, "a").stamped(0x90000000)}, "", "..x", {kOld}},
        ReceiverCase{"zero_on_syn_for_linux",
                     {syn().stamped(0), kSynAck, c(0, "a").stamped(0x90000000)},
                     "a",
                     "...",
                     {},
                     {},
                     System::linux}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Signatures, Receiver,
    testing::Values(
        ReceiverCase{"none", {syn(), syn_ack(), c(0, "a"), s(0).acks(1)}, "a", "...."},
        ReceiverCase{"all",
                     {syn().with_signature(), syn_ack().with_signature(), c(0, "a").with_signature()},
                     "a",
                     "..."},
        ReceiverCase{"signed_in_a_connection_that_is_not",
                     {syn(), syn_ack(), c(0, "X").with_signature(), c(0, "a")},
                     "a",
                     "..x.",
                     {kSignature}},
        ReceiverCase{
            "unsigned_in_one_that_is",
            {syn().with_signature(), syn_ack().with_signature(), c(0, "X"), c(0, "a").with_signature()},
            "a",
            "..x.",
            {kSignature}},
        ReceiverCase{"of_the_server",
                     {syn(), syn_ack(), s(0, "X").with_signature(), c(0, "a")},
                     "a",
                     "..x.",
                     {kSignature}},
        ReceiverCase{
            "fin", {syn(), syn_ack(), c(0).fin().with_signature(), c(0, "a")}, "a", "..x.", {kSignature}},
        ReceiverCase{
            "reset", {syn(), syn_ack(), c(0).rst().with_signature(), c(0, "a")}, "a", "..x.", {kSignature}},
        // A server without a key answers none, or as if the option were not there; the answer says which.
        ReceiverCase{"syn_alone", {syn().with_signature(), syn_ack(), c(0, "a")}, "a", "..."},
        ReceiverCase{"beginning_unseen", {c(0, "a").with_signature(), c(1, "b")}, "a|b", ".."},
        ReceiverCase{"observed_for_linux",
                     {syn(), syn_ack(), c(0, "X").with_signature(), c(0, "a")},
                     "a",
                     "..x.",
                     {kSignature},
                     kObserve,
                     System::linux},
        ReceiverCase{"observed_for_windows",
                     {syn(), syn_ack(), c(0, "a").with_signature()},
                     "a",
                     "...",
                     {kSignature},
                     kObserve,
                     System::windows}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Urgent, Receiver,
                         testing::Values(ReceiverCase{"in_the_stream",
                                                      {kSyn, kSynAck, c(0, "ab").urgent().stamped(100)},
                                                      "ab",
                                                      "...",
                                                      {kUrgent},
                                                      {.urgent = Urgent::inline_data}},
                                         ReceiverCase{"without_data",
                                                      {kSyn, kSynAck, c(0).urgent().stamped(100)},
                                                      "",
                                                      "...",
                                                      {},
                                                      {.urgent = Urgent::drop}},
                                         ReceiverCase{"dropped",
                                                      {kSyn, kSynAck, c(0, "ab").urgent().stamped(100)},
                                                      "",
                                                      "..x",
                                                      {kUrgent},
                                                      {.urgent = Urgent::drop}},
                                         ReceiverCase{"dropped_in_observe",
                                                      {kSyn, kSynAck, c(0, "ab").urgent().stamped(100)},
                                                      "ab",
                                                      "..x",
                                                      {kUrgent},
                                                      {.urgent = Urgent::drop, .refused_arrives = true}}),
                         by_name);

INSTANTIATE_TEST_SUITE_P(Observed, Receiver,
                         testing::Values(ReceiverCase{"syn_data_that_was_not_taken",
                                                      {syn("XX"), syn_ack(), c(0, "ab")},
                                                      "ab",
                                                      "x..",
                                                      {kOnSyn},
                                                      kObserve},
                                         ReceiverCase{"syn_data_that_was_taken",
                                                      {syn("ab"), syn_ack().acks(2), c(0, "XXc")},
                                                      "ab|c",
                                                      "x.x",
                                                      {kOnSyn, kConflict},
                                                      kObserve},
                                         ReceiverCase{
                                             "window_probe_is_not_taken",
                                             {syn(), syn_ack().offers(1), c(0, "a"), s(0).acks(1).offers(0),
                                              c(1, "X"), s(0).acks(1).offers(9), c(1, "b")},
                                             "a|b",
                                             ".......",
                                             {},
                                             {.refused_arrives = true}},
                                         ReceiverCase{"late_copy",
                                                      {syn(), syn_ack(), c(0), s(0).acks(2), c(0, "abc")},
                                                      "<2>c",
                                                      "....x",
                                                      {Anomaly::stream_gap, Anomaly::stream_late_copy},
                                                      kObserve}),
                         by_name);

TEST(TcpReceiver, WhoFollowsAnEndedConnectionMustBeAnswered) {
  Conversation conversation({});
  conversation.flow.is_successor = true;
  conversation.send(syn());
  EXPECT_EQ(conversation.send(c(0, "second half")), TcpTracker::Outcome::refuse);
  EXPECT_EQ(conversation.sink.logs[0], "");
  conversation.send(syn_ack());
  EXPECT_EQ(conversation.send(c(0, "new")), TcpTracker::Outcome::accept);
  EXPECT_EQ(conversation.sink.logs[0], "new");
}

}  // namespace
}  // namespace bansoko::flow
