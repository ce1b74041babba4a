// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/cpe.h"
#include "assess/feed/nvd.h"
#include "assess/feed/test_text.h"
#include "tests/cases.h"

namespace bansoko::feed {
namespace nvd_json_1 {
const FeedFormat& describe();
}
namespace nvd_json_2 {
const FeedFormat& describe();
}
namespace cve_json_5 {
const FeedFormat& describe();
}

namespace {

struct CpeCase {
  const char* name;
  std::string text, parts;  // "": no name
};

class CpeNames : public testing::TestWithParam<CpeCase> {};

TEST_P(CpeNames, AreParsed) {
  const auto cpe = parse_cpe(GetParam().text);
  const std::string parts =
      cpe ? fmt::format("{} {} {} {} '{}'", cpe->part, cpe->product, cpe->version, cpe->update, cpe->edition)
          : "";
  EXPECT_EQ(parts, GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(
    Cpe, CpeNames,
    testing::Values(
        CpeCase{"System", "cpe:2.3:o:microsoft:windows_server_2003:*:sp1:itanium:*:*:*:*:*",
                "o microsoft:windows_server_2003 * sp1 'itanium'"},
        CpeCase{"EditionsJoined", "cpe:2.3:a:v:p:1.0:-:pro:*:lts:linux:x64:*", "a v:p 1.0 - 'pro lts x64'"},
        CpeCase{"Escapes", R"(cpe:2.3:a:V\:x:p\+\+:1\.0\\2:*:*:*:*:*:*:*)", R"(a v:x:p++ 1.0\2 * '')"},
        CpeCase{"NoEdition", "cpe:2.3:a:v:p:-:*:-:*:*:*:*:*", "a v:p - * ''"},
        CpeCase{"TooFew", "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*", ""},
        CpeCase{"TooMany", "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:*:*", ""},
        CpeCase{"AnyProduct", "cpe:2.3:a:v:*:1.0:*:*:*:*:*:*:*", ""},
        CpeCase{"NoPart", "cpe:2.3:x:v:p:1.0:*:*:*:*:*:*:*", ""},
        CpeCase{"Uri", "cpe:/o:microsoft:windows", ""}, CpeCase{"Empty", "", ""}),
    by_name);

std::string match(const std::string& product, bool vulnerable, const std::string& more = "",
                  const std::string& key = "criteria") {
  return fmt::format(R"({{"vulnerable":{},"{}":"cpe:2.3:a:v:{}:*:*:*:*:*:*:*:*"{}}})", vulnerable, key,
                     product, more);
}

std::string page(const std::string& configurations, const std::string& more = "") {
  return R"({"format":"NVD_CVE","version":"2.0","timestamp":"2023-10-18T18:04:18.493","vulnerabilities":[{"cve":)"
         R"({"id":"CVE-2020-0001","published":"2020-01-02T01:00","lastModified":"2021-01-02T01:00",)"
         R"("vulnStatus":"Analyzed","descriptions":[{"lang":"es","value":"x"},{"lang":"en","value":"D"}])" +
         more + R"(,"configurations":[)" + configurations + "]}}]}";
}

constexpr const char* kVulnerability = "CVE-2020-0001 2020-01-02 2021-01-02 '' 'D' - / -\n";
constexpr const char* kEnd = "[page] 2023-10-18 2.0 ";

struct Case {
  const char* name;
  const FeedFormat& (*format)();
  std::string file_name, text, reading;
};

Case configuration(const char* name, const std::string& configurations, const std::string& products,
                   const std::string& count, const std::string& more = "") {
  return {name, nvd_json_2::describe, "page.json", page(configurations, more),
          kVulnerability + products + kEnd + count};
}

class NvdFeeds : public testing::TestWithParam<Case> {};

TEST_P(NvdFeeds, AreRead) {
  const Case& row = GetParam();
  EXPECT_EQ(reading_of(row.format(), row.file_name, row.text), row.reading);
}

std::string node(const std::string& matches, const std::string& begin = R"("operator":"OR")") {
  return "{" + begin + R"(,"cpeMatch":[)" + matches + "]}";
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, NvdFeeds,
    testing::Values(
        configuration("None", "", "", "1"),
        configuration(
            "Range",
            R"({"nodes":[)" +
                node(match("p", true, R"(,"versionStartIncluding":"1","versionEndExcluding":"2")")) + "]}",
            "CVE-2020-0001 a v:p * * '' >= 1 < 2\n", "2"),
        configuration(
            "OtherBounds",
            R"({"nodes":[)" +
                node(match("p", true, R"(,"versionStartExcluding":"1","versionEndIncluding":"2")")) + "]}",
            "CVE-2020-0001 a v:p * * '' > 1 <= 2\n", "2"),
        configuration("NotVulnerable",
                      R"({"nodes":[)" + node(match("p", true) + "," + match("q", false)) + "]}",
                      "CVE-2020-0001 a v:p * * ''\n", "2"),
        configuration("RunningOn",
                      R"({"operator":"AND","nodes":[)" + node(match("p", true) + "," + match("q", true)) +
                          "," + node(match("os", false) + "," + match("os2", false)) + "]}",
                      "CVE-2020-0001 a v:p * * '' on v:os v:os2\nCVE-2020-0001 a v:q * * '' on v:os v:os2\n",
                      "3"),
        configuration("BothSidesHaveTheHole",
                      R"({"operator":"AND","nodes":[)" + node(match("p", true)) + "," +
                          node(match("q", true)) + "]}",
                      "CVE-2020-0001 a v:p * * '' on v:q\nCVE-2020-0001 a v:q * * '' on v:p\n", "3"),
        configuration("AndOfOne", R"({"operator":"AND","nodes":[)" + node(match("p", true)) + "]}",
                      "CVE-2020-0001 a v:p * * ''\n", "2"),
        configuration("AndWithinANode",
                      R"({"nodes":[)" +
                          node(match("p", true) + "," + match("os", false), R"("operator":"AND")") + "]}",
                      "CVE-2020-0001 a v:p * * '' on v:os\n", "2"),
        configuration("Negated",
                      R"({"nodes":[)" + node(match("p", true), R"("operator":"OR","negate":true)") + "]}", "",
                      "1; 1 configurations that say what has no hole"),
        configuration("NoCpe",
                      R"({"nodes":[{"operator":"OR","cpeMatch":[{"vulnerable":true,"criteria":"x"}]}]})", "",
                      "1; 1 products whose name is no CPE 2.3"),
        configuration(
            "Exploited", "", "CVE-2020-0001 '' '' 'N' 2022-03-03 2022-03-24\n", "2",
            R"(,"cisaExploitAdd":"2022-03-03","cisaActionDue":"2022-03-24","cisaVulnerabilityName":"N")")),
    by_name);

const std::string kMetrics =
    R"(,"metrics":{"cvssMetricV2":[{"type":"Primary","cvssData":{"vectorString":"AV:N","baseScore":10.0}}],)"
    R"("cvssMetricV40":[{"type":"Secondary","cvssData":{"vectorString":"CVSS:4.0/","baseScore":1.0}}],)"
    R"("cvssMetricV31":[{"type":"Secondary","cvssData":{"vectorString":"CVSS:3.1/S","baseScore":3.0}},)"
    R"({"type":"Primary","cvssData":{"vectorString":"CVSS:3.1/P","baseScore":9.8}},{"type":"Primary","cvssData":{"baseScore":11}}]})";

const std::string kYear =
    R"({"CVE_data_type":"CVE","CVE_data_format":"MITRE","CVE_data_version":"4.0","CVE_data_numberOfCVEs":"1",)"
    R"("CVE_data_timestamp":"2021-09-10T07:13Z","CVE_Items":[{"cve":{"CVE_data_meta":{"ID":"CVE-2008-4250"},)"
    R"("description":{"description_data":[{"lang":"en","value":"D"}]}},"configurations":{"CVE_data_version":"4.0",)"
    R"("nodes":[{"operator":"AND","children":[{"operator":"OR","children":[],"cpe_match":[)" +
    match("p", true, "", "cpe23Uri") + R"(]},{"operator":"OR","children":[],"cpe_match":[)" +
    match("os", false, "", "cpe23Uri") +
    R"-(]}],"cpe_match":[]}]},"impact":{"baseMetricV2":{"cvssV2":{"vectorString":"(AV:N/AC:L)","baseScore":10.0}}},)-"
    R"("publishedDate":"2008-10-23T22:00Z","lastModifiedDate":"2018-10-12T21:49Z"}]})";

INSTANTIATE_TEST_SUITE_P(
    Forms, NvdFeeds,
    testing::Values(
        Case{
            "Scores", nvd_json_2::describe, "page.json", page("", kMetrics),
            "CVE-2020-0001 2020-01-02 2021-01-02 '' 'D' 10.0 AV:N / 9.8 CVSS:3.1/P\n[page] 2023-10-18 2.0 1"},
        Case{
            "OneCve", nvd_json_2::describe, "CVE-2020-0001.json",
            R"({"id":"CVE-2020-0001","sourceIdentifier":"x","published":"2020-01-02","lastModified":"2021-01-02T01:00",)"
            R"("vulnStatus":"Rejected","descriptions":[{"lang":"en","value":"D"}]})",
            "CVE-2020-0001 2020-01-02 2021-01-02 '' 'D' - / - rejected\n[CVE-2020-0001] 2021-01-02 2.0 1"},
        Case{"YearOfForm1", nvd_json_1::describe, "nvdcve-1.1-2008.json", kYear,
             "CVE-2008-4250 2008-10-23 2018-10-12 '' 'D' 10.0 AV:N/AC:L / -\nCVE-2008-4250 a v:p * * '' on "
             "v:os\n[2008] "
             "2021-09-10 4.0 2"},
        Case{"FewerThanAnnounced", nvd_json_1::describe, "a.json",
             R"({"CVE_data_type":"CVE","CVE_data_numberOfCVEs":"2","CVE_Items":[]})",
             "0 entries where it announces 2"},
        Case{"NoCveInAFile", nvd_json_2::describe, "a.json", R"({"vulnStatus":"x","sourceIdentifier":"y"})",
             "it names no CVE"},
        Case{"TooDeep", nvd_json_2::describe, "a.json",
             R"({"format":"NVD_CVE","vulnerabilities":)" + std::string(70, '['),
             "it is nested more than 64 deep"}),
    by_name);

const std::string kCve5 =
    R"({"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2011-4899","state":"PUBLISHED",)"
    R"("datePublished":"2012-01-30T17:00:00","dateUpdated":"2024-08-07T00:16:34.9Z"},"containers":{"cna":{"title":"T",)"
    R"("descriptions":[{"lang":"en-US","value":"D"}],"metrics":[{"cvssV3_1":{"baseScore":9.8,"vectorString":"CVSS:3.1/A"}}]},)"
    R"("adp":[{"title":"CISA ADP Vulnrichment","metrics":[{"other":{"type":"ssvc","content":{"id":"CVE-2011-4899",)"
    R"("options":[{"Exploitation":"poc"},{"Automatable":"No"},{"Technical Impact":"partial"}],)"
    R"("timestamp":"2024-05-08T15:56:39.639939Z"}}},{"cvssV2_0":{"baseScore":7.5,"vectorString":"AV:N"}},)"
    R"({"other":{"type":"ssvc","content":{}}}]}]}})";

INSTANTIATE_TEST_SUITE_P(
    Records, NvdFeeds,
    testing::Values(
        Case{"Cve5", cve_json_5::describe, "CVE-2011-4899.json", kCve5,
             "CVE-2011-4899 2012-01-30 2024-08-07 'T' 'D' 7.5 AV:N / 9.8 CVSS:3.1/A\nCVE-2011-4899 poc no "
             "partial "
             "2024-05-08\n[CVE-2011-4899] 2024-08-07 5.1 2; 1 SSVC decisions without options"},
        Case{
            "Cve5Rejected", cve_json_5::describe, "a.json",
            R"({"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2011-4899","state":"REJECTED"},"containers":{"cna":)"
            R"({"rejectedReasons":[{"lang":"en","value":"R"}]}}})",
            "CVE-2011-4899 - - '' 'R' - / - rejected\n[CVE-2011-4899] -  1"},
        Case{"Cve5OfNothing", cve_json_5::describe, "a.json", R"({"dataType":"CVE_RECORD"})",
             "it names no CVE"}),
    by_name);

TEST(NvdFeeds, TooManyConditionsAreNone) {
  std::string systems;
  for (std::size_t i = 0; i <= kMostConditions; ++i)
    systems += (i == 0 ? "" : ",") + match("os" + std::to_string(i), false);
  const std::string text =
      page(R"({"operator":"AND","nodes":[)" + node(match("p", true)) + "," + node(systems) + "]}");
  KeptRecords kept;
  const auto stamp = read_text(nvd_json_2::describe(), "page.json", text, kept);
  ASSERT_TRUE(stamp) << stamp.error().message;
  ASSERT_EQ(kept.affected.size(), 1U);
  EXPECT_TRUE(kept.affected[0].running_on.empty());
  EXPECT_EQ(stamp->left_out.at("conditions of more than 1000 products"), 1U);
}

}  // namespace
}  // namespace bansoko::feed
