// SPDX-License-Identifier: Apache-2.0
// Rules about transactions, on a protocol made up for the purpose.
#include <array>

#include <gtest/gtest.h>

#include "shield/keyword/toy_protocol.h"
#include "tests/allocations.h"

namespace bansoko::keyword {
namespace {

using flow::Side;
using Sids = std::vector<std::uint32_t>;

constexpr auto kProtocols = kToyProtocols;

class Transactions : public testing::Test {
 protected:
  void rules(std::string_view text) {
    harness = std::make_unique<RuleHarness>(text, kProtocols);
    for (const auto& diagnostic : harness->diagnostics) ADD_FAILURE() << rule::to_text(diagnostic);
    harness->flow.key.protocol = packet::Protocol::tcp;
  }

  Sids at(std::uint8_t progress, Side side = Side::client) {
    packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
    harness->inspector().begin({.packet = &packet, .flow = &harness->flow, .side = side, .protocol = 0});
    transaction.progress[flow::index(side)] = progress;
    harness->inspector().transaction(transaction, side);
    harness->inspector().finish();
    return harness->sids();
  }

  std::unique_ptr<RuleHarness> harness;
  Toy transaction;
};

TEST_F(Transactions, WaitUntilEveryBufferIsReady) {
  rules("alert toy any any -> any any (toy.head; content:\"evil\"; toy.body; content:\"load\"; sid:1;)");
  transaction.head = "an evil head";
  EXPECT_EQ(at(1), Sids{});
  transaction.body = "pay";
  EXPECT_EQ(at(2), Sids{});
  transaction.body = "payload";
  EXPECT_EQ(at(2), Sids{1});
  transaction.body = "payload and more load";
  EXPECT_EQ(at(2), Sids{});  // once per transaction
}

TEST_F(Transactions, FindAcrossTheSeamOfAGrowingBuffer) {
  rules("alert toy any any -> any any (toy.body; content:\"exploit\"; sid:1;)");
  transaction.body = "xxexp";
  EXPECT_EQ(at(2), Sids{});
  transaction.body = "xxexploit";
  EXPECT_EQ(at(2), Sids{1});
}

TEST_F(Transactions, LookIntoEachInstance) {
  rules(
      "alert toy any any -> any any (toy.item; content:\"a\"; content:\"b\"; sid:1;)\n"
      "alert toy any any -> any any (toy.item; content:\"a\"; toy.item; content:\"b\"; sid:2;)\n");
  transaction.items = {"a", "b"};
  EXPECT_EQ(at(1), Sids{2});
}

TEST_F(Transactions, LookIntoOneReadingHoweverOftenItIsNamed) {
  rules(
      "alert toy any any -> any any (toy.reading; content:\"a\"; toy.head; content:\"h\"; toy.reading; "
      "content:\"b\"; distance:0; sid:1;)\n");
  transaction.head = "h";
  transaction.items = {"a", "b"};
  EXPECT_EQ(at(1), Sids{});
}

TEST_F(Transactions, FindASecondReading) {
  rules(
      "alert toy any any -> any any (toy.reading; content:\"a\"; toy.head; content:\"h\"; toy.reading; "
      "content:\"b\"; distance:0; sid:1;)\n");
  transaction.head = "h";
  transaction.items = {"x", "ab"};
  EXPECT_EQ(at(1), Sids{1});
}

TEST_F(Transactions, CompareFieldsWithWordsInAnyCase) {
  rules(
      "alert toy any any -> any any (toy.kind:HELLO; sid:1;)\n"
      "alert toy any any -> any any (toy.kind: !Hello; sid:2;)\n"
      "alert toy any any -> any any (toy.kind:!8; sid:3;)");
  transaction.kind = 7;
  EXPECT_EQ(at(1), (Sids{1, 3}));
}

TEST_F(Transactions, ComparisonsHoldOfOneOfSeveralNumbers) {
  rules(
      "alert toy any any -> any any (toy.number:1; sid:1;)\n"
      "alert toy any any -> any any (toy.number:3; sid:2;)\n"
      "alert toy any any -> any any (toy.number:!1; sid:3;)\n"
      "alert toy any any -> any any (toy.number:4; sid:4;)");
  transaction.numbers = {1, 2, 3};
  EXPECT_EQ(at(1), (Sids{1, 2, 3}));
}

TEST_F(Transactions, NoNumberIsLikeNoOther) {
  rules("alert toy any any -> any any (toy.number:!1; sid:1;)");
  EXPECT_EQ(at(1), Sids{});
}

TEST_F(Transactions, CompareFields) {
  rules(
      "alert toy any any -> any any (toy.kind:hello; sid:1;)\n"
      "alert toy any any -> any any (toy.kind:>7; sid:2;)\n"
      "alert toy any any -> any any (toy.kind:!8; toy.head; content:\"a\"; sid:3;)\n");
  transaction.kind = 7;
  transaction.head = "a";
  EXPECT_EQ(at(1), (Sids{1, 3}));
  const detect::Match& match = harness->inspector().matches()[0];
  EXPECT_EQ(match.buffer, "toy.kind");
  EXPECT_EQ(as_text(Bytes(match.sample).first(match.sample_size)), "7");
}

TEST_F(Transactions, ChooseTheBufferOfTheirSide) {
  rules(
      "alert toy any any -> any any (flow:to_server; toy.head; content:\"a\"; sid:1;)\n"
      "alert toy any any -> any any (flow:to_client; toy.head; content:\"a\"; sid:2;)\n"
      "alert toy any any -> any any (toy.head; content:\"a\"; sid:3;)\n");
  transaction.head = "a";
  EXPECT_EQ(at(1, Side::client), (Sids{1, 3}));
  EXPECT_EQ(at(1, Side::server), (Sids{2, 3}));
}

TEST_F(Transactions, AskAgainForFlowbits) {
  rules(
      "alert toy any any -> any any (toy.head; content:\"a\"; flowbits:isset,seen; sid:1;)\n"
      "alert toy any any -> any any (toy.body; content:\"b\"; flowbits:set,seen; flowbits:noalert; "
      "sid:2;)\n");
  transaction.head = "a";
  EXPECT_EQ(at(1), Sids{});
  transaction.body = "b";
  EXPECT_EQ(at(2), Sids{1});
}

TEST_F(Transactions, StartAfreshUnderNewRules) {
  rules("alert toy any any -> any any (toy.head; content:\"a\"; toy.body; content:\"b\"; sid:1;)");
  transaction.head = "a";
  transaction.body = "b";
  EXPECT_EQ(at(1), Sids{});
  RuleHarness other("alert toy any any -> any any (toy.head; content:\"a\"; sid:9;)", kProtocols, 2);
  ASSERT_TRUE(harness->inspector().use(*other.set));
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  harness->inspector().begin({.packet = &packet, .flow = &harness->flow, .protocol = 0});
  harness->inspector().transaction(transaction, Side::client);
  harness->inspector().finish();
  ASSERT_EQ(harness->inspector().matches().size(), 1u);
  EXPECT_EQ(other.set->rules()[harness->inspector().matches()[0].rule].sid, 9u);
}

TEST_F(Transactions, LimitIsCounted) {
  rules("alert toy any any -> any any (toy.head; content:\"a\"; toy.body; content:\"b\"; sid:1;)");
  std::vector<std::unique_ptr<Toy>> many;
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  for (std::uint32_t i = 0; i <= RuleHarness::kMaxTransactions; ++i) {
    many.push_back(std::make_unique<Toy>());
    many.back()->head = "a";
    many.back()->progress[0] = 1;
    harness->inspector().begin({.packet = &packet, .flow = &harness->flow, .protocol = 0});
    harness->inspector().transaction(*many.back(), Side::client);
    harness->inspector().finish();
  }
  EXPECT_EQ(harness->inspector().counters().transaction_limit.value(), 1u);
  for (const auto& one : many) harness->inspector().forget(*one);
  transaction.head = "a";
  at(1);
  EXPECT_EQ(harness->inspector().counters().transaction_limit.value(), 1u);
}

TEST_F(Transactions, AllocateNothing) {
  rules(
      "alert toy any any -> any any (toy.head; content:\"a\"; toy.body; content:\"b\"; pcre:\"/b+/\"; "
      "sid:1;)");
  transaction.head = "a";
  transaction.body = "abb";
  at(2);
  harness->inspector().forget(transaction);
  packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
  const AllocationCounter allocations;
  harness->inspector().begin({.packet = &packet, .flow = &harness->flow, .protocol = 0});
  harness->inspector().transaction(transaction, Side::client);
  harness->inspector().finish();
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(harness->sids(), Sids{1});
}

TEST(MixedRules, TransactionAndStream) {
  RuleHarness harness("alert toy any any -> any any (toy.head; content:\"evil\"; sid:1;)", kProtocols);
  EXPECT_EQ(harness.stream("evil"), Sids{});
}

}  // namespace
}  // namespace bansoko::keyword
