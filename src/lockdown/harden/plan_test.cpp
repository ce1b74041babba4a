// SPDX-License-Identifier: Apache-2.0
#include "lockdown/harden/plan.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lockdown/harden/drop_in.h"
#include "lockdown/harden/options.h"
#include "tests/cases.h"

namespace bansoko::harden {
namespace {

Facts modern() {
  Facts facts;
  facts.service = "web.service";
  facts.manager = {252, true};
  facts.kernel = {6, 1, true, false};
  facts.unit = {{"LoadState", "loaded"}, {"User", ""}, {"SystemCallFilter", "~"}};
  facts.now.processes = 1;
  return facts;
}

Facts with(const std::function<void(Facts&)>& change) {
  Facts facts = modern();
  change(facts);
  return facts;
}

Learned learned(bool saw_start, std::set<std::string> calls) {
  return {60, saw_start, 0, std::move(calls), {}, {}};
}

std::vector<const Line*> lines_of(const Plan& plan, std::string_view name) {
  std::vector<const Line*> found;
  for (const Line& line : plan.lines)
    if (line.name == name) found.push_back(&line);
  return found;
}

struct ChoiceCase {
  std::string_view name;
  Facts facts;
  std::string_view option;
  Choice choice;
};

class EachChoice : public testing::TestWithParam<ChoiceCase> {};

TEST_P(EachChoice, OfTheFirstLine) {
  const Plan plan = make_plan(GetParam().facts);
  const auto lines = lines_of(plan, GetParam().option);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front()->choice, GetParam().choice) << lines.front()->reason;
}

Facts with_habit(Habit habit) {
  return with([habit](Facts& facts) { facts.now.habits.emplace(habit, "seen"); });
}

INSTANTIATE_TEST_SUITE_P(
    Modern, EachChoice,
    testing::Values(ChoiceCase{"NoNewPrivileges", modern(), "NoNewPrivileges", Choice::set},
                    ChoiceCase{"WritableOrExecutable", modern(), "MemoryDenyWriteExecute", Choice::set},
                    ChoiceCase{"Filter", modern(), "SystemCallFilter", Choice::set},
                    ChoiceCase{"HasItItself",
                               with([](Facts& facts) { facts.unit["MemoryDenyWriteExecute"] = "yes"; }),
                               "MemoryDenyWriteExecute", Choice::already},
                    ChoiceCase{"OwnFamiliesAreNotWidened",
                               with([](Facts& facts) { facts.unit["RestrictAddressFamilies"] = "AF_UNIX"; }),
                               "RestrictAddressFamilies", Choice::already},
                    ChoiceCase{"AllNamespacesAreNone",
                               with([](Facts& facts) { facts.unit["RestrictNamespaces"] = "2114060288"; }),
                               "RestrictNamespaces", Choice::set},
                    ChoiceCase{"OwnFilterKeepsItsError",
                               with([](Facts& facts) { facts.unit["SystemCallFilter"] = "read write"; }),
                               "SystemCallErrorNumber", Choice::already},
                    ChoiceCase{"OwnFilterIsNarrowed",
                               with([](Facts& facts) { facts.unit["SystemCallFilter"] = "read write"; }),
                               "SystemCallFilter", Choice::set}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Habits, EachChoice,
    testing::Values(
        ChoiceCase{"Compiler", with_habit(Habit::writes_code), "MemoryDenyWriteExecute", Choice::left_out},
        ChoiceCase{"CompilerElsewhere", with_habit(Habit::writes_code), "NoNewPrivileges", Choice::set},
        ChoiceCase{"Learned", with([](Facts& facts) {
                     facts.learned = learned(false, {});
                     facts.learned->habits.emplace(Habit::writes_code, "heard");
                   }),
                   "MemoryDenyWriteExecute", Choice::left_out},
        ChoiceCase{"SetuidHelper", with_habit(Habit::gains_rights), "NoNewPrivileges", Choice::left_out},
        ChoiceCase{"SetuidHelperAsRoot", with_habit(Habit::gains_rights), "RestrictRealtime", Choice::set},
        ChoiceCase{"SetuidHelperAsUser", with([](Facts& facts) {
                     facts.unit["User"] = "www";
                     facts.now.habits.emplace(Habit::gains_rights, "seen");
                   }),
                   "RestrictRealtime", Choice::left_out},
        ChoiceCase{"SetuidHelperAsDynamicUser", with([](Facts& facts) {
                     facts.unit["DynamicUser"] = "yes";
                     facts.now.habits.emplace(Habit::gains_rights, "seen");
                   }),
                   "ProtectKernelModules", Choice::left_out},
        ChoiceCase{"Mounts", with_habit(Habit::mounts), "ProtectKernelTunables", Choice::left_out},
        ChoiceCase{"LoadsModules", with_habit(Habit::loads_modules), "ProtectKernelModules",
                   Choice::left_out},
        ChoiceCase{"ThirtyTwoBits", with_habit(Habit::other_machine), "SystemCallArchitectures",
                   Choice::left_out}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Old, EachChoice,
    testing::Values(
        ChoiceCase{"Systemd219", with([](Facts& facts) { facts.manager.version = 219; }),
                   "MemoryDenyWriteExecute", Choice::too_old},
        ChoiceCase{"Systemd219Substitute", with([](Facts& facts) { facts.manager.version = 219; }),
                   "CapabilityBoundingSet", Choice::set},
        ChoiceCase{"JustBefore", with([](Facts& facts) { facts.manager.version = 241; }), "RestrictSUIDSGID",
                   Choice::too_old},
        ChoiceCase{"JustKnown", with([](Facts& facts) { facts.manager.version = 242; }), "RestrictSUIDSGID",
                   Choice::set},
        ChoiceCase{"SelinuxBefore414", with([](Facts& facts) {
                     facts.kernel = {3, 10, true, true};
                   }),
                   "NoNewPrivileges", Choice::left_out},
        ChoiceCase{"SelinuxFrom414", with([](Facts& facts) {
                     facts.kernel = {4, 14, true, true};
                   }),
                   "NoNewPrivileges", Choice::set},
        ChoiceCase{"KernelWithoutFilters", with([](Facts& facts) { facts.kernel.seccomp = false; }),
                   "SystemCallFilter", Choice::left_out},
        ChoiceCase{"SystemdWithoutFilters", with([](Facts& facts) { facts.manager.seccomp = false; }),
                   "RestrictNamespaces", Choice::left_out}),
    by_name);

struct FilterCase {
  std::string_view name;
  Facts facts;
  std::string_view has;
  std::string_view has_not;
};

class EachFilter : public testing::TestWithParam<FilterCase> {};

TEST_P(EachFilter, HoldsWhatWasLearned) {
  const std::string text = to_drop_in(make_plan(GetParam().facts));
  EXPECT_NE(text.find(GetParam().has), std::string::npos) << text;
  EXPECT_EQ(text.find(GetParam().has_not), std::string::npos) << text;
}

Facts heard(bool saw_start, bool strict, std::set<std::string> calls) {
  return with([&](Facts& facts) {
    facts.learned = learned(saw_start, std::move(calls));
    facts.strict = strict;
  });
}

INSTANTIATE_TEST_SUITE_P(
    Filter, EachFilter,
    testing::Values(
        FilterCase{"NothingLearned", modern(), "~memfd_create memfd_secret\n", "ptrace"},
        FilterCase{"NoStartHeard", heard(false, false, {"read"}), "~memfd_create", "ptrace"},
        FilterCase{"StartHeard", heard(true, false, {"read"}), "=~ptrace ", "io_uring_setup\n"},
        FilterCase{"SeenCallIsKept", heard(true, false, {"chroot"}), "=~unshare setns\n", "=~chroot"},
        FilterCase{"SeenOfAGroup", heard(true, false, {"ptrace"}), "kept, since it was seen: ptrace",
                   "=~ptrace"},
        FilterCase{"MappedMemoryFile", with_habit(Habit::memfd), "=~memfd_secret\n", "~memfd_create"},
        FilterCase{"Strict", heard(true, true, {"accept4", "read"}), "SystemCallFilter=accept4 ", "=~"},
        FilterCase{"StrictWithFallback", heard(true, true, {"clone3"}), " clone clone3 ", "=~"},
        FilterCase{"StrictNeedsAStart", heard(false, true, {"accept4"}), "~memfd_create", "=accept4"},
        FilterCase{"StrictWidensNoOwnFilter", with([](Facts& facts) {
                     facts.learned = learned(true, {"accept4"});
                     facts.strict = true;
                     facts.unit["SystemCallFilter"] = "read write";
                   }),
                   "=~ptrace", "=accept4"},
        FilterCase{"FamiliesHeard", with([](Facts& facts) {
                     facts.learned = learned(true, {});
                     facts.learned->families = {"AF_ALG"};
                     facts.now.families = {"AF_PACKET"};
                   }),
                   "RestrictAddressFamilies=AF_ALG AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX\n",
                   "AF_VSOCK"}),
    by_name);

struct RefusalCase {
  std::string_view name;
  std::string_view service;
  std::string_view load_state;
  bool refused;
};

class EachService : public testing::TestWithParam<RefusalCase> {};

TEST_P(EachService, IsRefusedOrNot) {
  Facts facts = modern();
  facts.service = GetParam().service;
  facts.unit["LoadState"] = GetParam().load_state;
  EXPECT_EQ(refusal(facts).has_value(), GetParam().refused);
}

INSTANTIATE_TEST_SUITE_P(Refusal, EachService,
                         testing::Values(RefusalCase{"Ordinary", "nginx.service", "loaded", false},
                                         RefusalCase{"NotThere", "nginx.service", "not-found", true},
                                         RefusalCase{"Masked", "nginx.service", "masked", true},
                                         RefusalCase{"Logins", "ssh.service", "loaded", true},
                                         RefusalCase{"LoginsOfTemplate", "getty@tty1.service", "loaded",
                                                     true},
                                         RefusalCase{"NameBeginsAlike", "sshguard.service", "loaded", false},
                                         RefusalCase{"Own", "bansoko-shield.service", "loaded", true},
                                         RefusalCase{"Systemds", "systemd-udevd.service", "loaded", true}),
                         by_name);

TEST(DropIn, IsOursAndFoldsLongLines) {
  const std::string text = to_drop_in(make_plan(heard(true, true, {"accept4"})));
  EXPECT_TRUE(is_ours(text));
  EXPECT_FALSE(is_ours("[Service]\n"));
  EXPECT_FALSE(is_ours(""));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    EXPECT_LT(line.size(), 400U) << line;
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
}

TEST(Plan, EachSettingHasItsReasonAndRisk) {
  for (const Option& option : all_options()) {
    EXPECT_FALSE(option.reason.empty()) << option.name;
    EXPECT_FALSE(option.may_break.empty()) << option.name;
    EXPECT_GT(option.since, 0U) << option.name;
  }
}

}  // namespace
}  // namespace bansoko::harden
