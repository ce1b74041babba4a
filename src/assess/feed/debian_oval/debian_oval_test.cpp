// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/oval_document.h"
#include "assess/feed/test_samples.h"

namespace bansoko::feed::debian_oval {
const FeedFormat& describe();

namespace {

constexpr std::string_view kHead =
    "<?xml version='1.0' encoding='UTF-8'?>\n<oval_definitions xmlns='urn:o' xmlns:oval='urn:c'><generator>"
    "<oval:product_name>Debian</oval:product_name><oval:schema_version>5.11.2</oval:schema_version>"
    "<oval:timestamp>2022-07-12T23:31:28.188-04:00</oval:timestamp></generator>";

std::string definition(std::string_view about, std::string_view title, std::string_view metadata,
                       std::string_view criteria) {
  return fmt::format(
      "<definition class='{}' id='d'><metadata><title>{}</title><affected family='unix'>"
      "<platform>Debian GNU/Linux 7</platform></affected>{}</metadata>"
      "<criteria operator='AND'><criterion test_ref='t0'/><criteria operator='OR'>{}</criteria></criteria>"
      "</definition>",
      about, title, metadata, criteria);
}

constexpr std::string_view kCve = "<reference ref_id='CVE-2014-6271' source='CVE'/>";

constexpr std::string_view kTables =
    "<tests><textfilecontent54_test id='t0'><object object_ref='o0'/></textfilecontent54_test>"
    "<dpkginfo_test id='t1'><object object_ref='o1'/><state state_ref='s1'/></dpkginfo_test>"
    "<dpkginfo_test id='t2'><object object_ref='o1'/><state state_ref='s2'/></dpkginfo_test>"
    "<dpkginfo_test id='t3'><object object_ref='o1'/><state state_ref='s3'/></dpkginfo_test>"
    "<dpkginfo_test id='t4'><object object_ref='o1'/><state state_ref='lacking'/></dpkginfo_test></tests>"
    "<objects><textfilecontent54_object id='o0'><pattern>(\\d+)\\.\\d</pattern></textfilecontent54_object>"
    "<dpkginfo_object id='o1'><name>bash</name></dpkginfo_object></objects>"
    "<states><dpkginfo_state id='s1'><evr operation='less than'>0:4.2+dfsg-0.1</evr></dpkginfo_state>"
    "<dpkginfo_state id='s2'><evr operation='less than'>0:0</evr></dpkginfo_state>"
    "<dpkginfo_state id='s3'><evr operation='equals'>1:2</evr></dpkginfo_state></states></oval_definitions>";

std::string document(std::string_view definitions) {
  return fmt::format("{}<definitions>{}</definitions>{}", kHead, definitions, kTables);
}

struct Case {
  std::string_view name;
  std::string definitions;
  std::string_view told;
};

class DebianOval : public testing::TestWithParam<Case> {};

TEST_P(DebianOval, IsRead) {
  EXPECT_EQ(told(describe(), "x.xml", document(GetParam().definitions)), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, DebianOval,
    testing::Values(
        Case{"None", "", " 2022-07-12 5.11.2 0\n"},
        Case{"Patch",
             definition("patch", "DSA-3032-1 bash",
                        std::string(kCve) + "<debian><date>2014-09-24</date></debian>",
                        "<criterion test_ref='t1'/>"),
             "debian wheezy source bash fixed 4.2+dfsg-0.1 DSA-3032-1 CVE-2014-6271 - - 2014-09-24\n"
             "wheezy 2022-07-12 5.11.2 1\n"},
        Case{"Vulnerability",
             definition("vulnerability", "CVE-2014-6271 bash",
                        std::string(kCve) + "<debian><dsa>DSA-3032</dsa></debian>",
                        "<criterion test_ref='t1'/>"),
             "debian wheezy source bash fixed 4.2+dfsg-0.1 DSA-3032 CVE-2014-6271 - -\n"
             "wheezy 2022-07-12 5.11.2 1\n"},
        Case{"EarlierThanNothing", definition("vulnerability", "x", kCve, "<criterion test_ref='t2'/>"),
             "debian wheezy source bash undetermined - - CVE-2014-6271 - -\n"
             "wheezy 2022-07-12 5.11.2 1; earlier than version 0: not known whether it is affected 1\n"},
        Case{"TwoHolesOfOneAdvisory",
             definition("patch", "DSA-3032-1 bash",
                        std::string(kCve) + "<reference ref_id='CVE-2014-7169' source='CVE'/>",
                        "<criterion test_ref='t1'/><criterion test_ref='t1'/>"),
             "debian wheezy source bash fixed 4.2+dfsg-0.1 DSA-3032-1 CVE-2014-6271 - -\n"
             "debian wheezy source bash fixed 4.2+dfsg-0.1 DSA-3032-1 CVE-2014-7169 - -\n"
             "wheezy 2022-07-12 5.11.2 2\n"},
        Case{"OtherTests",
             definition("patch", "DSA-3032-1 bash", kCve,
                        "<criterion test_ref='t3'/><criterion test_ref='t4'/><criterion test_ref='t5'/>"
                        "<criterion test_ref='t1' negate='true'/>"),
             "wheezy 2022-07-12 5.11.2 0; test for a version other than 'less than' 1; test that the file "
             "lacks 2\n"},
        Case{"NeitherCveNorAdvisory", definition("patch", "x", "", "<criterion test_ref='t1'/>"),
             " 2022-07-12 5.11.2 0; neither CVE nor advisory 1\n"},
        Case{"OtherClasses", "<definition class='inventory' id='a'/><definition class='compliance' id='b'/>",
             " 2022-07-12 5.11.2 0; definition that is neither of a patch nor a vulnerability 1\n"},
        Case{"NoRelease",
             "<definition class='patch' id='d'><metadata><title>DSA-1 x</title></metadata></definition>",
             " 2022-07-12 5.11.2 0; release not known 1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(OvalDocument, WhatIsNoneIsRefused) {
  EXPECT_EQ(told(describe(), "x.xml", "<a/>"), "x.xml: no OVAL definitions");
  EXPECT_EQ(told(describe(), "x.xml", "<oval_definitions><tests><a/></tests></oval_definitions>"),
            "line 1, column 30: an OVAL a without id");
  const std::string cut = document("").substr(0, 300);
  EXPECT_TRUE(told(describe(), "x.xml", cut).ends_with("unclosed token") ||
              told(describe(), "x.xml", cut).ends_with("no element found"));
}

TEST(OvalDocument, EachLimit) {
  const std::string text =
      document(definition("patch", "DSA-3032-1 bash", kCve, "<criterion test_ref='t1'/>"));
  EXPECT_EQ(told(describe(), "x.xml", text, {.max_records = 0}), "more than 0 records");
  EXPECT_TRUE(told(describe(), "x.xml", text, {.max_bytes = 500}).ends_with(": more than 500 bytes"));
  EXPECT_TRUE(told(describe(), "x.xml", text, {.max_depth = 4}).ends_with(": more than 4 elements deep"));
  static const OvalVendor kVendor{
      .distribution = "x",
      .releases = [](const xml::Node&) { return std::vector<std::string>{"y"}; },
      .advisory = [](const xml::Node&) { return std::string("z"); },
      .status = [](std::string_view) { return assess::FixStatus::affected; },
      .scope = [](std::string_view name, const std::vector<std::string>&) { return std::string(name); }};
  for (const auto& [bytes, fits] : {std::pair<std::size_t, bool>{4000, true}, {500, false}}) {
    TextSource source(text);
    KeptRecords kept;
    const auto stamp = read_oval({.name = "x", .head = text, .bytes = source}, kept, {}, kVendor, bytes);
    EXPECT_EQ(stamp.has_value(), fits);
    if (!stamp) {
      EXPECT_TRUE(stamp.error().message.ends_with(": more definitions and tests than are kept in memory"));
    }
  }
}

TEST(DebianOvalFormat, IsRecognised) {
  EXPECT_TRUE(describe().recognises("x", kHead));
  EXPECT_FALSE(describe().recognises("x", "<oval_definitions><product_name>Canonical"));
  EXPECT_FALSE(describe().recognises("x", "<definitions>oval:org.debian"));
}

}  // namespace
}  // namespace bansoko::feed::debian_oval
