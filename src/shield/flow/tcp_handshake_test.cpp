// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shield/flow/stream_case.h"

namespace bansoko::flow {
namespace {

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
