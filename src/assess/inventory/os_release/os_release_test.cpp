// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"

namespace bansoko::inventory::os_release {

const Source& describe();

namespace {

struct Case {
  const char* name = "";
  const char* file = "";
  std::string text = {};
  std::string system = {};
  std::string said = {};
};

class OsRelease : public testing::TestWithParam<Case> {};

TEST_P(OsRelease, TellsTheSystem) {
  const Document document{GetParam().file, GetParam().text};
  EXPECT_EQ(source_of(document), &describe());
  const auto hosts = describe().read(document, {});
  ASSERT_TRUE(hosts);
  EXPECT_EQ(system_of(hosts->front()), GetParam().system);
  EXPECT_EQ(hosts->front().os.name, GetParam().said);
  EXPECT_EQ(hosts->front().lacks(assess::Gap::no_os), hosts->front().os.product.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Texts, OsRelease,
    testing::Values(
        Case{"Debian", "/etc/os-release",
             "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n",
             "debian:debian_linux 12", "Debian GNU/Linux 12 (bookworm)"},
        Case{"Ubuntu", "x", "NAME='Ubuntu'\n# a remark\nVERSION_ID='22.04'\nID=ubuntu\nID_LIKE=debian\n",
             "canonical:ubuntu_linux 22.04", "Ubuntu"},
        Case{"Rhel", "etc_os-release.txt", "ID=\"rhel\"\nVERSION_ID=\"8.6\"\n", "redhat:enterprise_linux 8.6",
             "rhel"},
        Case{"Oracle", "os-release", "ID=\"ol\"\nVERSION_ID=\"7.9\"\n", "oracle:linux 7.9", "ol"},
        Case{"Sles", "os-release", "ID=\"sles\"\nVERSION_ID=\"12.5\"\n", "suse:linux_enterprise_server 12.5",
             "sles"},
        Case{"Leap", "os-release", "ID=\"opensuse-leap\"\nVERSION_ID=\"15.4\"\n", "opensuse:leap 15.4",
             "opensuse-leap"},
        Case{"Amazon", "os-release", "ID=\"amzn\"\nVERSION_ID=\"2\"\n", "amazon:amazon_linux 2", "amzn"},
        Case{"Unknown", "os-release", "ID=homemade\nVERSION_ID=1\n", " 1", "homemade"},
        Case{"WindowsLineEnds", "os-release", "ID=fedora\r\nVERSION_ID=34\r\n", "fedoraproject:fedora 34",
             "fedora"},
        Case{"CentOs7", "/etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n",
             "centos:centos 7.9.2009", "CentOS Linux release 7.9.2009 (Core)"},
        Case{"CentOs5", "redhat-release", "CentOS release 5.11 (Final)\n", "centos:centos 5.11",
             "CentOS release 5.11 (Final)"},
        Case{"Rhel5", "redhat-release", "Red Hat Enterprise Linux Server release 5.8 (Tikanga)\n",
             "redhat:enterprise_linux 5.8", "Red Hat Enterprise Linux Server release 5.8 (Tikanga)"},
        Case{"Rhel4", "redhat-release", "Red Hat Enterprise Linux AS release 4 (Nahant Update 8)\n",
             "redhat:enterprise_linux 4.8", "Red Hat Enterprise Linux AS release 4 (Nahant Update 8)"},
        Case{"Alma", "almalinux-release", "AlmaLinux release 8.4 (Electric Cheetah)\n",
             "almalinux:almalinux 8.4", "AlmaLinux release 8.4 (Electric Cheetah)"},
        Case{"Suse11", "SuSE-release",
             "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n",
             "suse:linux_enterprise_server 11.3", "SUSE Linux Enterprise Server 11 (x86_64)"},
        Case{"DebianVersion", "/mnt/etc/debian_version", "12.11\n", "debian:debian_linux 12.11",
             "Debian 12.11"},
        Case{"DebianBeforeItsRelease", "debian_version", "trixie/sid\n", " ", ""},
        Case{"Lsb", "/etc/lsb-release",
             "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\nDISTRIB_DESCRIPTION=\"Ubuntu 12.04.5 LTS\"\n",
             "canonical:ubuntu_linux 12.04", "Ubuntu 12.04.5 LTS"},
        Case{"ControlCharacters", "os-release", "ID=debian\nVERSION_ID=1\x1b[2J\n",
             "debian:debian_linux 1\\x1b[2J", "debian"},
        Case{"Empty", "os-release", "", " ", ""}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace bansoko::inventory::os_release
