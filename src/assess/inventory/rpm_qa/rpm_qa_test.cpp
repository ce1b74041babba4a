// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"

namespace bansoko::inventory::rpm_qa {

const Source& describe();

namespace {

struct Case {
  const char* name = "";
  std::string text = {};
  std::string packages = {};
  std::string cut = {};
};

class RpmQa : public testing::TestWithParam<Case> {};

TEST_P(RpmQa, TellsWhatIsInstalled) {
  const Document document{"rpm.txt", GetParam().text};
  EXPECT_EQ(source_of(document), &describe());
  const auto hosts = describe().read(document, {});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(packages_of(hosts->front()), GetParam().packages);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::packages_cut), GetParam().cut);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, RpmQa,
    testing::Values(
        Case{"Plain", "bash-4.2.46-34.el7.x86_64\npython-urlgrabber-3.10-8.el7.noarch\n",
             "bash 4.2.46-34.el7 x86_64; python-urlgrabber 3.10-8.el7 noarch", ""},
        Case{"WithoutArchitecture", "bash-3.2-33.el5\nbind-libs-9.3.6-25.P1.el5_11.8\n",
             "bash 3.2-33.el5; bind-libs 9.3.6-25.P1.el5_11.8", ""},
        Case{"Keys", "gpg-pubkey-f4a80eb5-53a7ff4b\nbash-4.2.46-34.el7.x86_64\n",
             "gpg-pubkey f4a80eb5-53a7ff4b; bash 4.2.46-34.el7 x86_64", ""},
        Case{"Epoch", "tar-2:1.15.1-32.el5_8.x86_64\n1:termcap-5.5-1.noarch\nbash-(none):4.2-1.x86_64\n",
             "tar 2:1.15.1-32.el5_8 x86_64; termcap 1:5.5-1 noarch; bash 4.2-1 x86_64", ""},
        Case{"Columns",
             "tar\t2\t1.15.1\t32.el5_8\tx86_64\ttar-1.15.1-32.el5_8.src.rpm\n"
             "gpg-pubkey\t(none)\tf4a80eb5\t53a7ff4b\t(none)\t(none)\n",
             "tar 2:1.15.1-32.el5_8 x86_64 <tar 1.15.1-32.el5_8>; gpg-pubkey f4a80eb5-53a7ff4b", ""},
        Case{"ColumnsOfBlanks", "openssl-libs 1 1.0.2k 19.el7 x86_64\n",
             "openssl-libs 1:1.0.2k-19.el7 x86_64", ""},
        Case{"Last", "bash-4.2.46-34.el7.x86_64        Tue 01 Jan 2019 10:11:12 AM JST\n",
             "bash 4.2.46-34.el7 x86_64", ""},
        Case{"CutInTheMiddle", "bash-4.2.46-34.el7.x86_64\nopenssl-libs-1.0.2k-19.e",
             "bash 4.2.46-34.el7 x86_64", "the list ends within a line"},
        Case{"Errors",
             "a-1-1.x86_64\nb-1-1.x86_64\nc-1-1.x86_64\nd-1-1.x86_64\ne-1-1.x86_64\nf-1-1.x86_64\ng-1-1.x86_"
             "64\n"
             "h-1-1.x86_64\ni-1-1.x86_64\nj-1-1.x86_64\nerror: rpmdb: damaged header instance #123\n",
             "a 1-1 x86_64; b 1-1 x86_64; c 1-1 x86_64; d 1-1 x86_64; e 1-1 x86_64; f 1-1 x86_64; g 1-1 "
             "x86_64; "
             "h 1-1 x86_64; i 1-1 x86_64; j 1-1 x86_64",
             "a line is no package"}),
    [](const auto& row) { return row.param.name; });

TEST(RpmQaRecognises, NotTextOfOtherKinds) {
  for (const char* const text : {"", "hello world\n", "Host Name: X\n", "a,b,c\n", "PermitRootLogin yes\n",
                                 "2019-01-01 10:00:00\n", "foo-bar\n"})
    EXPECT_FALSE(describe().recognises({"x.txt", text})) << text;
}

struct SharedCase {
  const char* file = "";
  std::size_t packages = 0;
  const char* system = "";
};

class SharedRpmQa : public testing::TestWithParam<SharedCase> {};

TEST_P(SharedRpmQa, IsRead) {
  const auto document = shared_document(std::string("rpm_qa/") + GetParam().file);
  if (!document) GTEST_SKIP() << "the shared inventories are not on this machine";
  ASSERT_EQ(source_of(*document), &describe());
  const auto hosts = describe().read(*document, {});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(hosts->front().components.size(), GetParam().packages);
  EXPECT_EQ(system_of(hosts->front()), GetParam().system);
  EXPECT_EQ(hosts->front().os.arch, assess::Arch::x64);
  EXPECT_TRUE(hosts->front().missing.empty());
}

INSTANTIATE_TEST_SUITE_P(Images, SharedRpmQa,
                         testing::Values(SharedCase{"CentOS5Plain.tsv", 110, "centos:centos 5.11"},
                                         SharedCase{"CentOS7Plain.tsv", 144, "centos:centos 7.5.1804"},
                                         SharedCase{"SLE15WithNDB.tsv", 35,
                                                    "suse:linux_enterprise_server 15.3"}),
                         [](const auto& row) { return "File" + std::to_string(row.index); });

}  // namespace
}  // namespace bansoko::inventory::rpm_qa
