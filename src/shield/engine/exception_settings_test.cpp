// SPDX-License-Identifier: Apache-2.0
// What the settings may say about hits: modes of patches and hosts, groups and exceptions.
#include "shield/engine/exception_settings.h"

#include <cstdlib>
#include <string_view>

#include <gtest/gtest.h>

#include "shield/engine/settings.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

PatchLibrary library(const std::string& folder) {
  if (folder == "/absent") return {};
  return {.is_there = true,
          .patches = {{.id = "ms17-010", .is_final = true, .rule_files = {}, .sids = {{9100300, 9100339}}},
                      {.id = "young", .is_final = false, .rule_files = {}, .sids = {{9100400, 9100409}}}}};
}

Result<ShieldSettings> parse(std::string_view text) {
  settings::Faults faults;
  return parse_settings(text, "f", {}, faults, library);
}

struct Case {
  std::string_view name;
  std::string_view text;
  std::string_view want;
};

class ExceptionsRefuse : public testing::TestWithParam<Case> {};

TEST_P(ExceptionsRefuse, WithTheReason) {
  const auto parsed = parse(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, ExceptionsRefuse,
    testing::Values(
        Case{"UnknownPatch", "shield:\n  patches:\n    modes:\n      ms17-011: enforce\n",
             "f:4:17: shield.patches.modes.ms17-011: there is no patch 'ms17-011' in "
             "/usr/share/bansoko/content"},
        Case{"NoLibrary", "shield: {patches: {library: /absent, modes: {ms17-010: off}}}",
             "f:1:56: shield.patches.modes.ms17-010: there is no patch 'ms17-010' in /absent, which is not "
             "there"},
        Case{"UnknownMode", "shield: {patches: {modes: {'*': drop}}}",
             "f:1:33: shield.patches.modes.*: 'drop' is none of: off, observe, enforce"},
        Case{"HostMode", "shield: {hosts: {modes: {192.0.2.0/24: off}}}",
             "f:1:40: shield.hosts.modes.192.0.2.0/24: 'off' is none of: enforce, observe"},
        Case{"HostNetwork", "shield: {hosts: {modes: {any: observe}}}",
             "f:1:31: shield.hosts.modes.any: 'any' is no network"},
        Case{"Group", "shield: {groups: {scanner: 10.0.0.0/33}}",
             "f:1:28: shield.groups.scanner: '33' is not a network length (valid: 0 to 32)"},
        Case{"NoEnd", "shield: {exceptions: {x: {source: 10.0.0.1}}}",
             "f:1:26: shield.exceptions.x.until: must say how long: the last day (2027-03-31), or never"},
        Case{"NoDay", "shield: {exceptions: {x: {source: 10.0.0.1, until: 2027-02-29}}}",
             "f:1:52: shield.exceptions.x.until: must say how long: the last day (2027-03-31), or never"},
        Case{"NoDate", "shield: {exceptions: {x: {source: 10.0.0.1, until: tomorrow}}}",
             "f:1:52: shield.exceptions.x.until: must say how long: the last day (2027-03-31), or never"},
        Case{"PatchNotThere", "shield: {exceptions: {x: {patches: [ms17-011], until: never}}}",
             "f:1:36: shield.exceptions.x.patches: there is no patch 'ms17-011' in "
             "/usr/share/bansoko/content"},
        Case{"Sid", "shield: {exceptions: {x: {sids: [1-0], until: never}}}",
             "f:1:33: shield.exceptions.x.sids: '1-0' is neither a sid nor a range of them"},
        Case{"TheCanarysSid", "shield: {exceptions: {x: {sids: ['2147483647'], until: never}}}",
             "f:1:33: shield.exceptions.x.sids: '2147483647' is neither a sid nor a range of them"},
        Case{"GroupNotThere",
             "shield: {groups: {scanner: 10.0.0.1}, exceptions: {x: {source: scaner, until: never}}}",
             "f:1:64: shield.exceptions.x.source: 'scaner' is neither an address nor a group (scanner)"},
        Case{"NoGroups", "shield: {exceptions: {x: {dest: '', until: never}}}",
             "f:1:33: shield.exceptions.x.dest: '' is neither an address nor a group (there are none)"},
        Case{"Addresses", "shield: {exceptions: {x: {source: 10.0.0.0/33, until: never}}}",
             "f:1:35: shield.exceptions.x.source: '33' is not a network length (valid: 0 to 32)"},
        Case{"Host", "shield: {exceptions: {x: {host: a*.test, until: never}}}",
             "f:1:33: shield.exceptions.x.host: 'a*.test' is neither a host nor '*.' and a domain"},
        Case{"Uri", "shield: {exceptions: {x: {uri: app, until: never}}}",
             "f:1:32: shield.exceptions.x.uri: 'app' does not begin with '/'"},
        Case{"Everything", "shield: {exceptions: {x: {until: never}}}",
             "f:1:26: shield.exceptions.x.source: excepts everything; to stop dropping, use shield.mode"}),
    by_name);

TEST(Exceptions, BecomeAPolicy) {
  ::setenv("TZ", "JST-9", 1);
  const auto parsed = parse(
      "shield:\n"
      "  groups: {scanner: \"[192.0.2.1, 192.0.2.2]\"}\n"
      "  hosts: {modes: {10.0.0.0/8: observe, 10.1.0.0/16: enforce, 10.1.2.3: observe}}\n"
      "  patches: {modes: {ms17-010: off}}\n"
      "  exceptions:\n"
      "    a: {sids: [7, 10-12], source: scanner, until: 2027-03-31, reason: weekly}\n"
      "    b: {patches: [young], dest: 10.0.0.1, host: WWW.Example.jp, uri: /a, until: never}\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto policy = hit_policy_of(*parsed);
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_TRUE(contains(policy->off, 9100300));
  EXPECT_TRUE(contains(policy->observed, 9100409)) << "in its time of grace";
  using packet::Address;
  const Address other = Address::v4(192, 0, 2, 9);
  EXPECT_TRUE(policy->is_observed(1, Address::v4(10, 0, 0, 1), other));
  EXPECT_FALSE(policy->is_observed(1, Address::v4(10, 1, 0, 1), other));
  EXPECT_TRUE(policy->is_observed(1, other, Address::v4(10, 1, 2, 3)));
  ASSERT_EQ(policy->exceptions.size(), 2U);
  const detect::Exception& longest = policy->exceptions[0];
  EXPECT_EQ(longest.name, "b");
  EXPECT_EQ(longest.host, "www.example.jp");
  EXPECT_EQ(longest.about, "patches young, dest 10.0.0.1, host WWW.Example.jp, uri /a");
  EXPECT_TRUE(contains(longest.sids, 9100400));
  const detect::Exception& dated = policy->exceptions[1];
  EXPECT_EQ(dated.until, std::chrono::sys_days(std::chrono::year(2027) / 3 / 31).time_since_epoch() +
                             std::chrono::hours(24 - 9))
      << "the end of the day in Tokyo";
  EXPECT_TRUE(dated.source.contains(Address::v4(192, 0, 2, 2)));
  EXPECT_TRUE(contains(dated.sids, 11));
  EXPECT_FALSE(contains(dated.sids, 8));
}

TEST(Exceptions, ReadBackAndTakeEffectOnReload) {
  const auto none = parse("");
  const auto some = parse(
      "shield: {groups: {g: 10.0.0.1}, hosts: {modes: {10.0.0.1: observe}}, patches: {modes: {'*': off}}, "
      "exceptions: {x: {sids: ['7'], source: g, until: never, reason: 'it: is'}}}");
  ASSERT_TRUE(none && some) << some.error().message;
  const std::string shown = settings_yaml(*some, {});
  const auto again = parse(shown);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(settings_yaml(*again, {}), shown);
  const auto apart = settings_apart(*none, *some, {});
  EXPECT_GE(apart.size(), 4U);
  for (const std::string& name : apart) EXPECT_TRUE(takes_effect_on_reload(name)) << name;
}

TEST(Patches, ModeByWhatIsSaid) {
  const PatchRules proven{.id = "a", .is_final = true}, young{.id = "b"};
  EXPECT_EQ(mode_of(proven, {}), PatchMode::enforce);
  EXPECT_EQ(mode_of(young, {}), PatchMode::observe);
  const PatchSettings some{.modes = {{"*", "off"}, {"b", "enforce"}}};
  EXPECT_EQ(mode_of(proven, some), PatchMode::off);
  EXPECT_EQ(mode_of(young, some), PatchMode::enforce);
}

}  // namespace
}  // namespace bansoko::engine
