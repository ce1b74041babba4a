// SPDX-License-Identifier: Apache-2.0
// Rules about a buffer that grows: what they remember of it must not change what they find.
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using flow::Side;

struct Note final : proto::Transaction {
  std::string head = "h", body;
};

Note& note(proto::Transaction& transaction) { return static_cast<Note&>(transaction); }

constexpr std::array kBuffers{
    proto::Buffer{
        "note.head", "", Side::client, 1, false,
        [](proto::Transaction& t, unsigned) noexcept { return std::optional(as_bytes(note(t).head)); }},
    proto::Buffer{"note.body", "", Side::client, 1, true, [](proto::Transaction& t, unsigned) noexcept {
                    return std::optional(as_bytes(note(t).body));
                  }}};
constexpr proto::Protocol kNote{
    .name = "note", .help = "", .probe = nullptr, .make_parser = nullptr, .buffers = kBuffers};
constexpr std::array<const proto::Protocol*, 1> kProtocols{&kNote};

/// One rule, for any number of transactions.
class Growing {
 public:
  explicit Growing(std::string_view options)
      : harness_("alert note any any -> any any (" + std::string(options) + " sid:1;)", kProtocols) {
    for (const auto& diagnostic : harness_.diagnostics) ADD_FAILURE() << rule::to_text(diagnostic);
    harness_.flow.key.protocol = packet::Protocol::tcp;
  }

  bool matches(Note& note, std::string_view more) {
    packet::Packet packet{.ip_version = 4, .protocol = 6, .has_transport = true};
    note.body += more;
    note.progress[0] = 1;
    harness_.inspector().begin({.packet = &packet, .flow = &harness_.flow, .protocol = 0});
    harness_.inspector().transaction(note, Side::client);
    harness_.inspector().finish();
    return !harness_.sids().empty();
  }
  void forget(Note& note) { harness_.inspector().forget(note); }

  std::uint64_t evaluations() { return harness_.inspector().counters().evaluations.value(); }

 private:
  RuleHarness harness_;
};

struct Case {
  std::string name;
  std::string options;
};

class GrowingBuffer : public testing::TestWithParam<Case> {};

// The rule must match with the very piece with which the bytes so far match as a whole.
TEST_P(GrowingBuffer, MatchesWhenTheWholeWould) {
  Growing rule(GetParam().options);
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    Note growing;
    bool found = false;
    for (int step = 0; step < 12 && !found; ++step) {
      std::string piece;
      for (std::size_t left = random() % 4 + 1; left > 0; --left) piece += "abcx"[random() % 4];
      Note whole;
      found = rule.matches(whole, growing.body + piece);
      rule.forget(whole);
      ASSERT_EQ(rule.matches(growing, piece), found) << growing.body << " with " << piece;
    }
    rule.forget(growing);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, GrowingBuffer,
    testing::Values(
        Case{"Two", "note.body; content:\"abc\"; content:\"xa\";"},
        Case{"InOrder", "note.body; content:\"ab\"; content:\"ca\"; distance:0;"},
        Case{"Apart", "note.body; content:\"ab\"; content:\"cx\"; distance:3;"},
        Case{"Back", "note.body; content:\"xx\"; content:\"ab\"; distance:-6;"},
        Case{"Near", "note.body; content:\"a\"; content:\"cx\"; within:4;"},
        Case{"Three", "note.body; content:\"a\"; content:\"bc\"; distance:1; content:\"xa\"; distance:0;"},
        Case{"Behind", "note.body; content:\"abc\"; content:\"bx\"; offset:9;"},
        Case{"AtTheStart", "note.body; content:\"a\"; depth:3; content:\"cc\";"},
        Case{"AtTheEnd", "note.body; content:\"ab\"; content:\"xc\"; endswith;"},
        Case{"Without", "note.body; content:\"ab\"; content:!\"x\"; content:\"cc\";"},
        Case{"AnyCase", "note.body; content:\"AB\"; nocase; content:\"CX\"; nocase; distance:0;"},
        Case{"Expression", "note.body; content:\"ab\"; pcre:\"/c+x/R\"; content:\"ba\"; distance:0;"},
        Case{"Jump", "note.body; content:\"ab\"; byte_test:1,>,98,0,relative; content:\"xx\";"},
        Case{"Long", "note.body; content:\"a\"; isdataat:20; content:\"bbb\";"},
        Case{"OtherBufferFirst", "note.head; content:\"h\"; note.body; content:\"ab\"; content:\"cc\";"},
        Case{"OtherBufferLast", "note.body; content:\"ab\"; content:\"cc\"; note.head; content:\"h\";"},
        Case{"NearAndOn", "note.body; content:\"a\"; content:\"b\"; within:2; content:\"x\"; within:1;"},
        Case{"NearThenAnywhere",
             "note.body; content:\"ab\"; content:\"c\"; within:2; content:\"xa\"; distance:0;"},
        Case{"AnywhereThenNear",
             "note.body; content:\"ab\"; content:\"c\"; distance:1; content:\"xa\"; within:3;"},
        Case{"AnywhereTwiceThenNear",
             "note.body; content:\"a\"; content:\"b\"; distance:0; content:\"c\"; distance:0; "
             "content:\"x\"; within:1;"},
        Case{"ExpressionHere", "note.body; content:\"ab\"; pcre:\"/^c+x/R\";"},
        Case{"ExpressionToTheEnd", "note.body; content:\"ab\"; pcre:\"/^c?$/R\"; content:\"xx\";"},
        Case{"ExpressionMayGrow", "note.body; content:\"a\"; pcre:\"/^b*/R\"; content:\"x\"; within:1;"},
        Case{"ExpressionLooksAhead", "note.body; content:\"a\"; pcre:\"/^b(?!c)/R\"; content:\"cc\";"},
        Case{"ExpressionThere", "note.body; content:\"a\"; distance:1; pcre:\"/bx|^c/R\";"},
        Case{"NoExpression", "note.body; content:\"ab\"; pcre:!\"/^c/R\"; content:\"xx\"; distance:0;"},
        Case{"AnchoredExpression", "note.body; content:\"a\"; pcre:\"/b$/AR\"; content:\"x\";"},
        Case{"NotNear", "note.body; content:\"a\"; content:!\"b\"; within:2; content:\"xx\";"},
        Case{"NotBehind", "note.body; content:\"a\"; content:!\"b\"; distance:1; content:\"xx\";"},
        Case{"DataBehind", "note.body; content:\"a\"; isdataat:5,relative; content:\"bb\"; distance:0;"},
        Case{"NoDataBehind", "note.body; content:\"ab\"; isdataat:!3,relative; content:\"x\";"},
        Case{"EndBehind", "note.body; content:\"a\"; content:\"b\"; distance:1; endswith; content:\"xx\";"},
        Case{"StartsWith", "note.body; content:\"ab\"; startswith; content:\"xx\"; fast_pattern;"},
        Case{"StartsWithThenNear",
             "note.body; content:\"a\"; depth:2; content:\"b\"; within:2; content:\"cc\"; fast_pattern;"},
        Case{"Extract",
             "note.body; content:\"a\"; byte_extract:1,0,n,relative; content:\"x\"; within:2; "
             "byte_test:1,=,n,0,relative;"},
        Case{"OtherBufferNever", "note.body; content:\"a\"; note.head; content:\"n\";"}),
    by_name);

TEST(GrowingBuffer, IsNotEvaluatedAgainForWhatIsMissing) {
  Growing rule("note.body; content:\"abcabc\"; content:\"xx\"; distance:0;");
  Note note;
  EXPECT_FALSE(rule.matches(note, "abcabc"));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(rule.matches(note, i % 2 == 0 ? "abcabc" : "abcx "));
  EXPECT_EQ(rule.evaluations(), 1u);
  EXPECT_TRUE(rule.matches(note, "xx"));
  EXPECT_EQ(rule.evaluations(), 2u);
}

TEST(GrowingBuffer, IsNotEvaluatedAgainWhereAnotherBufferDecides) {
  Growing rule("note.head; content:\"n\"; note.body; content:\"abc\"; fast_pattern; content:\"x\";");
  Note note;
  EXPECT_FALSE(rule.matches(note, "abc"));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(rule.matches(note, "ab x"));
  EXPECT_EQ(rule.evaluations(), 1u);
}

}  // namespace
}  // namespace bansoko::keyword
