// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/test_dialogue.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto::smb {
namespace {
using namespace std::string_literals;

class Smb : public testing::TestWithParam<Case> {};

TEST_P(Smb, Tells) { expect_seen(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Header, Smb,
    testing::Values(
        Case{"Command", {client(wire::negotiate(kIds))}, "smb1.command", {0x72}},
        Case{"Response",
             {server(wire::response(0x75, kIds, 0xC0000022, "", ""))},
             "smb1.status",
             {0xC0000022}},
        Case{"Tree", {client(wire::echo(kIds, "x"))}, "smb1.tree_id", {0x0800}},
        Case{"Multiplex", {client(wire::echo(kIds, "x"))}, "smb1.multiplex_id", {65}},
        Case{"Two", {client(wire::negotiate(kIds) + wire::echo(kIds, "x"))}, "smb1.command", {0x72, 0x2B}},
        Case{"Smb2",
             {client(wire::framed("\xFESMB\x40\0\1\0\0\0\0\0\5\0"s + std::string(60, '\0')))},
             "smb2.command",
             {5}},
        Case{"Smb2IsNotSmb1",
             {client(wire::framed("\xFESMB\x40\0\1\0\0\0\0\0\5\0"s + std::string(60, '\0')))},
             "smb1.command",
             {}},
        Case{"Encrypted", {client(wire::framed("\xFDSMB" + std::string(80, 'x')))}, "smb2.command", {}},
        Case{"NotSmb",
             {client(wire::framed("\xFFSMC" + std::string(80, 'x')) + wire::echo(kIds, "x"))},
             "smb1.command",
             {0x2B},
             {"smb.unknown_header"}},
        Case{"HeaderShort",
             {client(wire::framed("\xFFSMB\x72" + std::string(26, '\0')))},
             "smb1.command",
             {},
             {"smb.header_short"}},
        Case{"MarkShort", {client(wire::framed("\xFFSM"))}, "smb1.command", {}, {"smb.header_short"}},
        Case{"KeepAlive", {client("\x85\0\0\0"s + wire::echo(kIds, "x"))}, "smb1.command", {0x2B}},
        Case{"EmptyFrame", {client("\0\0\0\0"s + wire::echo(kIds, "x"))}, "smb1.command", {0x2B}},
        Case{"WrongType",
             {client("\x47\0\0\1x"s + wire::echo(kIds, "x"))},
             "smb1.command",
             {},
             {"smb.netbios_type"}}),
    by_name);

// Over NetBIOS seven bits of the length are reserved, on bare TCP they are part of it.
INSTANTIATE_TEST_SUITE_P(
    Netbios, Smb,
    testing::Values(Case{"SessionRequest",
                         {client("\x81\0\0\x44"s + std::string(68, ' ') + wire::echo(kIds, "x"))},
                         "smb1.command",
                         {0x2B}},
                    Case{"ReservedBitsAreIgnored",
                         {client("\x81\0\0\x44"s + std::string(68, ' ') + "\0\xFE"s +
                                 wire::echo(kIds, "x").substr(2) + wire::echo(kIds, "y"))},
                         "smb1.command",
                         {0x2B, 0x2B},
                         {"smb.netbios_length"}},
                    Case{"DirectTcpTooLong",
                         {client("\0\xFE"s + wire::echo(kIds, "x").substr(2))},
                         "smb1.command",
                         {0x2B},
                         {"smb.netbios_length", "smb.message_limit"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Andx, Smb,
    testing::Values(
        Case{"Chain", {client(wire::setup_and_connect(kIds, "\\\\S\\IPC$"))}, "smb1.command", {0x73}},
        Case{"PointsBack",
             {client(wire::message(0x74, kIds, "\x2B\0\0\0"s, ""))},
             "smb1.command",
             {0x74},
             {"smb1.andx_order", "smb1.offset_outside_message"}},
        Case{"Loop",
             {client(wire::message(0x74, kIds, "\x74\0\x20\0"s, ""))},
             "smb1.command",
             {0x74},
             [] {
               std::vector<std::string> anomalies(15, "smb1.andx_order");
               anomalies.emplace_back("smb1.andx_limit");
               return anomalies;
             }()},
        Case{"OutsideTheMessage",
             {client(wire::message(0x74, kIds, "\x2B\0\xFF\xFF"s, ""))},
             "smb1.command",
             {0x74},
             {"smb1.offset_outside_message"}},
        Case{"NoAndxWords",
             {client(wire::message(0x74, kIds, "", ""))},
             "smb1.command",
             {0x74},
             {"smb1.word_count_short"}},
        Case{"WordsOutsideTheMessage",
             {client(wire::framed("\xFFSMB\x72"s + std::string(27, '\0') + "\x20xx"))},
             "smb1.command",
             {0x72},
             {"smb1.offset_outside_message"}},
        Case{"TransactionAtTheEnd",
             {client(wire::nt_transact(kIds, kNtHalf)),
              client([] {  // LOGOFF_ANDX, then the secondary
                const std::string secondary = wire::transaction2_secondary(kIds, kRest);
                return wire::framed("\xFFSMB\x74"s + secondary.substr(9, 27) + "\2\x33\0\x27\0\0\0"s +
                                    secondary.substr(36));
              }())},
             "smb1.transaction_mismatch",
             {1}}),
    by_name);

TEST(SmbBuffers, AreTheSameInAnyPieces) {
  std::vector<Sent> dialogue{client(wire::negotiate(kIds) + wire::setup_and_connect(kIds, "\\\\S\\IPC$")),
                             server(wire::response(0x73, kIds, 0, "\xFF\0\0\0"s, "data"))};
  const Recorder whole = run(dialogue);
  EXPECT_EQ(whole.buffers.at("0 smb1.data#0"), "\2NT LM 0.12\0"s);
  EXPECT_EQ(whole.buffers.at("1 smb1.parameters#1"), "\xFF\0\0\0\0\0\1\0"s);
  EXPECT_EQ(whole.buffers.at("1 smb1.data#1"), "\0\\\\S\\IPC$\0?????\0"s);
  EXPECT_EQ(whole.buffers.at("2 smb1.data#0"), "data");
  EXPECT_EQ(whole.buffers.at("0 smb.message#0"), wire::negotiate(kIds).substr(4));
  EXPECT_EQ(whole.ended, (std::vector<std::uint64_t>{0, 1, 2}));
  std::size_t size = 0;
  for (const auto& sent : dialogue) size += sent.bytes.size();
  for (std::size_t piece = 1; piece < size; ++piece) {
    const Recorder got = run(dialogue, piece);
    EXPECT_EQ(got.buffers, whole.buffers) << piece;
    EXPECT_EQ(got.fields, whole.fields) << piece;
    EXPECT_EQ(got.ended, whole.ended) << piece;
  }
}

TEST(SmbLimits, AreKept) {
  std::vector<Sent> dialogue;
  for (std::uint16_t i = 0; i < 3; ++i) dialogue.push_back(client(wire::nt_transact(with(kIds, i), kNtHalf)));
  const Recorder many = run(dialogue, SIZE_MAX, {0x20000, 2, 16});
  EXPECT_EQ(many.anomalies, std::vector<std::string>{"smb1.transaction_limit"});
  EXPECT_EQ(many.seen("smb1.transaction_untracked"), std::vector<std::uint64_t>{1});
  EXPECT_TRUE(many.fields.contains("2 smb1.transaction_untracked"));

  const Recorder long_message = run(
      {client(wire::echo(kIds, std::string(3000, 'x')) + wire::echo(kIds, "y"))}, SIZE_MAX, {1024, 2, 16});
  EXPECT_EQ(long_message.anomalies, std::vector<std::string>{"smb.message_limit"});
  EXPECT_EQ(long_message.buffers.at("0 smb.message#0").size(), 1024U);
  EXPECT_EQ(long_message.seen("smb1.command"), (std::vector<std::uint64_t>{0x2B, 0x2B}));
}

struct GapCase {
  std::string name;
  std::size_t lost;  // of 300 bytes of filler in the first message, and what follows them
  std::vector<std::uint64_t> commands;
};

class SmbGap : public testing::TestWithParam<GapCase> {};

TEST_P(SmbGap, FindsTheNextMessage) {
  const std::string first = wire::echo(kIds, std::string(300, 'x'));
  const std::string stream = first + wire::negotiate(kIds) + wire::echo(kIds, "z");
  const std::size_t cut = first.size() - 300;
  for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{5}}) {
    const Recorder got = run(
        {client(stream.substr(0, cut)),
         {Side::client, stream.substr(cut + GetParam().lost), static_cast<std::uint32_t>(GetParam().lost)}},
        piece);
    EXPECT_EQ(got.seen("smb1.command"), GetParam().commands);
    EXPECT_EQ(got.anomalies, std::vector<std::string>{"smb.gap"});
  }
}

INSTANTIATE_TEST_SUITE_P(Smb, SmbGap,
                         testing::Values(GapCase{"Within", 100, {0x2B, 0x72, 0x2B}},
                                         GapCase{"ToTheEnd", 300, {0x2B, 0x72, 0x2B}},
                                         GapCase{"IntoTheNext", 310, {0x2B, 0x2B}}),
                         by_name);

TEST(SmbReuse, AllocatesNothingAndForgets) {
  const LoneParser parser(describe(), std::vector<std::uint64_t>{0x20000, 128, 16});
  const auto steps = all(wire::ms17_010(kIds));
  Recorder recorder;
  recorder.quiet = true;
  parser->reset({.wanted = ~0ULL});
  const auto feed_once = [&] {
    std::uint64_t offset = 0;
    for (const Sent& sent : steps) {
      parser->feed({.offset = offset, .window = as_bytes(sent.bytes)}, recorder);
      offset += sent.bytes.size();
    }
    parser->end(recorder);
    parser->reset({.wanted = ~0ULL});
  };
  recorder.ended.reserve(100);
  feed_once();
  const AllocationCounter allocations;
  feed_once();
  EXPECT_EQ(allocations.count(), 0U);

  Recorder after;
  feed(*parser, {client(wire::transaction2_secondary(kIds, kRest))}, SIZE_MAX, after);
  EXPECT_EQ(after.seen("smb1.transaction_mismatch"), std::vector<std::uint64_t>{});
  EXPECT_EQ(after.ended, std::vector<std::uint64_t>{0});
}

/// Two connections whose messages share 16 KiB, beyond 1 KiB that each message has.
TEST(SmbMemory, IsSharedAndComesBack) {
  const std::vector<std::uint64_t> limits{0x20000, 128, 16, 16 << 10};
  const auto shared = describe().make_shared(limits);
  const std::string large = wire::framed("\xFFSMB\x2B"s + std::string(12000, '\0'));
  const std::string most = large.substr(0, 11000);
  const auto open = [&] { return describe().make_parser(limits, shared.get()); };
  const auto say = [](Parser& parser, const std::string& bytes, Recorder& to) {
    EXPECT_EQ(parser.feed({.window = as_bytes(bytes)}, to), Parsed::more);
  };
  const auto first = open();
  const auto second = open();
  Recorder of_first;
  Recorder of_second;
  first->reset({.wanted = ~0ULL});
  second->reset({.wanted = ~0ULL});
  say(*first, most, of_first);
  EXPECT_EQ(of_first.anomalies, std::vector<std::string>{});
  say(*second, most, of_second);
  EXPECT_EQ(of_second.anomalies, std::vector<std::string>{"smb.memory_limit"});
  EXPECT_EQ(of_second.buffers.at("0 smb.message#0").size(), 1024U);
  EXPECT_EQ(of_second.seen("smb1.command"), std::vector<std::uint64_t>{0x2B});
  first->end(of_first);
  first->reset({.wanted = ~0ULL});

  const auto third = open();
  Recorder of_third;
  third->reset({.wanted = ~0ULL});
  say(*third, most, of_third);
  EXPECT_EQ(of_third.anomalies, std::vector<std::string>{});
  EXPECT_EQ(of_third.buffers.at("0 smb.message#0").size(), 10996U);
}

// What no rule looks into is not kept, and the fields are the same.
TEST(SmbWanted, FieldsDoNotNeedTheBuffers) {
  const std::vector<Sent> dialogue{
      client(wire::nt_transact(kIds, kNtHalf)), server(wire::response(0xA0, kIds, 0, "", "")),
      client(wire::transaction2_secondary(kIds, kRest)),
      server(wire::response(0x2E, kIds, 0, std::string(24, '\0'), std::string(5000, 'x'))),
      server(wire::framed("\xFESMB\x40\0\1\0\0\0\0\0\5\0"s + std::string(6000, '\0')))};
  const LoneParser parser(describe());
  parser->reset({.wanted = 0});
  Recorder got;
  feed(*parser, dialogue, 1460, got);
  EXPECT_EQ(got.fields, run(dialogue).fields);
  EXPECT_LT(got.buffers.at("3 smb.message#0").size(), 600U);
  EXPECT_EQ(got.ended.size(), 5U);
}

struct ProbeCase {
  std::string name;
  std::string bytes;
  Guess want;
};

class SmbProbe : public testing::TestWithParam<ProbeCase> {};

TEST_P(SmbProbe, Guesses) {
  EXPECT_EQ(describe().probe({.window = as_bytes(GetParam().bytes)}, {}), GetParam().want);
  for (std::size_t size = 0; size < GetParam().bytes.size() && GetParam().want == Guess::yes; ++size)
    EXPECT_NE(describe().probe({.window = as_bytes(GetParam().bytes).first(size)}, {}), Guess::no) << size;
}

INSTANTIATE_TEST_SUITE_P(Smb, SmbProbe,
                         testing::Values(ProbeCase{"Smb1", "\0\0\0\x50\xFFSMB"s, Guess::yes},
                                         ProbeCase{"Smb2", "\0\0\0\x50\xFESMB"s, Guess::yes},
                                         ProbeCase{"Encrypted", "\0\0\0\x50\xFDSMB"s, Guess::yes},
                                         ProbeCase{"NetbiosRequest", "\x81\0\0\x44 CK"s, Guess::yes},
                                         ProbeCase{"NetbiosAccepted", "\x82\0\0\0"s, Guess::yes},
                                         ProbeCase{"Nothing", "", Guess::maybe},
                                         ProbeCase{"HalfAMark", "\0\0\0\x50\xFFS"s, Guess::maybe},
                                         ProbeCase{"OtherMark", "\0\0\0\x50\xFFSMX"s, Guess::no},
                                         ProbeCase{"DnsOverTcp", "\0\x1D\x12\x34\1\0\0\1"s, Guess::no},
                                         ProbeCase{"TooShort", "\0\0\0\3\xFFSM"s, Guess::no},
                                         ProbeCase{"Http", "GET / HTTP/1.1\r\n", Guess::no},
                                         ProbeCase{"NetbiosRequestOddLength", "\x81\0\0\x45 CK"s, Guess::no}),
                         by_name);

}  // namespace
}  // namespace bansoko::proto::smb
