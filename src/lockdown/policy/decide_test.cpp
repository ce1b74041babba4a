// SPDX-License-Identifier: Apache-2.0
#include "lockdown/policy/decide.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::policy {
namespace {

struct Case {
  std::string_view name;
  Facts facts;
  Decision want;
};

class Decide : public testing::TestWithParam<Case> {};

TEST_P(Decide, FollowsPolicy) { EXPECT_EQ(decide(GetParam().facts), GetParam().want); }

constexpr Decision allow(Reason reason) { return {Answer::allow, reason}; }
constexpr Decision deny(Reason reason) { return {Answer::deny, reason}; }

INSTANTIATE_TEST_SUITE_P(
    Programs, Decide,
    testing::Values(
        Case{"Unknown", {}, deny(Reason::unknown_file)},
        Case{"Approved", {.listed = Listed::content}, allow(Reason::approved)},
        Case{"Changed", {.listed = Listed::path_only}, deny(Reason::changed_file)},
        Case{"InterpretedUnknown", {.use = Use::interpret}, deny(Reason::interpreter_use)},
        Case{"InterpretedChanged",
             {.use = Use::interpret, .listed = Listed::path_only},
             deny(Reason::changed_file)},
        Case{"OperatorOutranksTrust",
             {.listed = Listed::content, .operator_rule = Answer::deny},
             deny(Reason::operator_deny)},
        Case{"OperatorAllows", {.operator_rule = Answer::allow}, allow(Reason::operator_allow)},
        Case{"CoreOutranksOperator", {.operator_rule = Answer::deny, .is_core = true}, allow(Reason::core)},
        Case{"ApprovedButBeingWritten",
             {.identified = Identified::being_written, .listed = Listed::content},
             deny(Reason::being_written)},
        Case{"TooLarge", {.identified = Identified::too_large}, deny(Reason::limit)},
        Case{"Failed", {.identified = Identified::failed}, deny(Reason::engine_error)},
        Case{"WrittenByUpdater", {.from_updater = true}, allow(Reason::updater)},
        Case{"OpenedByUpdater",
             {.use = Use::load, .identified = Identified::being_written, .by_updater = true},
             allow(Reason::updater)},
        Case{"Written", {.use = Use::load, .for_writing = true}, allow(Reason::not_code)},
        Case{"WrittenToRun", {.use = Use::execute, .for_writing = true}, deny(Reason::unknown_file)},
        Case{"OperatorOutranksUpdater",
             {.operator_rule = Answer::deny, .from_updater = true},
             deny(Reason::operator_deny)},
        Case{"Window", {.in_window = true}, allow(Reason::window)},
        Case{"ReaderReads", {.use = Use::load, .by_reader = true}, allow(Reason::reader)},
        Case{"ReaderStarts", {.use = Use::execute, .by_reader = true}, deny(Reason::unknown_file)},
        Case{"ReaderInterprets", {.use = Use::interpret, .by_reader = true}, deny(Reason::interpreter_use)}),
    by_name);

TEST(Decide, FaultsAreTheOperatorsChoice) {
  const OnFault open{.limit = Answer::allow, .error = Answer::allow};
  EXPECT_EQ(decide({.identified = Identified::too_large}, open), allow(Reason::limit));
  EXPECT_EQ(decide({.identified = Identified::failed}, open), allow(Reason::engine_error));
}

TEST(Decide, ObserveAllowsAndEnforceFollows) {
  EXPECT_EQ(answer_in(Mode::observe, deny(Reason::unknown_file)), Answer::allow);
  EXPECT_EQ(answer_in(Mode::enforce, deny(Reason::unknown_file)), Answer::deny);
  EXPECT_EQ(answer_in(Mode::enforce, allow(Reason::approved)), Answer::allow);
}

struct RuleCase {
  std::string_view name;
  Rule rule;
  bool speaks;
};

class RuleOf : public testing::TestWithParam<RuleCase> {};

TEST_P(RuleOf, AboutOneProgram) {
  const identity::Sha256 digest{1};
  const RuleFacts facts{.path = "/opt/app/bin/tool",
                        .digest = &digest,
                        .package = "app",
                        .user = 33,
                        .parent = "/usr/sbin/httpd"};
  EXPECT_EQ(first_that_speaks(std::vector{GetParam().rule}, facts) != nullptr, GetParam().speaks);
}

INSTANTIATE_TEST_SUITE_P(Fields, RuleOf,
                         testing::Values(RuleCase{"Path", {.path = "/opt/app/bin/tool"}, true},
                                         RuleCase{"OtherPath", {.path = "/opt/app/bin"}, false},
                                         RuleCase{"Pattern", {.path = "/opt/*"}, true},
                                         RuleCase{"PatternInside", {.path = "/opt/*/to?l"}, true},
                                         RuleCase{"PatternTooLong", {.path = "/opt/*/tool?"}, false},
                                         RuleCase{"Digest", {.digest = identity::Sha256{1}}, true},
                                         RuleCase{"OtherDigest", {.digest = identity::Sha256{2}}, false},
                                         RuleCase{"Package", {.package = "ap*"}, true},
                                         RuleCase{"User", {.user = 33}, true},
                                         RuleCase{"OtherUser", {.user = 0}, false},
                                         RuleCase{"Parent", {.parent = "*/httpd"}, true},
                                         RuleCase{"AllAgree", {.path = "/opt/*", .user = 33}, true},
                                         RuleCase{"OneDisagrees", {.path = "/opt/*", .user = 34}, false}),
                         by_name);

TEST(Rules, TheFirstThatSpeaksCounts) {
  const std::vector<Rule> rules{
      {.name = "a", .path = "/x"}, {.name = "b", .path = "/*"}, {.name = "c", .path = "/y"}};
  EXPECT_EQ(first_that_speaks(rules, {.path = "/y"})->name, "b");
  EXPECT_EQ(first_that_speaks(rules, {.path = "y"}), nullptr);
}

}  // namespace
}  // namespace bansoko::policy
