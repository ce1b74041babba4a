// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::ubuntu_oval {
const FeedFormat& describe();

namespace {

std::string document(std::string_view metadata, std::string_view criteria) {
  return fmt::format(
      "<oval_definitions xmlns='urn:o' xmlns:l='urn:l'><generator><product_name>Canonical CVE "
      "OVAL</product_name>"
      "</generator><definitions><definition class='vulnerability' id='d'><metadata><affected>"
      "<platform>Ubuntu 22.04 LTS</platform></affected>{}</metadata><criteria><extend_definition/>"
      "<criteria operator='OR'>{}</criteria></criteria></definition></definitions><tests>"
      "<l:dpkginfo_test id='fixed'><l:object object_ref='names'/><l:state "
      "state_ref='less'/></l:dpkginfo_test>"
      "<l:dpkginfo_test id='there'><l:object object_ref='names'/></l:dpkginfo_test>"
      "<textfilecontent54_test id='manifest'><object object_ref='text'/><state state_ref='text'/>"
      "</textfilecontent54_test></tests><objects>"
      "<l:dpkginfo_object id='names'><l:name var_ref='plain' var_check='at least one'/></l:dpkginfo_object>"
      "<textfilecontent54_object id='text'><pattern operation='pattern match' var_ref='patterns'/>"
      "</textfilecontent54_object></objects><states>"
      "<l:dpkginfo_state id='less'><l:evr operation='less than'>0:0.9.6-2</l:evr></l:dpkginfo_state>"
      "<textfilecontent54_state id='text'><subexpression operation='less than'>1:8.9p1</subexpression>"
      "</textfilecontent54_state></states><variables><constant_variable id='plain'><value>libssh-4</value>"
      "<value>libssh-dev</value></constant_variable><constant_variable id='patterns'>"
      "<value>^libstdc\\+\\+6(?::\\w+|)\\s+(.*)$</value></constant_variable></variables></oval_definitions>",
      metadata, criteria);
}

constexpr std::string_view kCve =
    "<reference source='CVE' ref_id='CVE-2023-48795'/><advisory><severity>Medium</severity>"
    "<cve priority='medium' usns='6561-1'>CVE-2023-48795</cve></advisory>";

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

class UbuntuOval : public testing::TestWithParam<Case> {};

TEST_P(UbuntuOval, IsRead) {
  EXPECT_EQ(told(describe(), "com.ubuntu.jammy.cve.oval.xml", GetParam().text), std::string(GetParam().told));
}

std::string there(std::string_view comment) {
  return document(kCve, fmt::format("<criterion test_ref='there' comment='{}'/>", comment));
}

std::string both(std::string_view status, std::string_view rest) {
  return fmt::format(
      "ubuntu 22.04 libssh-4 {0} {1}\nubuntu 22.04 libssh-dev {0} {1}\ncom.ubuntu.jammy.cve -  2\n", status,
      rest);
}

const std::string kFixed = both("fixed", "0.9.6-2 USN-6561-1 CVE-2023-48795 medium -");
const std::string kAffected = both("affected", "- USN-6561-1 CVE-2023-48795 medium -");
const std::string kIgnored = both("will_not_fix", "- USN-6561-1 CVE-2023-48795 medium -");
const std::string kOpen = both("undetermined", "- USN-6561-1 CVE-2023-48795 medium -");
const std::string kNot = both("not_affected", "- USN-6561-1 CVE-2023-48795 medium -");
const std::string kNotice = both("fixed", "0.9.6-2 USN-6561-1 CVE-2023-48795 - - 2023-12-19");

INSTANTIATE_TEST_SUITE_P(
    All, UbuntuOval,
    testing::Values(
        Case{"Fixed",
             document(kCve, "<criterion test_ref='fixed' comment='was vulnerable but has been fixed'/>"),
             kFixed},
        Case{"Needed", there("libssh package in jammy is affected and needs fixing."), kAffected},
        Case{"Deferred", there("libssh is affected, but a decision has been made to defer addressing it"),
             kAffected},
        Case{"Ignored", there("libssh: a decision has been made to ignore this issue"), kIgnored},
        Case{"ToBeLookedAt", there("libssh package in jammy is affected and may need fixing."), kOpen},
        Case{"NotAffected", there("libssh package in jammy, while related, is not affected."), kNot},
        Case{"InAManifest", document(kCve, "<criterion test_ref='manifest'/>"),
             "ubuntu 22.04 libstdc++6 fixed 1:8.9p1 USN-6561-1 CVE-2023-48795 medium -\ncom.ubuntu.jammy.cve "
             "-  1\n"},
        Case{"Notice",
             document("<reference source='USN' ref_id='USN-6561-1'/><reference source='CVE' "
                      "ref_id='CVE-2023-48795'/><advisory><issued date='2023-12-19'/></advisory>",
                      "<criterion test_ref='fixed'/>"),
             kNotice},
        Case{"SeveralNotices",
             document("<advisory><cve usns='6561-1,6560-2'>CVE-2023-48795</cve></advisory>",
                      "<criterion test_ref='manifest'/>"),
             "ubuntu 22.04 libstdc++6 fixed 1:8.9p1 - CVE-2023-48795 - -\ncom.ubuntu.jammy.cve -  1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bansoko::feed::ubuntu_oval
