// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/test_dialogue.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::proto::smb {
namespace {
using namespace std::string_literals;
using namespace std::string_view_literals;

const wire::Primary kHalfTransaction2{.setup = 5, .total_data = 4000, .data = kHalf};
constexpr std::uint32_t kInvalidParameter = 0xC000000D;

const wire::Primary kNtWhole{.total_data = 2000, .data = kHalf};

const wire::Secondary kAgain{
    .total_data = 2000, .displacement = 1000, .data = std::string_view(kHalf).substr(0, 8)};

/// A TRANSACTION that would accept so many parameters in its answer.
std::string peek(char most) {
  std::string message = wire::transaction(kIds, {.setup = 0x23, .total_data = 0});
  return message.replace(4 + 33 + 4, 2, std::string{most, '\0'});
}

/// A WRITE_ANDX of four bytes that lie there.
std::string write_from(std::uint16_t offset) {
  std::string message = wire::write_andx(kIds, 9, 0, "text");
  return message.replace(4 + 33 + 22, 2,
                         std::string{static_cast<char>(offset & 0xFFU), static_cast<char>(offset >> 8U)});
}

class SmbTransactions : public testing::TestWithParam<Case> {};

TEST_P(SmbTransactions, Tells) { expect_seen(GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Smb, SmbTransactions,
    testing::Values(
        Case{"NtInOrder", all(wire::nt_transact_in_parts(kIds)), "smb1.transaction_mismatch", {0, 0, 0, 0}},
        Case{"Trans2InOrder", all(wire::transaction2_in_parts(kIds)), "smb1.transaction_mismatch", {0, 0}},
        Case{"Trans2List", all(wire::transaction2_in_parts(kIds)), "smb1.fea_list_size", {9000, 9000, 9000}},
        Case{"SmallList", all(wire::open2_with_attributes(kIds)), "smb1.fea_list_size", {64}},
        Case{"NoSecondary", all(wire::open2_with_attributes(kIds)), "smb1.transaction_mismatch", {}},
        Case{"Hole", all(wire::ms17_010(kIds)), "smb1.transaction_mismatch",
             std::vector<std::uint64_t>(17, 1)},
        Case{"HoleTotal", all(wire::ms17_010(kIds)), "smb1.data_total",
             std::vector<std::uint64_t>(18, 66560)},
        Case{"HoleList", all(wire::ms17_010(kIds)), "smb1.fea_list_size",
             std::vector<std::uint64_t>(17, 65536)},
        Case{"NtTransactHasNoList",
             {client(wire::nt_transact(kIds, kNtHalf)), client(wire::nt_transact_secondary(kIds, kRest))},
             "smb1.fea_list_size",
             {}},
        Case{"HoleKind", all(wire::ms17_010(kIds)), "smb1.transaction_kind",
             std::vector<std::uint64_t>(18, 0xA0)},
        Case{"Trans2ThenNt",
             {client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::nt_transact_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"TransThenTrans2",
             {client(wire::transaction(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"TransThenTrans",
             {client(wire::transaction(kIds, kHalfTransaction2)),
              client(wire::transaction_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {0}},
        Case{"OtherMultiplex",
             {client(wire::nt_transact(kIds, kNtHalf)),
              client(wire::transaction2_secondary(with(kIds, 66), kRest))},
             "smb1.transaction_mismatch",
             {}},
        Case{"NeverBegun",
             {client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {}},
        Case{"InterimResponse",
             {client(wire::nt_transact(kIds, kNtHalf)), server(wire::response(0xA0, kIds, 0, "", "")),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"RefusedThenAnother",
             {client(wire::nt_transact(kIds, kNtHalf)),
              server(wire::response(0xA0, kIds, kInvalidParameter, "", "")),
              client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {0}},
        // A second request with the same ids is refused by the server, and so is its answer the second one's.
        Case{"CoveredUp",
             {client(wire::nt_transact(kIds, kNtHalf)), client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"CoveredUpByARefusal",
             {client(wire::nt_transact(kIds, kNtHalf)), client(wire::nt_transact(kIds, kNtHalf)),
              server(wire::response(0xA0, kIds, kInvalidParameter, "", "")),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"CoveredUpByAWholeOne",
             {client(wire::nt_transact(kIds, kNtHalf)),
              client(wire::transaction2(kIds, {.setup = 5, .total_data = 2000, .data = kHalf})),
              server(wire::response(0x32, kIds, 0, std::string(20, '\0'), "")),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1}},
        Case{"ListInTheSecondPart",
             {client(wire::transaction2(kIds, {.total_data = 4})),
              client(wire::transaction2_secondary(kIds, {.total_data = 4, .data = "\0\0\1\0"sv}))},
             "smb1.fea_list_size",
             {65536}},
        Case{"ListInTwoParts",
             {client(wire::transaction2(kIds, {.total_data = 4, .data = "\1\2"sv})),
              client(wire::transaction2_secondary(kIds,
                                                  {.total_data = 4, .displacement = 2, .data = "\3\4"sv}))},
             "smb1.fea_list_size",
             {0x04030201}},
        Case{"ListBackwards",
             {client(wire::transaction2(kIds, {.total_data = 4})),
              client(wire::transaction2_secondary(kIds,
                                                  {.total_data = 4, .displacement = 1, .data = "\2\3\4"sv})),
              client(wire::transaction2_secondary(kIds, {.total_data = 4, .data = "\1"sv}))},
             "smb1.fea_list_size",
             {0x04030201}},
        Case{"NotAListCommand",
             {client(wire::transaction2(kIds, kHalfTransaction2))},
             "smb1.fea_list_size",
             {}},
        Case{"ListByInformationLevel",
             {client(wire::transaction2(kIds, {.setup = 6,
                                               .total_parameters = 2,
                                               .total_data = 4,
                                               .parameters = "\2\0"sv,
                                               .data = "\1\0\0\0"sv}))},
             "smb1.fea_list_size",
             {1}},
        Case{"OtherInformationLevel",
             {client(wire::transaction2(kIds, {.setup = 6,
                                               .total_parameters = 2,
                                               .total_data = 4,
                                               .parameters = "\1\0"sv,
                                               .data = "\1\0\0\0"sv}))},
             "smb1.fea_list_size",
             {}},
        Case{"Trans2Command",
             {client(wire::transaction2(kIds, kHalfTransaction2))},
             "smb1.trans2_command",
             {5}},
        Case{"WordsShort",
             {client(wire::message(0x33, kIds, "\0\0"s, ""))},
             "smb1.transaction_kind",
             {},
             {"smb1.word_count_short"}},
        Case{"SetupShort",
             {client([] {
                std::string message = wire::nt_transact(kIds, kNtHalf);
                return message.replace(4 + 33 + 35, 1, "\x09");  // SetupCount
              }()),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_mismatch",
             {1},
             {"smb1.word_count_short"}},
        Case{"MoreThanTheTotal",
             {client(wire::nt_transact(kIds, {.total_data = 1, .data = kHalf}))},
             "smb1.data_total",
             {1},
             {"smb1.count_over_total"}},
        Case{"DataOutside",
             {client(
                 [] {
                   std::string message = wire::transaction2(kIds, kHalfTransaction2);
                   return message.replace(4 + 33 + 24, 2, "\xFF\xFF");  // DataOffset
                 }())},
             "smb1.trans2_command",
             {5},
             {"smb1.offset_outside_message"}},
        Case{"WriteIntoATransaction",
             {client(wire::transaction(kIds, kHalfTransaction2)),
              client(wire::write_andx(with(kIds, 9), 65, 8, "x"))},
             "smb1.write_into_transaction",
             {1}},
        Case{"WriteElsewhere",
             {client(wire::transaction(kIds, kHalfTransaction2)),
              client(wire::write_andx(with(kIds, 9), 66, 8, "x"))},
             "smb1.write_into_transaction",
             {0}},
        Case{"Function", {client(wire::nt_transact(kIds, kNtHalf))}, "smb1.nt_transact_function", {0}},
        Case{"NoFunction",
             {client(wire::transaction2(kIds, kHalfTransaction2))},
             "smb1.nt_transact_function",
             {}},
        Case{"TransCommand", {client(wire::transaction(kIds, kHalfTransaction2))}, "smb1.trans_command", {5}},
        Case{"Trans2HasAnother",
             {client(wire::transaction2(kIds, kHalfTransaction2))},
             "smb1.trans_command",
             {}},
        Case{"MaxParameters", {client(peek(17))}, "smb1.max_parameter_count", {17}},
        Case{"NotOverfull",
             {client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest))},
             "smb1.transaction_overfull",
             {0, 0}},
        Case{"Overfull",
             {client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest)),
              client(wire::transaction2_secondary(kIds, {.total_data = 4000, .data = "x"}))},
             "smb1.transaction_overfull",
             {0, 0, 1}},
        Case{"MoreToOneThatIsWhole",
             {client(wire::nt_transact(kIds, kNtWhole)), client(wire::nt_transact_secondary(kIds, kAgain))},
             "smb1.transaction_complete",
             {1}},
        Case{"MoreToOneThatIsWholeByNow",
             {client(wire::transaction2(kIds, kHalfTransaction2)),
              client(wire::transaction2_secondary(kIds, kRest)),
              client(wire::transaction2_secondary(kIds, {.total_data = 4000, .data = "x"}))},
             "smb1.transaction_complete",
             {0, 1}},
        Case{"MoreToOneThatIsAnswered",
             {client(wire::nt_transact(kIds, kNtWhole)),
              server(wire::response(0xA0, kIds, 0, std::string(36, '\0'), "")),
              client(wire::nt_transact_secondary(kIds, kAgain))},
             "smb1.transaction_complete",
             {0}},
        Case{"MoreThanItHasRoomFor",
             {client(wire::nt_transact(kIds, kNtWhole)), client(wire::nt_transact_secondary(kIds, kRest))},
             "smb1.transaction_complete",
             {0}},
        Case{"MoreToAnother",
             {client(wire::nt_transact(kIds, kNtWhole)),
              client(wire::nt_transact_secondary(with(kIds, 66), kAgain))},
             "smb1.transaction_complete",
             {0}},
        Case{"WriteInside", {client(wire::write_andx(kIds, 9, 0, "text"))}, "smb1.data_outside", {0}},
        Case{"WriteOutside", {client(write_from(0xFFF0))}, "smb1.data_outside", {0xFFF0 + 4 - 63}},
        Case{"ProcessHigh",
             {client(
                 [] {
                   std::string message = wire::echo(kIds, "x");
                   return message.replace(4 + 12, 2, "\x26\0"s);
                 }())},
             "smb1.process_id_high",
             {0x26}},
        Case{"WriteToAFile",
             {client(wire::transaction(kIds, kHalfTransaction2)),
              client(wire::write_andx(with(kIds, 9), 65, 0, "x"))},
             "smb1.write_into_transaction",
             {}}),
    by_name);

TEST(SmbEarly, TheHoleIsSeenBeforeTheMessageIsWhole) {
  const auto steps = wire::ms17_010(kIds);
  const Recorder got = run(all(steps), 1);
  // Header, word count and nine words of the second message.
  EXPECT_EQ(got.first_seen.at("1 smb1.transaction_mismatch=1"), steps[0].wire.size() + 4 + 32 + 1 + 18);
  EXPECT_EQ(got.first_seen.at("1 smb1.fea_list_size=65536"),
            got.first_seen.at("1 smb1.transaction_mismatch=1"));
}

}  // namespace
}  // namespace bansoko::proto::smb
