// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::jvn_vuldef {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

std::string document(std::string_view data) {
  return fmt::format(
      "<VULDEF-Document version='3.2' "
      "xmlns='http://jvn.jp/vuldef/'><Vulinfo><VulinfoID>JVNDB-2021-005429</VulinfoID>"
      "<VulinfoData>{}</VulinfoData></Vulinfo></VULDEF-Document>",
      data);
}

class JvnVuldef : public testing::TestWithParam<Case> {};

TEST_P(JvnVuldef, IsRead) {
  EXPECT_EQ(told(describe(), "jvndb_detail_2021.rdf", GetParam().text), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, JvnVuldef,
    testing::Values(
        Case{"Whole",
             document("<Title>題</Title><VulinfoDescription><Overview>概要</Overview></VulinfoDescription>"
                      "<Impact><Cvss version='2.0'><Severity type='Base'>High</Severity><Base>9.3</Base>"
                      "<Vector>AV:N</Vector></Cvss><Cvss "
                      "version='3.0'><Base>10</Base><Vector>CVSS:3.0/AV:N</Vector>"
                      "</Cvss><ImpactItem><Description>x</Description></ImpactItem></Impact>"
                      "<Solution><SolutionItem><Description>更新する</Description></SolutionItem>"
                      "<SolutionItem><Description>止める</Description></SolutionItem></Solution>"
                      "<Related><RelatedItem><VulinfoID>CVE-2021-44228</VulinfoID></RelatedItem>"
                      "<RelatedItem><VulinfoID>CWE-20</VulinfoID></RelatedItem></Related>"
                      "<DateFirstPublished>2021-12-14T16:37:13+09:00</DateFirstPublished>"
                      "<DateLastUpdated>2022-12-15T10:24:01+09:00</DateLastUpdated>"),
             "JVNDB-2021-005429 CVE-2021-44228 '題' '概要' '更新する\n\n止める' 2021-12-14 9.3 AV:N 10.0 "
             "CVSS:3.0/AV:N "
             "https://jvndb.jvn.jp/ja/contents/2021/JVNDB-2021-005429.html\njvndb_detail_2021 2022-12-15 3.2 "
             "1\n"},
        Case{
            "NothingButItsNumber", document(""),
            "JVNDB-2021-005429  '' '' '' - - - https://jvndb.jvn.jp/ja/contents/2021/JVNDB-2021-005429.html\n"
            "jvndb_detail_2021 - 3.2 1\n"},
        Case{"NoNumber", "<VULDEF-Document><Vulinfo/></VULDEF-Document>",
             "jvndb_detail_2021 -  0; no identifier 1\n"},
        Case{"OtherXml", "<a/>", "no VULDEF document"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bansoko::feed::jvn_vuldef
