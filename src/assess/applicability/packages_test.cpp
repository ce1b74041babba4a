// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/packages.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::assess {
namespace {

struct Case {
  std::string_view name;
  Ecosystem ecosystem;
  std::string_view version, source, source_version;
  PackageFix fix;
  State want;
};

class Package : public testing::TestWithParam<Case> {};

TEST_P(Package, IsJudgedByItsDistribution) {
  const Case& c = GetParam();
  Host host;
  host.components.push_back({.kind = ComponentKind::package,
                             .ecosystem = c.ecosystem,
                             .name = "libssl",
                             .version = std::string(c.version),
                             .source_package = std::string(c.source),
                             .source_version = std::string(c.source_version)});
  const auto findings = judge_packages(host, PackageTable({c.fix}), false);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().state, c.want);
  EXPECT_EQ(findings.front().id, "CVE-1");
}

PackageFix fix_in(std::string version, bool source = false, FixStatus status = FixStatus::fixed) {
  return {.package = source ? "openssl" : "libssl",
          .is_source = source,
          .status = status,
          .fixed_version = std::move(version),
          .cve = "CVE-1"};
}

INSTANTIATE_TEST_SUITE_P(
    Packages, Package,
    testing::Values(
        Case{"Older", Ecosystem::deb, "1.0.1e-2+deb7u6", "", "", fix_in("1.0.1e-2+deb7u7"), State::missing},
        Case{"Same", Ecosystem::deb, "1.0.1e-2+deb7u7", "", "", fix_in("1.0.1e-2+deb7u7"), State::fixed},
        Case{"BackportedIntoAnOldNumber", Ecosystem::rpm, "1:1.0.1e-34.el7_0.7", "", "",
             fix_in("1:1.0.1e-34.el7_0.3"), State::fixed},
        Case{"WithoutEpoch", Ecosystem::rpm, "1.0.1e-34.el7_0.7", "", "", fix_in("1:1.0.1e-34.el7_0.3"),
             State::fixed},
        Case{"BySource", Ecosystem::deb, "9", "openssl", "1.0", fix_in("1.1", true), State::missing},
        Case{"NoFix", Ecosystem::deb, "1", "", "", fix_in("", false, FixStatus::will_not_fix),
             State::missing},
        Case{"NotAffected", Ecosystem::deb, "1", "", "", fix_in("", false, FixStatus::not_affected),
             State::not_applicable},
        Case{"Undetermined", Ecosystem::deb, "1", "", "", fix_in("", false, FixStatus::undetermined),
             State::unconfirmed}),
    by_name);

TEST(Packages, OfOneSourceAreOneFindingAndTheWorstSpeaks) {
  Host host;
  for (const std::string version : {"2", "1"})
    host.components.push_back({.kind = ComponentKind::package,
                               .ecosystem = Ecosystem::deb,
                               .name = "a" + version,
                               .version = version,
                               .source_package = "openssl"});
  const auto findings = judge_packages(host, PackageTable({fix_in("2", true)}), false);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().state, State::missing);
}

TEST(Packages, AnotherArchitectureIsNotConcerned) {
  Host host;
  host.components.push_back({.kind = ComponentKind::package,
                             .ecosystem = Ecosystem::rpm,
                             .name = "libssl",
                             .version = "1",
                             .arch = "x86_64"});
  PackageFix fix = fix_in("2");
  fix.arch = "s390x";
  EXPECT_TRUE(judge_packages(host, PackageTable({fix}), false).empty());
}

TEST(Packages, AReleaseIsNamedAsItsFeedsNameIt) {
  const auto name = [](std::string product, std::string version) {
    const ReleaseOf of = release_of({.product = std::move(product), .version = std::move(version)});
    return of.release.distribution + " " + of.release.name + (of.rebuilt ? " rebuilt" : "");
  };
  EXPECT_EQ(name("debian:debian_linux", "12.11"), "debian bookworm");
  EXPECT_EQ(name("debian:debian_linux", "3.1"), "debian sarge");
  EXPECT_EQ(name("canonical:ubuntu_linux", "14.04.6"), "ubuntu 14.04");
  EXPECT_EQ(name("redhat:enterprise_linux", "7.9"), "redhat el7");
  EXPECT_EQ(name("centos:centos", "7.9.2009"), "redhat el7 rebuilt");
  EXPECT_EQ(name("suse:linux_enterprise_server", "15.4"), "suse sles-15-sp4");
  EXPECT_EQ(name("suse:linux_enterprise_server", "12"), "suse sles-12");
  EXPECT_EQ(name("suse:linux_enterprise_server", "12.0"), "suse sles-12");
  EXPECT_EQ(name("opensuse:leap", "15.5"), "suse leap-15.5");
  EXPECT_EQ(name("microsoft:windows_2000", "5.0.2195"), " ");
}

}  // namespace
}  // namespace bansoko::assess
