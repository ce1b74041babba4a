// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_text.h"
#include "tests/cases.h"

namespace bansoko::feed {
namespace endoflife {
const FeedFormat& describe();
}

namespace {

struct Case {
  const char* name;
  std::string file_name, text, reading;
};

class SupportFeeds : public testing::TestWithParam<Case> {};

TEST_P(SupportFeeds, AreRead) {
  EXPECT_EQ(reading_of(endoflife::describe(), GetParam().file_name, GetParam().text), GetParam().reading);
}

std::string markdown(const std::string& yaml) {
  return "---\ntitle: Windows Server\npermalink: /windows-server\n" + yaml +
         "\n---\n\n> [Windows](x) is: a text\n";
}

INSTANTIATE_TEST_SUITE_P(
    Markdown, SupportFeeds,
    testing::Values(
        Case{"Release", "windows-server.md",
             markdown("releaseLabel: \"Windows Server __RELEASE_CYCLE__\"\nreleases:\n  - releaseCycle: "
                      "\"2003-sp2\" # x\n"
                      "    releaseDate: 2007-03-13\n    lts: true\n    eoas: 2010-07-13 # a comment\n    "
                      "eol: 2015-07-14\n"
                      "    latest: 5.2.3790\n    link: https://x/__LATEST__\n"),
             "windows-server 2003-sp2 'Windows Server 2003-sp2' 2007-03-13 2010-07-13 2015-07-14 - 5.2.3790 "
             "https://x/5.2.3790\n[windows-server] -  1"},
        Case{"LabelOfItsOwn", "a.md",
             markdown("releases:\n  - releaseCycle: '7'\n    releaseLabel: \"7 '__CODENAME__'\"\n    "
                      "codename: wheezy\n    eol: true\n"
                      "    eoes: 2020-06-30\n"),
             "windows-server 7 '7 'wheezy'' - - - 2020-06-30 ended  \n[windows-server] -  1"},
        Case{"StillSupported", "a.md",
             markdown("releases:\n  - releaseCycle: \"8\"\n    eol: false\n    eoas: true\n"),
             "windows-server 8 '8' - - - -  \n[windows-server] -  1"},
        Case{"NoDate", "a.md", markdown("releases:\n  - releaseCycle: \"8\"\n    eol: soon\n  - eol: true\n"),
             "windows-server 8 '8' - - - -  \n[windows-server] -  1; 1 releases without a name; 1 values "
             "that are no date"},
        Case{"NoReleases", "a.md", markdown("x: 1"), "line 2: it has no list 'releases'"},
        Case{"NoRelease", "a.md", markdown("releases:\n  - 7"), "line 5: no release"},
        Case{"Alias", "a.md", markdown("x: &a [1]\nreleases: [*a]"),
             "line 4: anchors (&name) are not used here"},
        Case{"Brackets", "a.md", markdown("releases: " + std::string(40, '[')),
             "line 4: more than 32 brackets"},
        Case{"Cut", "a.md", "---\ntitle: x\nreleases:\n  - rel",
             "what stands before the text has no end ('---')"},
        Case{"EndsWithTheFacts", "a.md", "---\ntitle: x\nreleases: []\n---", "[a] -  0"}),
    by_name);

const std::string kRelease =
    R"({"name":"24.04","label":"24.04 LTS","releaseDate":"2024-04-25","isEol":false,"eolFrom":"2029-04-25",)"
    R"("eoasFrom":"2028-04-25","eoesFrom":"2036-04-25","latest":{"name":"24.04.2","link":"https://x"}})";

INSTANTIATE_TEST_SUITE_P(
    Api, SupportFeeds,
    testing::Values(
        Case{"Full", "full",
             R"({"schema_version":"1.2.0","generated_at":"2025-07-02T00:53:29+00:00","total":1,)"
             R"("result":[{"name":"ubuntu","releases":[)" +
                 kRelease + R"(,{"name":"4","isEol":true}]}]})",
             "ubuntu 24.04 '24.04 LTS' 2024-04-25 2028-04-25 2029-04-25 2036-04-25 24.04.2 https://x\nubuntu "
             "4 '4' - - - - "
             "ended  \n[] 2025-07-02 1.2.0 2"},
        Case{"OneProduct", "ubuntu.json",
             R"({"schema_version":"1.2.0","result":{"name":"ubuntu","releases":[)" + kRelease + "]}}",
             "ubuntu 24.04 '24.04 LTS' 2024-04-25 2028-04-25 2029-04-25 2036-04-25 24.04.2 "
             "https://x\n[ubuntu] - 1.2.0 1"},
        Case{
            "Version0", "python.json",
            R"([{"cycle":"3.11","releaseDate":"2022-10-24","eol":"2027-10-31","support":"2024-04-01","latest":"3.11.9"},)"
            R"({"cycle":8,"eol":true,"support":false}])",
            "python 3.11 '3.11' 2022-10-24 2024-04-01 2027-10-31 - 3.11.9 \npython 8 '8' - - - - ended  "
            "\n[python] -  2"},
        Case{"WithoutNames", "full",
             R"({"schema_version":"1","result":[{"releases":[]},{"name":"a","releases":[{}]}]})",
             "[] - 1 0; 1 products without a name; 1 releases without a name"}),
    by_name);

}  // namespace
}  // namespace bansoko::feed
