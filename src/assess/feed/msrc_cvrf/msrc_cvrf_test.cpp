// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::msrc_cvrf {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

std::string document(std::string_view vulnerability) {
  return fmt::format(
      "<c:cvrfdoc xmlns:c='urn:c' xmlns:p='urn:p' xmlns:v='urn:v'><c:DocumentTracking><c:Identification>"
      "<c:ID>2016-Apr</c:ID></c:Identification><c:Version>1.0</c:Version>"
      "<c:InitialReleaseDate>2016-04-12T07:00:00Z</c:InitialReleaseDate>"
      "<c:CurrentReleaseDate>2018-04-10T07:00:00Z</c:CurrentReleaseDate></c:DocumentTracking><p:ProductTree>"
      "<p:Branch><p:Branch><p:FullProductName ProductID='1'>Windows "
      "7</p:FullProductName></p:Branch></p:Branch>"
      "<p:FullProductName ProductID='2-1'>Internet Explorer 9 on Windows "
      "7</p:FullProductName></p:ProductTree>"
      "<v:Vulnerability>{}</v:Vulnerability></c:cvrfdoc>",
      vulnerability);
}

std::string fix(std::string_view kb, std::string_view products) {
  return fmt::format(
      "<v:Title>t</v:Title><v:CVE>CVE-2016-0088</v:CVE><v:Remediations><v:Remediation Type='Vendor Fix'>"
      "<v:Description>{}</v:Description><v:Supercedence>3140745, MS16-001[3124266]</v:Supercedence>{}"
      "</v:Remediation><v:Remediation Type='Mitigation'><v:Description>x</v:Description></v:Remediation>"
      "</v:Remediations>",
      kb, products);
}

class MsrcCvrf : public testing::TestWithParam<Case> {};

TEST_P(MsrcCvrf, IsRead) { EXPECT_EQ(told(describe(), "x", document(GetParam().text)), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, MsrcCvrf,
    testing::Values(
        Case{"Vulnerability",
             "<v:Title>Hyper-V</v:Title><v:Notes><v:Note Type='FAQ'>f</v:Note><v:Note Type='Description'>"
             "&lt;p&gt;A  hole.&lt;/p&gt;</v:Note></v:Notes><v:CVE>CVE-2016-0088</v:CVE><v:CVSSScoreSets>"
             "<v:ScoreSet><v:BaseScore>7.5</v:BaseScore><v:Vector>CVSS:3.0/AV:L</v:Vector></v:ScoreSet>"
             "<v:ScoreSet><v:BaseScore>8.1</v:BaseScore><v:Vector>CVSS:3.0/AV:N</v:Vector></v:ScoreSet>"
             "<v:ScoreSet><v:BaseScore>9.3</v:BaseScore><v:Vector>AV:N/AC:M/Au:N/C:C/I:C/A:C</v:Vector></"
             "v:ScoreSet>"
             "</v:CVSSScoreSets><v:RevisionHistory><v:Revision><c:Date>2017-01-02T00:00:00Z</c:Date></"
             "v:Revision>"
             "<v:Revision><c:Date>2016-04-12T00:00:00Z</c:Date></v:Revision></v:RevisionHistory>",
             "CVE-2016-0088 2016-04-12 2017-01-02 'Hyper-V' 'A hole.' 9.3 AV:N/AC:M/Au:N/C:C/I:C/A:C 8.1 "
             "CVSS:3.0/AV:N\n"
             "2016-Apr 2018-04-10 1.0 1\n"},
        Case{"Fixes",
             fix("3147461", "<v:ProductID>1</v:ProductID><v:ProductID>2-1</v:ProductID>") +
                 "<v:Threats><v:Threat Type='Impact'><v:Description>Remote Code Execution</v:Description>"
                 "<v:ProductID>1</v:ProductID></v:Threat><v:Threat Type='Severity'><v:Description>Important"
                 "</v:Description></v:Threat></v:Threats>",
             "CVE-2016-0088 2016-04-12 - 't' '' - -\n"
             "CVE-2016-0088 KB3147461 'Windows 7' ''  't' Important, Remote Code Execution <3140745,3124266> "
             "2016-04-12\n"
             "CVE-2016-0088 KB3147461 'Windows 7' 'Internet Explorer 9'  't' Important,  <3140745,3124266> "
             "2016-04-12\n"
             "2016-Apr 2018-04-10 1.0 3\n"},
        Case{"FixWithoutKb", fix("Release Notes", "<v:ProductID>1</v:ProductID>"),
             "CVE-2016-0088 2016-04-12 - 't' '' - -\n2016-Apr 2018-04-10 1.0 1; fix without a KB 1\n"},
        Case{"ProductThatIsNotNamed", fix("3147461", "<v:ProductID>9</v:ProductID>"),
             "CVE-2016-0088 2016-04-12 - 't' '' - -\n"
             "2016-Apr 2018-04-10 1.0 1; product that the file does not name 1\n"},
        Case{"NoFix",
             "<v:CVE>CVE-2016-0088</v:CVE><v:ProductStatuses><v:Status Type='Known Affected'><v:ProductID>1"
             "</v:ProductID></v:Status></v:ProductStatuses>",
             "CVE-2016-0088 2016-04-12 - '' '' - -\n2016-Apr 2018-04-10 1.0 1; affected product without a "
             "fix 1\n"},
        Case{"Advisory",
             "<v:Title>t</v:Title><v:CVE>ADV170012</v:CVE><v:Remediations><v:Remediation Type='Vendor Fix'>"
             "<v:Description>4012212</v:Description><v:ProductID>1</v:ProductID></v:Remediation></"
             "v:Remediations>",
             " KB4012212 'Windows 7' '' ADV170012 't' ,  <> 2016-04-12\n2016-Apr 2018-04-10 1.0 1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(MsrcCvrfFormat, OtherDocumentsAreRefused) {
  EXPECT_EQ(told(describe(), "x", "<a/>"), "no CVRF document");
  EXPECT_TRUE(describe().recognises("x", "<cvrfdoc>secure@microsoft.com"));
  EXPECT_FALSE(describe().recognises("x", "<cvrfdoc>security@suse.de"));
}

}  // namespace
}  // namespace bansoko::feed::msrc_cvrf
