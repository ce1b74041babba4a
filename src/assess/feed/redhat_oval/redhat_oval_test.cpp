// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::redhat_oval {
const FeedFormat& describe();

namespace {

std::string document(std::string_view id, std::string_view metadata, std::string_view criteria) {
  return fmt::format(
      "<oval_definitions xmlns='urn:o' xmlns:r='urn:r'><generator><product_name>Red Hat OVAL</product_name>"
      "</generator><definitions><definition class='vulnerability' id='{}'><metadata>"
      "<reference ref_id='CVE-2005-2541' source='CVE'/>{}</metadata><criteria operator='OR'>"
      "<criterion comment='Red Hat Enterprise Linux must be installed' test_ref='os'/>"
      "<criteria operator='AND'>{}<criterion "
      "test_ref='signed'/></criteria></criteria></definition></definitions>"
      "<tests><r:rpmverifyfile_test id='os'><r:object object_ref='release'/></r:rpmverifyfile_test>"
      "<r:rpminfo_test id='there'><r:object object_ref='tar'/></r:rpminfo_test>"
      "<r:rpminfo_test id='absent' check_existence='none_exist'><r:object object_ref='tar'/></r:rpminfo_test>"
      "<r:rpminfo_test id='less'><r:object object_ref='tar'/><r:state state_ref='less'/></r:rpminfo_test>"
      "<r:rpminfo_test id='one'><r:object object_ref='tar'/><r:state state_ref='one'/></r:rpminfo_test>"
      "<r:rpminfo_test id='signed'><r:object object_ref='tar'/><r:state "
      "state_ref='key'/></r:rpminfo_test></tests>"
      "<objects><r:rpminfo_object id='tar'><r:name>tar</r:name></r:rpminfo_object></objects><states>"
      "<r:rpminfo_state id='less'><r:arch operation='pattern match'>aarch64|x86_64</r:arch>"
      "<r:evr operation='less than'>2:1.34-3.el9</r:evr></r:rpminfo_state>"
      "<r:rpminfo_state id='one'><r:arch operation='equals'>x86_64</r:arch>"
      "<r:evr operation='less than'>0:1.34-3.el9</r:evr></r:rpminfo_state>"
      "<r:rpminfo_state id='key'><r:signature_keyid "
      "operation='equals'>1</r:signature_keyid></r:rpminfo_state>"
      "</states></oval_definitions>",
      id, metadata, criteria);
}

std::string advisory(std::string_view in, std::string_view cpes) {
  return fmt::format(
      "<advisory><severity>Moderate</severity><issued date='2022-05-27'/><cve "
      "impact='low'>CVE-2005-2541</cve>{}"
      "<affected_cpe_list>{}</affected_cpe_list></advisory>",
      in, cpes);
}

constexpr std::string_view kLinux =
    "<cpe>cpe:/a:redhat:enterprise_linux:9</cpe><cpe>cpe:/o:redhat:enterprise_linux:9::baseos</cpe>";
constexpr std::string_view kThere = "<criterion test_ref='there'/>";

std::string state(std::string_view state) {
  return document(
      "oval:com.redhat.cve:def:1",
      advisory(
          fmt::format("<affected><resolution state='{}'><component>tar</component></resolution></affected>",
                      state),
          kLinux),
      kThere);
}

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

class RedHatOval : public testing::TestWithParam<Case> {};

TEST_P(RedHatOval, IsRead) {
  EXPECT_EQ(told(describe(), "rhel-9.oval.xml.bz2", GetParam().text), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, RedHatOval,
    testing::Values(
        Case{"Affected", state("Affected"),
             "redhat el9 tar affected - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"FixDeferred", state("Fix deferred"),
             "redhat el9 tar affected - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"WillNotFix", state("Will not fix"),
             "redhat el9 tar will_not_fix - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"OutOfSupport", state("Out of support scope"),
             "redhat el9 tar will_not_fix - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"UnderInvestigation", state("Under investigation"),
             "redhat el9 tar undetermined - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"Unaffected",
             document("oval:com.redhat.unaffected:def:1", advisory("", kLinux),
                      "<criterion test_ref='there'/><criterion test_ref='absent'/>"),
             "redhat el9 tar not_affected - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{
            "Fixed",
            document("d", "<reference ref_id='RHSA-2022:4765' source='RHSA'/>" + advisory("", kLinux),
                     "<criterion test_ref='less'/>"),
            "redhat el9 tar fixed 2:1.34-3.el9 RHSA-2022:4765 CVE-2005-2541 low - 2022-05-27\nrhel-9 -  1\n"},
        Case{"OfOneArchitecture", document("d", advisory("", kLinux), "<criterion test_ref='one'/>"),
             "redhat el9 tar fixed 1.34-3.el9 - CVE-2005-2541 low x86_64 2022-05-27\nrhel-9 -  1\n"},
        Case{
            "Modular",
            document(
                "d",
                advisory("<affected><resolution state='Will not fix'><component>nodejs:18/tar</component>"
                         "<component>nodejs:18/npm</component><component>rhel9/image</component></resolution>"
                         "</affected>",
                         kLinux),
                "<criterion comment='Module nodejs:18 is enabled' test_ref='x'/><criteria operator='OR'>"
                "<criterion test_ref='there'/></criteria>"),
            "redhat el9 tar will_not_fix - - CVE-2005-2541 low - of nodejs:18 2022-05-27\n"
            "redhat el9 npm will_not_fix - - CVE-2005-2541 low - of nodejs:18 2022-05-27\n"
            "rhel-9 -  2; component that is no package 1; test that the file lacks 1\n"},
        Case{
            "OfALayeredProduct",
            document(
                "d",
                advisory("",
                         "<cpe>cpe:/a:redhat:openshift:4.13</cpe><cpe>cpe:/a:redhat:openshift:4.13::el8</cpe>"
                         "<cpe>cpe:/a:redhat:openshift:4.13::el9</cpe>"),
                kThere),
            "redhat openshift-4.13-el8 tar affected - - CVE-2005-2541 low - 2022-05-27\n"
            "redhat openshift-4.13-el9 tar affected - - CVE-2005-2541 low - 2022-05-27\nrhel-9 -  2\n"},
        Case{"ByThePlatform",
             document("d", "<affected><platform>Red Hat Enterprise Linux 7</platform></affected>", kThere),
             "redhat el7 tar affected - - CVE-2005-2541 - -\nrhel-9 -  1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bansoko::feed::redhat_oval
