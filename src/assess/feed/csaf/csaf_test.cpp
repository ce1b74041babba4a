// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::csaf {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

std::string document(std::string_view id, std::string_view publisher = "https://www.redhat.com") {
  return fmt::format(
      R"("document":{{"csaf_version":"2.0","publisher":{{"namespace":"{}"}},"aggregate_severity":{{"text":"Moderate"}},)"
      R"("tracking":{{"id":"{}","version":"4","current_release_date":"2024-08-11T08:04:44+00:00",)"
      R"("initial_release_date":"2023-11-21T15:34:29+00:00"}}}})",
      publisher, id);
}

std::string product(std::string_view id, std::string_view help) {
  return fmt::format(
      R"({{"category":"x","product":{{"product_id":"{}","product_identification_helper":{{{}}}}}}})", id,
      help);
}

std::string component(std::string_view id, std::string_view of, std::string_view in) {
  return fmt::format(
      R"({{"full_product_name":{{"product_id":"{}"}},"product_reference":"{}","relates_to_product_reference":"{}"}})",
      id, of, in);
}

std::string tree(std::string_view products, std::string_view relationships) {
  return fmt::format(R"("product_tree":{{"branches":[{{"branches":[{},{}]}}],"relationships":[{}]}})",
                     product("L", R"("cpe":"cpe:/a:redhat:enterprise_linux:8::appstream")"), products,
                     relationships);
}

std::string hole(std::string_view more) {
  return fmt::format(R"("vulnerabilities":[{{"cve":"CVE-2023-37920",{}}}])", more);
}

std::string whole(const std::string& a, const std::string& b, const std::string& c) {
  return "{" + a + "," + b + "," + c + "}";
}

const std::string kBash = product("B", R"("purl":"pkg:rpm/redhat/bash@4-1.el8?arch=x86_64&epoch=1")");
const std::string kBashSource = product("S", R"("purl":"pkg:rpm/redhat/bash@4-1.el8?arch=src")");
const std::string kTree =
    tree(kBash + "," + kBashSource,
         component("L:B", "B", "L") + "," + component("L:S", "S", "L") + "," + component("L:x", "x", "L"));
const std::string kFixed = hole(R"("product_status":{"fixed":["L:B","L:S","L:B"]})");
constexpr std::string_view kFixedTold =
    "redhat el8 bash fixed 1:4-1.el8 RHSA-2023:7435 CVE-2023-37920 Moderate x86_64 2023-11-21\n"
    "redhat el8 source bash fixed 4-1.el8 RHSA-2023:7435 CVE-2023-37920 Moderate - 2023-11-21\n"
    "RHSA-2023:7435 2024-08-11 4 2\n";

class Csaf : public testing::TestWithParam<Case> {};

TEST_P(Csaf, IsRead) { EXPECT_EQ(told(describe(), "x.json", GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, Csaf,
    testing::Values(
        Case{"Advisory", whole(document("RHSA-2023:7435"), kTree, kFixed), kFixedTold},
        Case{"InAnotherOrder", whole(kFixed, kTree, document("RHSA-2023:7435")), kFixedTold},
        Case{
            "Vex",
            whole(
                document("CVE-2023-37920"), kTree,
                hole(
                    R"("product_status":{"fixed":["L:B"],"known_affected":["L:x"],"known_not_affected":["L:S"]},)"
                    R"("threats":[{"category":"impact","details":"Low"},{"category":"impact","details":"Important","product_ids":["L:S"]}],)"
                    R"("remediations":[{"category":"vendor_fix","product_ids":["L:B"],"date":"2023-12-01T00:00:00Z",)"
                    R"("url":"https://access.redhat.com/errata/RHSA-2023:7435"},{"category":"workaround","product_ids":["L:x"]}])")),
            "redhat el8 bash fixed 1:4-1.el8 RHSA-2023:7435 CVE-2023-37920 Low x86_64 2023-12-01\n"
            "redhat el8 source x affected - - CVE-2023-37920 Low -\n"
            "redhat el8 source bash not_affected - - CVE-2023-37920 Important -\n"
            "CVE-2023-37920 2024-08-11 4 3\n"},
        Case{
            "WillNotFix",
            whole(
                document("CVE-2023-37920"), kTree,
                hole(
                    R"("product_status":{"known_affected":["L:x"]},"remediations":[{"category":"no_fix_planned",)"
                    R"("product_ids":["L:x"]}])")),
            "redhat el8 source x will_not_fix - - CVE-2023-37920 Moderate -\nCVE-2023-37920 2024-08-11 4 "
            "1\n"},
        Case{"UnderInvestigation",
             whole(document("CVE-2023-37920"), kTree,
                   hole(R"("product_status":{"under_investigation":["L:x"]})")),
             "redhat el8 source x undetermined - - CVE-2023-37920 Moderate -\nCVE-2023-37920 2024-08-11 4 "
             "1\n"},
        Case{
            "Modular",
            whole(document("RHSA-2023:7435"),
                  tree(kBash + "," + product("M", R"("purl":"pkg:rpmmod/redhat/nodejs@18:8080020:63b34585")"),
                       component("L:M", "M", "L") + "," + component("L:M:B", "B", "L:M") + "," +
                           component("L:nodejs:16/npm", "nodejs:16/npm", "L")),
                  hole(R"("product_status":{"fixed":["L:M:B"],"known_affected":["L:nodejs:16/npm"]})")),
            "redhat el8 bash fixed 1:4-1.el8 RHSA-2023:7435 CVE-2023-37920 Moderate x86_64 of nodejs:18 "
            "2023-11-21\n"
            "redhat el8 source npm affected - RHSA-2023:7435 CVE-2023-37920 Moderate - of nodejs:16 "
            "2023-11-21\n"
            "RHSA-2023:7435 2024-08-11 4 2\n"},
        Case{"ByNamesAlone",
             whole(document("RHSA-2023:7435"),
                   tree(kBash, component("L:a", "openssl-libs-1:1.0.2k-19.el8.i686", "L") + "," +
                                   component("L:b", "tzdata-0:2023c-1.el8.noarch", "L")),
                   hole(R"("product_status":{"fixed":["L:a","L:b"]})")),
             "redhat el8 openssl-libs fixed 1:1.0.2k-19.el8 RHSA-2023:7435 CVE-2023-37920 Moderate i686 "
             "2023-11-21\n"
             "redhat el8 tzdata fixed 2023c-1.el8 RHSA-2023:7435 CVE-2023-37920 Moderate - 2023-11-21\n"
             "RHSA-2023:7435 2024-08-11 4 2\n"},
        Case{"WhatIsNoPackage",
             whole(document("RHSA-2023:7435"),
                   tree(product("O", R"("purl":"pkg:oci/image@sha256:1")"),
                        component("L:O", "O", "L") + "," + component("L:i", "rhel8/image", "L")),
                   hole(R"("product_status":{"fixed":["L:O","L:i","L","B","L:y"]})")),
             "RHSA-2023:7435 2024-08-11 4 0; product that is no rpm 2; product without a known platform 3\n"},
        Case{"FixedInNoVersion",
             whole(document("RHSA-2023:7435"), kTree, hole(R"("product_status":{"fixed":["L:x"]})")),
             "RHSA-2023:7435 2024-08-11 4 0; fixed in a version that is not said 1\n"},
        Case{"Suse",
             whole(document("SUSE-SU-2023:1-1", "https://www.suse.com/"),
                   tree(product("SL", R"("cpe":"cpe:/o:suse:sles:15:sp4")"),
                        component("SL:bash", "bash-4.4-150400.25.22.x86_64", "SL")),
                   hole(R"("product_status":{"recommended":["SL:bash"],"fixed":["SL:bash"]})")),
             "suse sles-15-sp4 bash fixed 4.4-150400.25.22 SUSE-SU-2023:1-1 CVE-2023-37920 Moderate x86_64 "
             "2023-11-21\n"
             "SUSE-SU-2023:1-1 2024-08-11 4 1\n"},
        Case{"OtherPublisher", whole(document("X-1", "https://example.org"), kTree, kFixed),
             "CSAF of a publisher other than Red Hat and SUSE"},
        Case{"NoDocument", "{" + kTree + "}", "no CSAF document"},
        Case{"NoTracking", R"({"document":{"publisher":{"namespace":"https://www.redhat.com"}}})",
             "a document without tracking/id"},
        Case{"PlatformsInACircle",
             whole(document("RHSA-2023:7435"),
                   tree(kBash, component("a", "B", "b") + "," + component("b", "B", "a")),
                   hole(R"("product_status":{"fixed":["a"]})")),
             "RHSA-2023:7435 2024-08-11 4 0; product without a known platform 1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(CsafFormat, TooManyRecordsAreRefused) {
  const std::string text = whole(document("RHSA-2023:7435"), kTree, kFixed);
  EXPECT_EQ(
      told(describe(), "x.json", text, {.max_records = 1}).find("more than 1 records") != std::string::npos,
      true);
}

}  // namespace
}  // namespace bansoko::feed::csaf
