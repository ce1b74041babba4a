// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed {
namespace {

struct Published {
  std::string_view test;
  std::string_view path;
  std::string_view format;
  std::uint64_t files;
  std::uint64_t records;
};

class PublishedFeed : public testing::TestWithParam<Published> {};

std::vector<std::pair<std::string, std::string>> files_of(const std::string& path) {
  if (!path.ends_with(".xlsx")) return unpacked(path);
  std::ifstream file(path, std::ios::binary);
  return {{path, std::string(std::istreambuf_iterator<char>(file), {})}};
}

std::vector<const FeedFormat*> formats_of(std::string_view name, std::string_view head) {
  std::vector<const FeedFormat*> all;
  for (const FeedFormat* const format : all_formats())
    if (format->whole_archive == name.ends_with(".xlsx") && format->recognises(name, head))
      all.push_back(format);
  return all;
}

TEST_P(PublishedFeed, IsRecognisedByOneFormatAndRead) {
  const std::string path = sample(GetParam().path);
  if (path.empty()) GTEST_SKIP() << "no shared samples here";
  std::uint64_t files = 0, records = 0;
  for (const auto& [name, text] : files_of(path)) {
    const auto formats = formats_of(name, std::string_view(text).substr(0, 4096));
    ASSERT_EQ(formats.size(), 1U) << name;
    EXPECT_EQ(formats[0]->name, GetParam().format);
    KeptRecords kept;
    const auto stamp = read_text(*formats[0], name, text, kept);
    ASSERT_TRUE(stamp) << stamp.error().message;
    EXPECT_EQ(stamp->records, kept.count());
    EXPECT_TRUE(stamp->left_out.empty() || GetParam().format == "debian-oval") << text_of(*stamp);
    ++files;
    records += stamp->records;
  }
  EXPECT_EQ(files, GetParam().files);
  EXPECT_EQ(records, GetParam().records);
}

INSTANTIATE_TEST_SUITE_P(
    Shared, PublishedFeed,
    testing::Values(
        Published{"DebianOval", "debian-oval/oval-definitions-bullseye.xml.bz2", "debian-oval", 1, 5},
        Published{"DebianTracker", "debian-tracker-json/advisory.json", "debian-tracker", 1, 8},
        Published{"RedHatOvalOfALayeredProduct", "redhat-oval-v2/jboss-ws-5-including-unpatched.oval.xml.bz2",
                  "redhat-oval", 1, 2},
        Published{"RedHatOval", "redhat-oval-v2/rhel-9-including-unpatched.oval.xml.bz2", "redhat-oval", 1,
                  9},
        Published{"UbuntuOval", "ubuntu-oval/oci.com.ubuntu.jammy.cve.oval.xml.bz2", "ubuntu-oval", 1, 8},
        Published{"RedHatCsaf", "redhat-csaf/rhsa-2023_7435.json", "csaf", 1, 280},
        Published{"Osv", "osv-debian/all.zip", "osv", 3, 4},
        Published{"MsrcCvrf", "msrc-cvrf/2016-Apr", "msrc-cvrf", 1, 7},
        Published{"BulletinSearch", "bulletinsearch/BulletinSearch.xlsx", "bulletin-search", 1, 1},
        Published{"BulletinSearchOld", "bulletinsearch/BulletinSearch2001-2008.xlsx", "bulletin-search", 1,
                  3},
        Published{"JvnRss2021", "jvn-rss/jvndb_2021.rdf", "jvn-rss", 1, 1},
        Published{"JvnRss2022", "jvn-rss/jvndb_2022.rdf", "jvn-rss", 1, 3},
        Published{"JvnVuldef2021", "jvn-detail/jvndb_detail_2021.rdf", "jvn-vuldef", 1, 1},
        Published{"JvnVuldef2022", "jvn-detail/jvndb_detail_2022.rdf", "jvn-vuldef", 1, 2}),
    [](const auto& row) { return std::string(row.param.test); });

TEST(Feeds, WhatIsNoneIsRecognisedByNoFormat) {
  for (const std::string_view text : {"", "invalid", "{", "{}", "[]", "<a/>", "<!DOCTYPE oval_definitions>",
                                      "PK\x03\x04", "<rss version=\"2.0\"/>", "{\"id\":1}", "\xFF\xFE"})
    EXPECT_TRUE(formats_of("feed.json", text).empty()) << text;
}

}  // namespace
}  // namespace bansoko::feed
