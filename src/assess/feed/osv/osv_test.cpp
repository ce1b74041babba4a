// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::osv {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

class Osv : public testing::TestWithParam<Case> {};

std::string record(std::string_view id, std::string_view more, std::string_view ecosystem,
                   std::string_view affected) {
  return fmt::format(
      R"({{"id":"{}","modified":"2023-06-28T06:17:52Z","published":"2014-06-02T00:00:00Z",{}"affected":[)"
      R"({{"package":{{"name":"x","ecosystem":"{}"}},{}}}],"schema_version":"1.6.0"}})",
      id, more, ecosystem, affected);
}

std::string range(std::string_view events, std::string_view type = "ECOSYSTEM") {
  return fmt::format(R"("ranges":[{{"type":"{}","events":[{}]}}])", type, events);
}

const std::string kFixed = range(R"({"introduced":"0"},{"fixed":"1.2"})");
constexpr std::string_view kAlias = R"("aliases":["CVE-2022-1234"],)";

TEST_P(Osv, IsRead) { EXPECT_EQ(told(describe(), "x.json", GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, Osv,
    testing::Values(
        Case{"DebianWithRelated", record("DSA-1-1", R"("related":["CVE-2014-3466"],)", "Debian:6.0", kFixed),
             "debian squeeze source x fixed 1.2 DSA-1-1 CVE-2014-3466 - - 2014-06-02\nDSA-1-1 2023-06-28 "
             "1.6.0 1\n"},
        Case{"DebianWithUpstream",
             record("DSA-1-1", R"("upstream":["CVE-2014-3466"],"related":["CVE-2000-0001"],)", "Debian:11",
                    kFixed),
             "debian bullseye source x fixed 1.2 DSA-1-1 CVE-2014-3466 - - 2014-06-02\nDSA-1-1 2023-06-28 "
             "1.6.0 1\n"},
        Case{"DebianCve", record("DEBIAN-CVE-2014-3466", "", "Debian:11", range(R"({"introduced":"0"})")),
             "debian bullseye source x affected - - CVE-2014-3466 - - 2014-06-02\n"
             "DEBIAN-CVE-2014-3466 2023-06-28 1.6.0 1\n"},
        Case{"Ubuntu",
             record("UBUNTU-CVE-2022-1234", R"("severity":[{"type":"Ubuntu","score":"medium"}],)",
                    "Ubuntu:22.04:LTS", kFixed),
             "ubuntu 22.04 source x fixed 1.2 - CVE-2022-1234 medium - 2014-06-02\n"
             "UBUNTU-CVE-2022-1234 2023-06-28 1.6.0 1\n"},
        Case{"UbuntuPro", record("USN-1-1", kAlias, "Ubuntu:Pro:18.04:LTS", kFixed),
             "ubuntu 18.04 source x fixed 1.2 USN-1-1 CVE-2022-1234 - - 2014-06-02\nUSN-1-1 2023-06-28 1.6.0 "
             "1\n"},
        Case{"UbuntuFips", record("USN-1-1", kAlias, "Ubuntu:Pro:FIPS:18.04:LTS", kFixed),
             "ubuntu 18.04-fips source x fixed 1.2 USN-1-1 CVE-2022-1234 - - 2014-06-02\nUSN-1-1 2023-06-28 "
             "1.6.0 1\n"},
        Case{
            "RedHat",
            record("RHSA-2022:1", R"("upstream":["CVE-2022-1234"],)", "Red Hat:enterprise_linux:9::appstream",
                   range(R"({"introduced":"0"},{"fixed":"0:1.2-3.el9"})")),
            "redhat el9 x fixed 1.2-3.el9 RHSA-2022:1 CVE-2022-1234 - - 2014-06-02\nRHSA-2022:1 2023-06-28 "
            "1.6.0 1\n"},
        Case{
            "Npm",
            record(
                "GHSA-1",
                R"("aliases":["CVE-2022-1234"],"related":["CVE-2000-0001"],"database_specific":{"severity":"HIGH"},)",
                "npm",
                range(R"({"introduced":"1.0"},{"fixed":"1.2"},{"introduced":"2.0"},{"last_affected":"2.3"})",
                      "SEMVER")),
            "osv:npm  x fixed 1.2 GHSA-1 CVE-2022-1234 HIGH - since 1.0 2014-06-02\n"
            "osv:npm  x affected - GHSA-1 CVE-2022-1234 HIGH - since 2.0 up to 2.3 2014-06-02\nGHSA-1 "
            "2023-06-28 1.6.0 2\n"},
        Case{"WithoutCve", record("GHSA-1", "", "Maven", kFixed),
             "osv:Maven  x fixed 1.2 GHSA-1 - - - 2014-06-02\nGHSA-1 2023-06-28 1.6.0 1\n"},
        Case{"Commits", record("GHSA-1", kAlias, "Go", range(R"({"introduced":"0"})", "GIT")),
             "GHSA-1 2023-06-28 1.6.0 0; range of commits 1\n"},
        Case{"VersionsAlone", record("PYSEC-1", kAlias, "PyPI", R"("versions":["1.0","1.1"])"),
             "PYSEC-1 2023-06-28 1.6.0 0; versions without a range 1\n"},
        Case{"EndWithoutBeginning", record("GHSA-1", kAlias, "Go", range(R"({"fixed":"1.0"})")),
             "GHSA-1 2023-06-28 1.6.0 0; end of a range without its beginning 1\n"},
        Case{"Withdrawn", record("GHSA-1", R"("withdrawn":"2024-01-01T00:00:00Z",)", "Go", kFixed),
             "GHSA-1 2023-06-28 1.6.0 0; withdrawn 1\n"},
        Case{"NoPackage", R"({"id":"GHSA-1","affected":[{"ranges":[]}]})", "GHSA-1 -  0; no package 1\n"},
        Case{"NothingAffected", R"({"id":"GHSA-1"})", "GHSA-1 -  0; no package 1\n"},
        Case{"NoId", R"({"affected":[]})", "an OSV record without id"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(OsvFormat, IsRecognisedWhateverComesFirst) {
  for (const std::string_view head :
       {R"({"id":"GHSA-1","summary":"x","details":"long)",
        R"({"schema_version":"1.6.0","id":"GO-2022-1","modified")",
        R"({"affected":[{"package":{"ecosystem":"npm")", R"( { "id" : "RUSTSEC-2022-1" , "modified" : "x")"})
    EXPECT_TRUE(describe().recognises("x", head)) << head;
  for (const std::string_view head :
       {R"({"id":1,"summary":"x")", R"({"summary":"x")", R"([{"id":"GHSA-1","summary":"x")",
        R"({"id":"x","summary")", R"({"vulnerabilities":[{"cve":{"id":"CVE-2022-1","summary")",
        R"({"id":"1-2","summary")", R"({"id)", "{"})
    EXPECT_FALSE(describe().recognises("x", head)) << head;
}

}  // namespace
}  // namespace bansoko::feed::osv
