// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_text.h"
#include "tests/cases.h"

namespace bansoko::feed {
namespace microsoft_definitions {
const FeedFormat& describe();
}
namespace epss {
const FeedFormat& describe();
}
namespace cisa_kev {
const FeedFormat& describe();
}

namespace {

struct Case {
  const char* name;
  const FeedFormat& (*format)();
  std::string file_name, text, reading;
};

class TableFeeds : public testing::TestWithParam<Case> {};

TEST_P(TableFeeds, AreRead) {
  const Case& row = GetParam();
  EXPECT_EQ(reading_of(row.format(), row.file_name, row.text), row.reading);
}

const std::string kHeader =
    "\"DatePosted\",\"CVE\",\"BulletinKB\",\"Title\",\"AffectedProduct\",\"AffectedComponent\",\"Severity\","
    "\"Impact\","
    "\"Supersedes\",\"Exploits\"\n";

Case definitions(const char* name, const std::string& rows, std::string reading,
                 std::string file_name = "CVEs_20260628.csv") {
  return {name, microsoft_definitions::describe, std::move(file_name), kHeader + rows, std::move(reading)};
}

INSTANTIATE_TEST_SUITE_P(
    Microsoft, TableFeeds,
    testing::Values(
        definitions(
            "Row",
            "\"20140114\",\"CVE-2013-5065\",\"2914368\",\"Vulnerability in Windows Kernel\",\"Microsoft "
            "Windows "
            "Server 2003 Service Pack 2\",\"\",\"Important\",\"Elevation of Privilege\",\"2440591\",\n",
            "CVE-2013-5065 KB2914368 'Microsoft Windows Server 2003 Service Pack 2' ''  'Vulnerability in "
            "Windows "
            "Kernel' Important, Elevation of Privilege <2440591> 2014-01-14\n[CVEs] 2026-06-28  1"),
        definitions("LineEndWithinQuotes",
                    "\"20140114\",\"CVE-2013-5065\",\"\",\"a\n\"\"b\"\"\",\"P\",\"\",\"\",\"\",\"\",\"\"\n",
                    "CVE-2013-5065 KB 'P' ''  'a\n\"b\"' ,  <> 2014-01-14\n[CVEs] 2026-06-28  1"),
        definitions("ManySuperseded",
                    "20140114,CVE-2013-5065,KB2914368,t,P,C,Low,i,\"2936068;2953522<br>2953523\n\",\n",
                    "CVE-2013-5065 KB2914368 'P' 'C'  't' Low, i <2936068 2953522 2953523> "
                    "2014-01-14\n[CVEs] 2026-06-28  1"),
        definitions(
            "NamesWithFaults",
            "20140114,CVE20163247,2914368,t,P,,,,,\n20140114,cve-2012-0159,2914368,t,P,,,,,\n"
            "20140114,CVE-2015-2442CVE-2015-2446,2914368,t,P,,,,,\n",
            "CVE-2016-3247 KB2914368 'P' ''  't' ,  <> 2014-01-14\nCVE-2012-0159 KB2914368 'P' ''  't' ,  <> "
            "2014-01-14\nCVE-2015-2442 KB2914368 'P' ''  't' ,  <> 2014-01-14\nCVE-2015-2446 KB2914368 'P' "
            "''  't' "
            ",  <> 2014-01-14\n[CVEs] 2026-06-28  4"),
        definitions("AdvisoryInsteadOfCve", "20140114,ADV200011,2914368,t,P,,,,,\n",
                    " KB2914368 'P' '' ADV200011 't' ,  <> 2014-01-14\n[CVEs] 2026-06-28  1"),
        definitions(
            "NoSuchKb", "20140114,CVE-2013-5065,Release Notes,t,P,,System.Object[],System.Object[],2.41.0,\n",
            "CVE-2013-5065 KB 'P' ''  't' ,  <> 2014-01-14\n[CVEs] 2026-06-28  1; 1 KBs that are no number"),
        definitions("LeftOut",
                    "20140114,,,t,P,,,,,\n20140114,CVE-2013-5065,2914368,t,,,,,,\n20140114,SP7X86SP1,976932,"
                    "t,P,,,,,\n",
                    " KB976932 'P' ''  't' ,  <> 2014-01-14\n[Custom] 2019-03-21  1; 1 names that are no "
                    "CVE's; 1 rows "
                    "with neither CVE nor KB; 1 rows without a product",
                    "Custom_20190321.csv"),
        definitions("NameWithoutDate", "20140114,CVE-2013-5065,2914368,t,P,,,,,\n",
                    "CVE-2013-5065 KB2914368 'P' ''  't' ,  <> 2014-01-14\n[] 2014-01-14  1", "x.csv"),
        definitions("NoDate", "2014011,CVE-2013-5065,2914368,t,P,,,,,\n",
                    "line 2: '2014011' is not a date (valid: 2015-07-14)"),
        definitions("CutRow", "20140114,CVE-2013-5065,29", "line 2: 3 fields where the header has 10"),
        definitions("CutInQuotes", "20140114,CVE-2013-5065,\"29", "line 2: a quote is not closed"),
        Case{"OtherOrder", microsoft_definitions::describe, "a.csv",
             "AffectedProduct,CVE,BulletinKB\r\nP,CVE-2013-5065,2914368\r\n",
             "CVE-2013-5065 KB2914368 'P' ''  '' ,  <> -\n[] -  1"},
        Case{"ColumnMissing", microsoft_definitions::describe, "a.csv",
             "AffectedProduct,BulletinKB\r\nP,2914368\r\n", "line 1: the column 'CVE' is missing"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Epss, TableFeeds,
    testing::Values(Case{"Today", epss::describe, "epss_scores-current.csv",
                         "#model_version:v2026.06.15,score_date:2026-09-29T12:00:22Z\ncve,epss,percentile\n"
                         "CVE-1999-0001,0.03351,0.88255\nCVE-1999-0002,1,0\n",
                         "CVE-1999-0001 0.03351 0.88255\nCVE-1999-0002 1 0\n[] 2026-09-29 v2026.06.15 2"},
                    Case{"Early", epss::describe, "epss_scores-2021-04-14.csv",
                         "cve,epss\nCVE-2020-5902,0.65117\n", "CVE-2020-5902 0.65117 0\n[] 2021-04-14  1"},
                    Case{"Nothing", epss::describe, "a.csv", "cve,epss\n", "[] -  0"},
                    Case{"NoCve", epss::describe, "a.csv", "cve,epss\nX-1,0.5\n",
                         "[] -  0; 1 names that are no CVE's"},
                    Case{"NoNumber", epss::describe, "a.csv", "cve,epss\nCVE-2020-5902,x\n",
                         "line 2: 'x' is not a number from 0 to 1"},
                    Case{"Above1", epss::describe, "a.csv", "cve,epss\nCVE-2020-5902,1.1\n",
                         "line 2: '1.1' is not a number from 0 to 1"},
                    Case{"NotANumber", epss::describe, "a.csv", "cve,epss\nCVE-2020-5902,nan\n",
                         "line 2: 'nan' is not a number from 0 to 1"},
                    Case{"Cut", epss::describe, "a.csv", "cve,epss,percentile\nCVE-2020-5902,0.65\n",
                         "line 2: 2 fields where the header has 3"},
                    Case{"HeaderAlone", epss::describe, "a.csv", "#model_version:v1\n",
                         "the line that names the columns is missing"}),
    by_name);

const std::string kEntry =
    R"({"cveID":"CVE-2013-5065","vendorProject":"Microsoft","product":"Windows","vulnerabilityName":"N",)"
    R"("dateAdded":"2022-03-03","dueDate":"2022-03-24","knownRansomwareCampaignUse":"Known"})";

INSTANTIATE_TEST_SUITE_P(
    Kev, TableFeeds,
    testing::Values(
        Case{"Entry", cisa_kev::describe, "kev.json",
             R"({"catalogVersion":"2025.08.25","dateReleased":"2025-08-25T17:04:19.9Z","count":1,)"
             R"("vulnerabilities":[)" +
                 kEntry + "]}",
             "CVE-2013-5065 'Microsoft' 'Windows' 'N' 2022-03-03 2022-03-24 ransomware\n[] 2025-08-25 "
             "2025.08.25 1"},
        Case{"Csv", cisa_kev::describe, "kev.csv",
             "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,dueDate,"
             "knownRansomwareCampaignUse\n"
             "CVE-2013-5065,Microsoft,Windows,N,2022-03-03,\"x, y\",2022-03-24,Known\n",
             "CVE-2013-5065 'Microsoft' 'Windows' 'N' 2022-03-03 2022-03-24 ransomware\n[] 2022-03-03  1"},
        Case{"CsvWithoutDates", cisa_kev::describe, "kev.csv", "cveID,product\n",
             "line 1: the columns 'cveID' and 'dateAdded' are missing"},
        Case{"CsvCutRow", cisa_kev::describe, "kev.csv", "cveID,dateAdded\nCVE-2013-5065\n",
             "line 2: 1 fields where the header has 2"},
        Case{"NoCve", cisa_kev::describe, "kev.json",
             R"({"catalogVersion":"1","vulnerabilities":[{"cveID":7}]})",
             "[] - 1 0; 1 entries without a CVE"},
        Case{"FewerThanAnnounced", cisa_kev::describe, "kev.json",
             R"({"catalogVersion":"1","count":2,"vulnerabilities":[)" + kEntry + "]}",
             "1 entries where it announces 2"},
        Case{"Cut", cisa_kev::describe, "kev.json", R"({"catalogVersion":"1","vulnerabilities":[)",
             "no valid JSON: at line 1, column 42: syntax error while parsing value - unexpected end of "
             "input; expected '[', '{', or a literal"}),
    by_name);

TEST(TableFeeds, MoreRecordsThanTheLimitAreRefused) {
  const Limits limits{.max_records = 1};
  EXPECT_EQ(reading_of(epss::describe(), "a.csv", "cve,epss\nCVE-2020-5902,0\nCVE-2020-5903,0\n", limits),
            "more than 1 records");
}

TEST(TableFeeds, TwoGigabytesEndInAnError) {
  RepeatedSource source(
      kHeader,
      "\"20140114\",\"CVE-2013-5065\",\"2914368\",\"" + std::string(900'000, 't') + "\",\"P\",,,,,\n",
      std::uint64_t{3} << 30U, "");
  struct : KeptRecords {
    Result<> put(const assess::MicrosoftFix&) override { return {}; }
  } nothing;
  const auto read = microsoft_definitions::describe().read(
      {.name = "a.csv", .head = kHeader, .bytes = source}, nothing, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "it is larger than 2147483648 bytes");
}

}  // namespace
}  // namespace bansoko::feed
