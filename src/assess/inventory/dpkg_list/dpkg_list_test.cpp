// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"

namespace bansoko::inventory::dpkg_list {

const Source& describe();

namespace {

const std::string kHeading =
    "Desired=Unknown/Install/Remove/Purge/Hold\n"
    "| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n"
    "|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n";

struct Case {
  const char* name = "";
  std::string text = {};
  std::string packages = {};
  std::string cut = {};
};

class DpkgList : public testing::TestWithParam<Case> {};

TEST_P(DpkgList, TellsWhatIsInstalled) {
  const Document document{"list.txt", GetParam().text};
  EXPECT_EQ(source_of(document), &describe());
  const auto hosts = describe().read(document, {});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(packages_of(hosts->front()), GetParam().packages);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::packages_cut), GetParam().cut);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DpkgList,
    testing::Values(
        Case{"Wide",
             kHeading + "||/ Name                Version       Architecture Description\n"
                        "+++-===================-=============-============-======================\n"
                        "ii  adduser             3.134         all          add and remove users\n"
                        "ii  libc6:amd64         2.36-9+deb12u10 amd64      GNU C Library\n"
                        "rc  old                 1.0           amd64        configuration is left\n"
                        "hi  held-longest-name-x 2.0           amd64        held\n"
                        "iU  new                 1.0           amd64        unpacked\n",
             "adduser 3.134 all; libc6 2.36-9+deb12u10 amd64; held-longest-name-x 2.0 amd64",
             "1 package unpacked but not configured, therefore not counted as installed (first: new)"},
        Case{"CutAtEightyColumns",
             kHeading + "||/ Name           Version      Architecture Description\n"
                        "+++-==============-============-============-=================================\n"
                        "ii  acl            2.2.52-2     amd64        Access control list utilities\n"
                        "ii  apt-transport- 1.0.9.8.4    amd64        https download transport for APT\n"
                        "ii  base-passwd    3.5.37+deb8u amd64        Debian base system master passwor\n"
                        "ii  bash-completio 1:2.1-4      all          programmable completion for the b\n",
             "acl 2.2.52-2 amd64; base-passwd  amd64",
             "a version is cut at the width of its column (COLUMNS=250 dpkg -l shows it); "
             "2 packages whose name is cut at the width of its column (COLUMNS=250 dpkg -l shows it) (first: "
             "apt-transport-)"},
        Case{"OldWithoutArchitecture",
             "||/ Name           Version        Description\n"
             "+++-==============-==============-============================================\n"
             "ii  adduser        3.112+nmu2     add and remove users and groups\n"
             "ii  libapache2-mod 2.2.16-6+squee Apache module\n",
             "adduser 3.112+nmu2",
             "1 package whose name is cut at the width of its column (COLUMNS=250 dpkg -l shows it) (first: "
             "libapache2-mod)"},
        Case{"InAnotherLanguage",
             "要望=(U)不明/(I)インストール\n"
             "||/ 名前    バージョン アーキテクチャ 説明\n"
             "+++-=======-==========-============-=====\n"
             "ii  adduser 3.134      all          add\n",
             "adduser 3.134 all", ""},
        Case{"WithoutHeading", "ii  adduser  3.134  all  add and remove users\nii  acl 2.3.1-3 amd64 x\n",
             "adduser 3.134 all; acl 2.3.1-3 amd64", ""},
        Case{"NoName", "ii  :amd64 1 amd64 x\n", "", "1 package without a name or a version (first: :amd64)"},
        Case{"CutInTheMiddle", "ii  adduser  3.134  all  add and remove users\nii  acl 2.3.",
             "adduser 3.134 all; acl 2.3.", "the list ends within line 2"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace bansoko::inventory::dpkg_list
