// SPDX-License-Identifier: Apache-2.0
// How rules are found: by literal, by port, by address.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "shield/detect/literal_choice.h"
#include "shield/detect/notes.h"
#include "shield/detect/port_groups.h"
#include "shield/detect/program.h"
#include "shield/detect/range_index.h"
#include "tests/cases.h"

namespace bansoko::detect {
namespace {

using packet::Address;

Content content(std::string bytes, bool nocase = false) {
  Content made;
  made.finder = pattern::Finder(std::move(bytes), nocase);
  return made;
}

CompiledRule rule_with(std::vector<Content> contents) {
  CompiledRule rule;
  Part part;
  for (Content& one : contents) part.steps.push_back(Step{.kind = std::move(one)});
  rule.parts.push_back(std::move(part));
  return rule;
}

TEST(ChooseLiteral, TakesTheRarest) {
  EXPECT_EQ(choose_literal(rule_with({content("GET /"), content("zq9")}))->bytes, "zq9");
  EXPECT_EQ(choose_literal(rule_with({content(std::string(8, '\0')), content("%u9090")}))->bytes, "%u9090");
}

TEST(ChooseLiteral, TakesTheAuthorsChoice) {
  Content common = content("GET /");
  common.fast_pattern = true;
  EXPECT_EQ(choose_literal(rule_with({content("zq9xw"), common}))->bytes, "GET /");
  common.fast_first = 1;
  common.fast_size = 2;
  EXPECT_EQ(choose_literal(rule_with({content("zq9xw"), common}))->bytes, "ET");
}

TEST(ChooseLiteral, TakesNothingThatMayBeAbsent) {
  Content absent = content("never-there");
  absent.negated = true;
  EXPECT_FALSE(choose_literal(rule_with({absent})));
  EXPECT_EQ(choose_literal(rule_with({absent, content("a")}))->bytes, "a");
}

TEST(ChooseLiteral, CutsWhatIsLongToItsRarestPart) {
  const auto rule = rule_with({content(std::string(60, 'e') + "{~|^}!{~" + std::string(60, 'e'))});
  const auto chosen = choose_literal(rule);
  EXPECT_EQ(chosen->bytes.size(), kLongestLiteral);
  EXPECT_NE(chosen->bytes.find("{~|^}!{~"), std::string::npos);
}

std::vector<std::uint32_t> rules_in(const LiteralGroup& group) {
  std::vector<std::uint32_t> rules;
  for (std::uint32_t literal = 0; literal < group.literals(); ++literal)
    rules.insert(rules.end(), group.rules_of(literal).begin(), group.rules_of(literal).end());
  std::ranges::sort(rules);
  return rules;
}

TEST(LiteralGroup, OneLiteralSpeaksForManyRules) {
  const std::vector<LiteralGroup::Entry> entries{
      {"abc", false, 1}, {"abc", false, 2}, {"abc", true, 3}, {"abc", true, 4}, {"ABC", false, 5}};
  pattern::LiteralDatabases databases;
  const auto group = LiteralGroup::compile(entries, databases);
  ASSERT_TRUE(group);
  EXPECT_EQ(group->literals(), 3u);
  EXPECT_EQ(rules_in(*group), (std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
}

TEST(LiteralGroup, EqualLiteralsShareADatabase) {
  pattern::LiteralDatabases databases;
  const auto database_of = [&](const std::vector<LiteralGroup::Entry>& entries) {
    return LiteralGroup::compile(entries, databases)->database();
  };
  const auto* const first = database_of({{"abc", false, 1}, {"de", true, 2}});
  EXPECT_EQ(first, database_of({{"de", true, 7}, {"abc", false, 8}, {"abc", false, 9}}));
  EXPECT_NE(first, database_of({{"abc", true, 1}, {"de", true, 2}}));
  EXPECT_NE(first, database_of({{"abcd", false, 1}, {"e", true, 2}}));
}

TEST(PortGroups, EachPortHasAllItsRules) {
  using Ranges = std::vector<rule::PortSet::Range>;
  std::vector<PortGroups::Entry> entries{{{"any", false, 0}, {}},
                                         {{"web", false, 1}, rule::PortSet(Ranges{{80, 80}})},
                                         {{"high", false, 2}, rule::PortSet(Ranges{{1024, 65535}})},
                                         {{"low", false, 3}, rule::PortSet(Ranges{{0, 1023}})}};
  // More different ports than there are groups, and than are compared with one another.
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < 600; ++i) names.push_back("port" + std::to_string(i));
  for (std::uint32_t i = 4; i < 600; ++i) {
    const auto port = static_cast<std::uint16_t>(i * 100);
    entries.push_back({{names[i], false, i}, rule::PortSet(Ranges{{port, port}})});
  }
  pattern::LiteralDatabases databases;
  const auto groups = PortGroups::compile(entries, databases);
  ASSERT_TRUE(groups) << groups.error().message;
  EXPECT_LE(groups->groups().size(), PortGroups::kMaxGroups);
  for (std::uint32_t port = 0; port < 65536; ++port) {
    const auto found = rules_in(groups->at(static_cast<std::uint16_t>(port)));
    for (const auto& entry : entries)
      if (entry.ports.contains(static_cast<std::uint16_t>(port))) {
        ASSERT_TRUE(std::ranges::binary_search(found, entry.literal.rule)) << port;
      }
  }
}

TEST(PortGroups, NoRulesNoHits) {
  pattern::LiteralDatabases databases;
  const auto groups = PortGroups::compile({}, databases);
  ASSERT_TRUE(groups);
  EXPECT_TRUE(groups->at(80).empty());
}

TEST(AddressIndex, AgreesWithTheSlowWay) {
  std::mt19937 random(11);
  const auto address = [&] {
    return Address::v4(10, 0, static_cast<std::uint8_t>(random() % 3),
                       static_cast<std::uint8_t>(random() % 20));
  };
  std::vector<rule::AddressSet> sets;
  for (int i = 0; i < 40; ++i) {
    std::vector<rule::AddressSet::Range> ranges;
    for (unsigned r = 0; r < 1 + random() % 4; ++r) {
      const Address a = address();
      const Address b = address();
      ranges.push_back({std::min(a, b), std::max(a, b)});
    }
    sets.emplace_back(std::move(ranges));
  }
  std::vector<AddressIndex::Entry> entries;
  for (std::uint32_t i = 0; i < sets.size(); ++i) entries.push_back({&sets[i], i});
  const AddressIndex index(entries);
  for (int i = 0; i < 500; ++i) {
    const Address probe = address();
    std::vector<std::uint32_t> want;
    for (std::uint32_t s = 0; s < sets.size(); ++s)
      if (sets[s].contains(probe)) want.push_back(s);
    const auto found = index.find(probe);
    EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), want);
  }
}

TEST(AddressIndex, TheLastAddressOfAll) {
  Address last;
  last.bytes.fill(0xff);
  const rule::AddressSet set(std::vector<rule::AddressSet::Range>{{last, last}});
  const AddressIndex index(std::vector<AddressIndex::Entry>{{&set, 7}});
  EXPECT_EQ(index.find(last).size(), 1u);
  EXPECT_TRUE(index.find(Address::v4(1, 2, 3, 4)).empty());
  EXPECT_TRUE(AddressIndex().find(last).empty());
}

TEST(PortIndex, EachEndOfARange) {
  using Ranges = std::vector<rule::PortSet::Range>;
  const rule::PortSet low(Ranges{{0, 22}}), some(Ranges{{22, 25}, {80, 80}}), high(Ranges{{80, 65535}});
  const PortIndex index(std::vector<PortIndex::Entry>{{&low, 0}, {&some, 1}, {&high, 2}});
  for (const std::uint16_t port :
       std::initializer_list<std::uint16_t>{0, 1, 21, 22, 23, 25, 26, 79, 80, 81, 65534, 65535}) {
    std::vector<std::uint32_t> want;
    for (const auto& [set, rule] : {std::pair{&low, 0U}, {&some, 1U}, {&high, 2U}})
      if (set->contains(port)) want.push_back(rule);
    const auto found = index.find(port);
    EXPECT_EQ(std::vector<std::uint32_t>(found.begin(), found.end()), want) << port;
  }
}

TEST(IndexPool, GivesWhatItHasAndTakesItBack) {
  IndexPool<TransactionNotes> pool(2);
  const auto first = pool.take();
  const auto second = pool.take();
  EXPECT_EQ(pool.take(), 0u);
  pool[second].count = 9;
  pool.give(second);
  EXPECT_EQ(pool.take(), second);
  EXPECT_EQ(pool[second].count, 0u);
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.used(), 2u);
}

struct LinkCase {
  std::string name;
  std::vector<Step> steps;
  std::vector<bool> want;
};

Step absolute() { return {.kind = content("a")}; }
Step relative() {
  Content made = content("b");
  made.has_within = true;
  return {.kind = made};
}
Step behind() {
  Content made = content("d");
  made.has_distance = true;
  return {.kind = made};
}
Step not_behind() {
  Content made = content("d");
  made.has_distance = made.negated = true;
  return {.kind = made};
}
Step data_behind(bool absent) {
  return {.kind = DataAt{.at = {.value = 5}, .negated = absent, .relative = true}};
}
Step expression() { return {.kind = Expression{.regex = nullptr, .relative = false}}; }
Step negated() {
  Content made = content("c");
  made.negated = true;
  return {.kind = made};
}
Step extract() {
  NumberExtract made;
  made.number.relative = true;
  return {.kind = made};
}

class Link : public testing::TestWithParam<LinkCase> {};

TEST_P(Link, WhoTriesAgain) {
  auto steps = GetParam().steps;
  link_steps(steps);
  std::vector<bool> got;
  for (const Step& step : steps) got.push_back(step.retry);
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, Link,
    testing::Values(LinkCase{"Alone", {absolute()}, {false}},
                    LinkCase{"Apart", {absolute(), absolute()}, {false, false}},
                    LinkCase{"Chained", {absolute(), relative()}, {true, false}},
                    LinkCase{"ChainEnds", {absolute(), absolute(), relative()}, {false, true, false}},
                    LinkCase{"AnywhereBehind", {absolute(), behind()}, {false, false}},
                    LinkCase{"AnywhereBehindTwice", {absolute(), behind(), behind()}, {false, false, false}},
                    LinkCase{"NearIsBehind", {absolute(), behind(), relative()}, {false, true, false}},
                    LinkCase{"BehindIsNear", {absolute(), relative(), behind()}, {true, false, false}},
                    LinkCase{"NowhereBehind", {absolute(), not_behind()}, {true, false}},
                    LinkCase{"DataBehind", {absolute(), data_behind(false)}, {false, false}},
                    LinkCase{"NoDataBehind", {absolute(), data_behind(true)}, {true, false}},
                    LinkCase{"BehindAnExpression", {expression(), behind()}, {true, false}},
                    LinkCase{"PastANegated", {absolute(), negated(), relative()}, {true, true, false}},
                    LinkCase{"VariablesVary", {absolute(), extract(), absolute()}, {true, true, true}}),
    by_name);

}  // namespace
}  // namespace bansoko::detect
