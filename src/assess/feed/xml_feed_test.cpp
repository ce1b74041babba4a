// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/xml_feed.h"

#include <gtest/gtest.h>

#include "assess/feed/microsoft.h"
#include "assess/feed/releases.h"

namespace bansoko::feed {
namespace {

TEST(XmlRoot, IsSeenInTheFirstBytes) {
  EXPECT_EQ(xml_root("<a b='1'/>"), "a");
  EXPECT_EQ(xml_root("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <b> -->\n<x:a>"), "a");
  for (const std::string_view none : {"", "a", "{", "<?xml", "<!-- <a>", "<!DOCTYPE a><a/>", " "})
    EXPECT_EQ(xml_root(none), "") << none;
}

TEST(FeedText, Cves) {
  for (const std::string_view cve : {"CVE-2008-4250", "CVE-2021-44228", "CVE-1999-0003", "CVE-2025-1234567"})
    EXPECT_TRUE(is_cve(cve));
  for (const std::string_view none : {"", "CVE-", "CVE-2008-425", "cve-2008-4250", "CVE-2008-4250x",
                                      "CVE-20x8-4250", "CVE-2008_4250", "CWE-2008-4250"})
    EXPECT_FALSE(is_cve(none)) << none;
}

TEST(FeedText, FileStems) {
  EXPECT_EQ(file_stem("v2/rhel-9.oval.xml.bz2"), "rhel-9");
  EXPECT_EQ(file_stem("https://jvndb.jvn.jp/ja/rss/years/jvndb_2021.rdf"), "jvndb_2021");
  EXPECT_EQ(file_stem("2016-Apr"), "2016-Apr");
  EXPECT_EQ(file_stem(".xml"), ".xml");
}

TEST(FeedText, Scores) {
  EXPECT_EQ(score_of("9.3"), 9.3);
  EXPECT_EQ(score_of("10"), 10.0);
  for (const std::string_view none : {"", "x", "-1", "10.1", "nan", "inf"})
    EXPECT_FALSE(score_of(none)) << none;
}

TEST(FeedText, HtmlAsPlainText) {
  EXPECT_EQ(plain_text("<p>An  attacker\n&amp; a <b>host</b>.</p>\n<p>End"), "An attacker & a host . End");
  EXPECT_EQ(plain_text("a &lt;b&gt; &unknown; &#39;c&#39;"), "a <b> &unknown; 'c'");
  EXPECT_EQ(plain_text("<p"), "");
}

TEST(Microsoft, Kbs) {
  EXPECT_EQ(kb_of(" KB3147461 "), "3147461");
  EXPECT_EQ(kb_of("Q307454"), "307454");
  EXPECT_EQ(kb_of("Release Notes"), "");
  EXPECT_EQ(kb_of("123"), "");
  EXPECT_EQ(kbs_in("MS07-042[936021],MS06-061[924191], 936021"),
            (std::vector<std::string>{"936021", "924191"}));
  EXPECT_EQ(kbs_in("MS01-052; 123456789"), std::vector<std::string>{});
}

TEST(Releases, Debian) {
  EXPECT_EQ(debian_release("11"), "bullseye");
  EXPECT_EQ(debian_release("6.0"), "squeeze");
  EXPECT_EQ(debian_release("3.0"), "woody");
  EXPECT_EQ(debian_release("3.1"), "sarge");
  EXPECT_EQ(debian_release("99"), "99");
  EXPECT_EQ(debian_release(""), "");
}

TEST(Releases, Ubuntu) {
  EXPECT_EQ(ubuntu_release("Ubuntu 22.04 LTS"), "22.04");
  EXPECT_EQ(ubuntu_release("22.04:LTS"), "22.04");
  EXPECT_EQ(ubuntu_release("Ubuntu 14.04.6 LTS"), "14.04");
  EXPECT_EQ(ubuntu_release("Ubuntu 6.06 LTS"), "6.06");
  EXPECT_EQ(ubuntu_release("Ubuntu"), "");
}

TEST(Releases, RedHatAndSuse) {
  EXPECT_EQ(cpe_release("cpe:/a:redhat:enterprise_linux:9::appstream"), "el9");
  EXPECT_EQ(cpe_release("cpe:/o:redhat:enterprise_linux:10.0"), "el10");
  EXPECT_EQ(cpe_release("cpe:/o:redhat:enterprise_linux:7::server"), "el7");
  EXPECT_EQ(cpe_release("cpe:/a:redhat:rhel_eus:8.2::appstream"), "rhel_eus-8.2-el8");
  EXPECT_EQ(cpe_release("cpe:/a:redhat:openshift:4.13::el8"), "openshift-4.13-el8");
  EXPECT_EQ(cpe_release("cpe:/a:redhat:rhel_software_collections:3::el7"), "rhel_software_collections-3-el7");
  EXPECT_EQ(cpe_release("cpe:/o:suse:sles:15:sp4"), "sles-15-sp4");
  EXPECT_EQ(cpe_release("cpe:/o:suse:sle-module-basesystem:15:sp4"), "sles-15-sp4");
  EXPECT_EQ(cpe_release("cpe:/o:suse:suse_sles:11:sp4"), "sles-11-sp4");
  EXPECT_EQ(cpe_release("cpe:/o:opensuse:leap:15.5"), "leap-15.5");
  EXPECT_EQ(suse_release("Linux Enterprise Server 15 SP4"), "sles-15-sp4");
  EXPECT_EQ(suse_release("Linux Enterprise Server 11"), "sles-11");
  EXPECT_EQ(suse_release("Linux Enterprise Server 12 SP5-LTSS"), "sles-12-sp5-ltss");
  EXPECT_EQ(suse_release("Linux Enterprise Module for Basesystem 15 SP4"), "sles-15-sp4");
  EXPECT_EQ(suse_release("Linux Enterprise Server for SAP Applications 15 SP4"),
            "linux enterprise server for sap applications 15 sp4");
  EXPECT_EQ(suse_release("Leap 15.5"), "leap-15.5");
  EXPECT_EQ(suse_release(""), "");
  for (const std::string_view none : {"", "cpe:/a:redhat", "cpe:/a:apache:http_server:2.4", "x:::::"})
    EXPECT_EQ(cpe_release(none), "") << none;
}

}  // namespace
}  // namespace bansoko::feed
