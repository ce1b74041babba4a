// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/advise.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

class Advise : public testing::Test {
 protected:
  Advise() {
    finding.id = "MS17-010";
    finding.cves = {"CVE-2017-0144", "CVE-2017-0145"};
    finding.fixes = {"KB4012598"};
    host.os.language = "ja";
  }

  std::vector<Step> steps() {
    std::vector<Step> all;
    for (const Advice& one : advise(finding, priority, {host, support, plasters, successors}))
      all.push_back(one.step);
    return all;
  }

  Finding finding;
  Priority priority;
  Host host;
  SupportState support;
  Plasters plasters;
  std::vector<Successor> successors;
};

using Steps = std::vector<Step>;

TEST_F(Advise, TheRealPatchComesBeforeThePlaster) {
  plasters.emplace("CVE-2017-0144", Plaster{.patch = "ms17-010"});
  plasters.emplace("CVE-2017-0145", Plaster{.patch = "ms17-010"});
  EXPECT_EQ(steps(), (Steps{Step::official, Step::virtual_patch}));
}

TEST_F(Advise, AServicePackComesFirst) {
  finding.reasons.push_back({Cause::needs_before, {"SP2", "KB4012598"}});
  EXPECT_EQ(steps().front(), Step::service_pack);
}

TEST_F(Advise, ALocalHoleGetsLockdownAndNeverAVirtualPatch) {
  plasters.emplace("CVE-2017-0144", Plaster{.patch = "x"});
  priority.reach = Reach::local;
  EXPECT_EQ(steps(), (Steps{Step::official, Step::lockdown}));
}

TEST_F(Advise, WithoutAnyPatchItIsIsolatedAndMoved) {
  finding.fixes.clear();
  support.phase = SupportPhase::ended;
  successors.push_back({.name = {.en = "Windows Server 2022"}});
  EXPECT_EQ(steps(), (Steps{Step::isolate, Step::migrate}));
}

TEST_F(Advise, WhatIsFixedNeedsNothing) {
  finding.state = State::fixed;
  EXPECT_EQ(steps(), Steps{});
}

TEST_F(Advise, TheFileIsInTheLanguageOfTheHost) {
  const OfficialFix fix{.file = "WindowsServer2003-KB958644-x86-{language}.exe", .verified = true};
  finding.official = &fix;
  const auto list = advise(finding, priority, {host, support, plasters, successors});
  EXPECT_EQ(list.front().reasons[1].words,
            std::vector<std::string>{"WindowsServer2003-KB958644-x86-JPN.exe"});
}

TEST_F(Advise, ProgramsThatStillHoldTheOldLibraryAreNamed) {
  finding.component = "openssl";
  host.settings["mapped-old:/usr/lib/openssl/libssl.so.10"] = {.value = "httpd, sshd"};
  const auto list = advise(finding, priority, {host, support, plasters, successors});
  EXPECT_EQ(list.front().reasons.back().because, Because::still_mapped);
}

}  // namespace
}  // namespace bansoko::assess
