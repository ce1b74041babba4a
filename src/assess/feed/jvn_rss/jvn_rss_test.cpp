// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::jvn_rss {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

std::string document(std::string_view items) {
  return fmt::format(
      "<rdf:RDF xmlns:rdf='urn:r' xmlns='http://purl.org/rss/1.0/' xmlns:dc='urn:d' xmlns:dcterms='urn:t' "
      "xmlns:sec='http://jvn.jp/rss/mod_sec/3.0/'><channel rdf:about='https://jvndb.jvn.jp/ja/rss/years/"
      "jvndb_2021.rdf'><title>x</title><dc:date>2022-12-15T10:24:01+09:00</dc:date></channel>{}</rdf:RDF>",
      items);
}

class JvnRss : public testing::TestWithParam<Case> {};

TEST_P(JvnRss, IsRead) { EXPECT_EQ(told(describe(), "feed.rdf", GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, JvnRss,
    testing::Values(
        Case{"Empty", document(""), "jvndb_2021 2022-12-15  0\n"},
        Case{"Item",
             document("<item><title>Log4j の脆弱性</title><link>https://jvndb.jvn.jp/x.html</link>"
                      "<description>一。&#13;\n二。&#13;\n</description><sec:identifier>JVNDB-2021-005429</"
                      "sec:identifier>"
                      "<sec:references source='JVN' id='JVNVU#96768815'>x</sec:references>"
                      "<sec:references source='CVE' id='CVE-2021-44228'>x</sec:references>"
                      "<sec:references source='NVD' id='CVE-2021-44228'>x</sec:references>"
                      "<sec:cvss version='2.0' score='9.3' type='Base' vector='AV:N'/>"
                      "<sec:cvss version='3.0' score='10.0' type='Base' vector='CVSS:3.0/AV:N'/>"
                      "<sec:cvss version='3.0' score='1.0' type='Temporal' vector='x'/>"
                      "<dc:date>2022-12-15T10:24+09:00</dc:date><dcterms:issued>2021-12-14T16:37+09:00</"
                      "dcterms:issued>"
                      "</item>"),
             "JVNDB-2021-005429 CVE-2021-44228 'Log4j の脆弱性' '一。\n二。' '' 2021-12-14 9.3 AV:N 10.0 "
             "CVSS:3.0/AV:N "
             "https://jvndb.jvn.jp/x.html\njvndb_2021 2022-12-15  1\n"},
        Case{"ScoresThatAreNone",
             document("<item><sec:identifier>JVNDB-1</sec:identifier><sec:cvss version='3.0' score='99'/>"
                      "<sec:cvss version='' score='9'/><sec:cvss version='x' score='9'/></item>"),
             "JVNDB-1  '' '' '' - - - \njvndb_2021 2022-12-15  1\n"},
        Case{"NoIdentifier", document("<item><title>x</title></item>"),
             "jvndb_2021 2022-12-15  0; no identifier 1\n"},
        Case{"OtherXml", "<a/>", "no RDF document"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bansoko::feed::jvn_rss
