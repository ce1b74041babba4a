// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include "shield/capture/firewall.h"
#include "shield/capture/nfqueue/losses.h"
#include "shield/capture/nfqueue/message.h"
#include "shield/capture/nfqueue/verdicts.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::capture::nfqueue {
namespace {

using namespace std::string_literals;
using packet::Action;

template <class T>
std::string native(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string attribute(std::uint16_t type, const std::string& value) {
  std::string text = native(static_cast<std::uint16_t>(value.size() + 4)) + native(type) + value;
  text.resize((text.size() + 3) / 4 * 4);
  return text;
}
std::string message(const std::string& attributes, std::uint16_t type = NFNL_SUBSYS_QUEUE << 8U) {
  return native(static_cast<std::uint32_t>(20 + attributes.size())) + native(type) + std::string(10, '\0') +
         "\0\0\0\0"s + attributes;
}
std::string number(std::uint32_t id) { return attribute(NFQA_PACKET_HDR, native(htonl(id)) + "\x08\0\0"s); }
std::string skb_info(std::uint32_t flags) { return attribute(NFQA_SKB_INFO, native(htonl(flags))); }

struct PacketCase {
  std::string name;
  std::string message;
  QueuedPacket want;
  std::string payload = {};
};
class PacketMessage : public testing::TestWithParam<PacketCase> {};

TEST_P(PacketMessage, IsRead) {
  const auto got = parse_packet(as_bytes(GetParam().message));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, GetParam().want.id);
  EXPECT_EQ(got->mark, GetParam().want.mark);
  EXPECT_EQ(got->wire_size, GetParam().want.wire_size);
  EXPECT_EQ(got->arrived, GetParam().want.arrived);
  EXPECT_EQ(got->checksums_trusted, GetParam().want.checksums_trusted);
  EXPECT_EQ(as_text(got->payload), GetParam().payload);
}

const std::string kPayload = attribute(NFQA_PAYLOAD, "a packet");
const std::string kTime = attribute(NFQA_TIMESTAMP, "\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\x09"s);
const std::string kBadTime = attribute(NFQA_TIMESTAMP, std::string(16, '\xff'));
constexpr std::chrono::nanoseconds kSeven(7'000'009'000);

INSTANTIATE_TEST_SUITE_P(
    Nfqueue, PacketMessage,
    testing::Values(
        PacketCase{"Whole", message(number(5) + kPayload), {5, 0, 8, {}, true}, "a packet"},
        PacketCase{"NoPayload", message(number(5)), {5, 0, 0, {}, true}},
        PacketCase{"Marked",
                   message(number(5) + attribute(NFQA_MARK, native(htonl(0x1234)))),
                   {5, 0x1234, 0, {}, true}},
        PacketCase{"Cut",
                   message(number(5) + kPayload + attribute(NFQA_CAP_LEN, native(htonl(70000)))),
                   {5, 0, 70000, {}, true},
                   "a packet"},
        PacketCase{"Time", message(number(5) + kTime), {5, 0, 0, kSeven, true}},
        PacketCase{"SenselessTime", message(number(5) + kBadTime), {5, 0, 0, {}, true}},
        PacketCase{
            "NotVerified", message(number(5) + skb_info(NFQA_SKB_CSUM_NOTVERIFIED)), {5, 0, 0, {}, false}},
        PacketCase{"NotFilledIn", message(number(5) + skb_info(NFQA_SKB_CSUMNOTREADY)), {5, 0, 0, {}, true}},
        PacketCase{"Merged",
                   message(number(5) + skb_info(NFQA_SKB_GSO | NFQA_SKB_CSUM_NOTVERIFIED)),
                   {5, 0, 0, {}, true}},
        PacketCase{"UnknownAttribute", message(attribute(99, "new") + number(5)), {5, 0, 0, {}, true}},
        PacketCase{"BytesAfterTheMessage", message(number(5)) + "more", {5, 0, 0, {}, true}}),
    by_name);

struct BadMessage {
  std::string name;
  std::string message;
};
class BadPacketMessage : public testing::TestWithParam<BadMessage> {};
TEST_P(BadPacketMessage, IsRefused) { EXPECT_FALSE(parse_packet(as_bytes(GetParam().message))); }

std::string cut(std::string text, std::size_t by) {
  text.resize(text.size() - by);
  return text;
}
INSTANTIATE_TEST_SUITE_P(
    Nfqueue, BadPacketMessage,
    testing::Values(
        BadMessage{"Empty", ""}, BadMessage{"OnlyLength", native(std::uint32_t{4})},
        BadMessage{"OtherType", message(number(5), NLMSG_ERROR)}, BadMessage{"NoNumber", message(kPayload)},
        BadMessage{"ShortNumber", message(attribute(NFQA_PACKET_HDR, "abc"))},
        BadMessage{"LengthPastTheEnd", cut(message(number(5) + kPayload), 1)},
        BadMessage{"AttributePastTheEnd", message(number(5) + native(std::uint16_t{9}) + "\x0a\0"s)},
        BadMessage{"AttributeWithoutHeader", message(number(5) + native(std::uint16_t{3}) + "\x0a\0"s)}),
    by_name);

struct ReplyCase {
  std::string name;
  Action action;
  bool observe;
  Reply want;
};
class Replies : public testing::TestWithParam<ReplyCase> {};
TEST_P(Replies, KeepBitsOfOthers) {
  EXPECT_EQ(reply_for(GetParam().action, 0x11223344, GetParam().observe), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Nfqueue, Replies,
    testing::Values(ReplyCase{"Accept", Action::accept, false, {}},
                    ReplyCase{"Release", Action::release, false, {false, kMarkRelease | 0x223344}},
                    ReplyCase{"Drop", Action::drop, false, {true, {}}},
                    ReplyCase{"Block", Action::block, false, {false, kMarkBlock | 0x223344}},
                    ReplyCase{"Reject", Action::reject, false, {false, kMarkReject | 0x223344}},
                    ReplyCase{"ObserveAccept", Action::accept, true, {}},
                    ReplyCase{"ObserveRelease", Action::release, true, {false, kMarkRelease | 0x223344}},
                    ReplyCase{"ObserveDrop", Action::drop, true, {}},
                    ReplyCase{"ObserveBlock", Action::block, true, {}},
                    ReplyCase{"ObserveReject", Action::reject, true, {}}),
    by_name);

/// The messages as text: "batch 3", "one 4 drop", "one 5 mark 1".
std::vector<std::string> told(Bytes messages) {
  std::vector<std::string> all;
  ByteReader reader(messages);
  while (!reader.rest().empty()) {
    ByteReader start(reader.rest());
    const std::uint32_t size = start.u32le();
    ByteReader one(reader.take((size + 3) / 4 * 4));
    one.skip(4);
    std::string text = (one.u16le() & 0xffU) == NFQNL_MSG_VERDICT_BATCH ? "batch " : "one ";
    one.skip(10);
    one.skip(2);
    EXPECT_EQ(one.u16(), 7);  // the queue
    one.skip(4);
    const bool drop = one.u32() == 0;
    text += std::to_string(one.u32()) + (drop ? " drop" : "");
    one.skip(4);
    if (!one.rest().empty()) text += " mark " + std::to_string(one.u32());
    all.push_back(text);
  }
  return all;
}

struct WriterCase {
  std::string name;
  std::vector<Reply> replies;  // to packets 1, 2, …
  std::vector<std::string> want;
  bool runs = true;
};
class Writer : public testing::TestWithParam<WriterCase> {};
TEST_P(Writer, MakesRunsOfAccepts) {
  if constexpr (std::endian::native == std::endian::big)
    GTEST_SKIP() << "the test reads little-endian headers";
  VerdictWriter writer(7, 8);
  writer.use_runs(GetParam().runs);
  const AllocationCounter allocations;
  for (int twice = 0; twice < 2; ++twice) {
    writer.clear();
    std::uint32_t id = 0;
    for (const Reply& reply : GetParam().replies) writer.add(++id, reply);
    writer.finish();
  }
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(told(writer.finish()), GetParam().want);
}

const Reply kPass{};
const Reply kDrop{.drop = true};
const Reply kMark{.mark = 9};
INSTANTIATE_TEST_SUITE_P(
    Nfqueue, Writer,
    testing::Values(WriterCase{"None", {}, {}}, WriterCase{"One", {kPass}, {"one 1"}},
                    WriterCase{"Run", {kPass, kPass, kPass}, {"batch 3"}},
                    WriterCase{"DropFirst", {kDrop, kPass, kPass}, {"one 1 drop", "batch 3"}},
                    WriterCase{
                        "DropBetween", {kPass, kPass, kDrop, kPass}, {"batch 2", "one 3 drop", "one 4"}},
                    WriterCase{"MarkLast", {kPass, kPass, kMark}, {"batch 2", "one 3 mark 9"}},
                    WriterCase{"Full",
                               std::vector<Reply>(8, kMark),
                               {"one 1 mark 9", "one 2 mark 9", "one 3 mark 9", "one 4 mark 9",
                                "one 5 mark 9", "one 6 mark 9", "one 7 mark 9", "one 8 mark 9"}},
                    WriterCase{"WithoutRuns", {kPass, kPass}, {"one 1", "one 2"}, false}),
    by_name);

struct LossCase {
  std::string name;
  std::vector<std::uint32_t> ids;
  std::uint64_t want;
};
class LostNumbers : public testing::TestWithParam<LossCase> {};
TEST_P(LostNumbers, AreCounted) {
  Losses losses(7);
  for (const std::uint32_t id : GetParam().ids) losses.see(id);
  EXPECT_EQ(losses.total(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Nfqueue, LostNumbers,
                         testing::Values(LossCase{"None", {1, 2, 3}, 0}, LossCase{"Between", {1, 4}, 2},
                                         LossCase{"BeforeTheFirst", {3}, 2},
                                         LossCase{"Backwards", {5, 3, 6}, 4}),
                         by_name);

constexpr std::string_view kProc =
    "    0  12345     0 2 65531     3     1       99  1\n"
    "    7  12346    10 2 65531  4000     0     5000  1\n";
TEST(Nfqueue, ReadsTheKernelsCounter) {
  EXPECT_EQ(parse_dropped(kProc, 0), 3U);
  EXPECT_EQ(parse_dropped(kProc, 7), 4000U);
  for (const std::string_view text :
       {kProc, std::string_view(""), std::string_view("5 1 1"), std::string_view("\n\nx")})
    EXPECT_FALSE(parse_dropped(text, 5)) << text;
}

}  // namespace
}  // namespace bansoko::capture::nfqueue
