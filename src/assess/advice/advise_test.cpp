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
    for (const Advice& one : advise(finding, priority, inputs())) all.push_back(one.step);
    return all;
  }

  AdviceInputs inputs() const {
    return {subject, support, plasters, successors, ceilings, ask_first, isolated};
  }

  Finding finding;
  Priority priority;
  Host host;
  SupportState support;
  Plasters plasters;
  std::vector<Successor> successors;
  std::vector<ReachedCeiling> ceilings;
  std::vector<AskFirst> ask_first;
  bool isolated = false;
  std::vector<Role> roles;
  Subject subject{host, roles};
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
  const auto list = advise(finding, priority, inputs());
  EXPECT_EQ(list.front().reasons[1].words,
            std::vector<std::string>{"WindowsServer2003-KB958644-x86-JPN.exe"});
}

TEST_F(Advise, ProgramsThatStillHoldTheOldLibraryAreNamed) {
  finding.component = "openssl";
  host.settings["mapped-old:/usr/lib/openssl/libssl.so.10"] = {.value = "httpd, sshd"};
  const auto list = advise(finding, priority, inputs());
  EXPECT_EQ(list.front().reasons.back().because, Because::still_mapped);
}

TEST_F(Advise, WhoeverCertifiesUpdatesIsAskedBeforeAny) {
  const Certifier maker{.vendor = "Maker", .why = {.en = "It tests updates."}};
  ask_first.push_back({&maker, "SCADA 7"});
  finding.reasons.push_back({Cause::needs_before, {"SP2", "KB4012598"}});
  EXPECT_EQ(steps(), (Steps{Step::ask_vendor, Step::service_pack, Step::official, Step::isolate}));
  finding.fixes.clear();
  finding.reasons.clear();
  EXPECT_EQ(steps(), Steps{Step::isolate}) << "there is nothing to install";
}

TEST_F(Advise, WhatIsNotNeededIsSwitchedOff) {
  const Condition is_on{.kind = Condition::Kind::feature, .texts = {"smb1"}};
  const Condition serves_files{.kind = Condition::Kind::role, .texts = {"file_server"}};
  const Advisory advisory{.switch_off = {{{"SMB 1", "SMB 1"}, is_on, serves_files, {"Set it to 0.", ""}}}};
  finding.advisory = &advisory;
  EXPECT_EQ(steps(), (Steps{Step::official, Step::isolate})) << "nobody knows whether it is on";
  host.components.push_back({.kind = ComponentKind::feature, .name = "smb1"});
  EXPECT_EQ(steps(), (Steps{Step::official, Step::isolate, Step::service_off}));
  roles.push_back(Role::file_server);
  EXPECT_EQ(steps(), (Steps{Step::official, Step::isolate})) << "the host needs it";
}

TEST_F(Advise, AVersionThatTheSystemForbidsIsNoPatch) {
  const Ceiling ceiling{.last = {"5.4", "5.4"}, .next = "5.5", .why = {.en = "5.5 needs Vista."}};
  ceilings.push_back({&ceiling, nullptr, "PHP 5.3.29", "5.3.29"});
  successors.push_back({.name = {.en = "Windows Server 2022"}});
  finding.component = "PHP 5.3.29";
  finding.fixed_version = "5.4.3";
  EXPECT_EQ(steps(), (Steps{Step::official, Step::isolate}));
  finding.fixed_version = "5.5";
  EXPECT_EQ(steps(), (Steps{Step::isolate, Step::migrate}));
  EXPECT_EQ(advise(finding, priority, inputs()).back().reasons.front().because, Because::os_forbids);
}

TEST_F(Advise, WhatTheOperatorHasIsolatedNeedsNoIsolation) {
  isolated = true;
  EXPECT_EQ(steps(), Steps{Step::official});
}

}  // namespace
}  // namespace bansoko::assess
