// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/windows_names.h"

#include <gtest/gtest.h>

namespace bansoko::inventory {
namespace {

using assess::Arch;

struct Case {
  const char* name;
  const char* version;
  std::optional<bool> server;
  const char* product;
  const char* edition;
};

TEST(WindowsNames, NameAndVersionMakeAProduct) {
  for (const Case& of : std::initializer_list<Case>{
           {"Microsoft Windows NT Server", "4.0.1381", {}, "microsoft:windows_nt", ""},
           {"Microsoft Windows 2000 Advanced Server", "5.0.2195", {}, "microsoft:windows_2000", "enterprise"},
           {"Microsoft Windows 2000 Professional", "5.00.2195", {}, "microsoft:windows_2000", "professional"},
           {"Microsoft Windows XP Professional", "5.1.2600", {}, "microsoft:windows_xp", "professional"},
           {"Microsoft Windows XP Professional x64 Edition",
            "5.2.3790",
            {},
            "microsoft:windows_xp",
            "professional"},
           {"Windows Embedded POSReady 2009", "5.1.2600", {}, "microsoft:windows_xp", "embedded"},
           {"Microsoft(R) Windows(R) Server 2003, Standard Edition",
            "5.2.3790",
            {},
            "microsoft:windows_server_2003",
            "standard"},
           {"Microsoft(R) Windows(R) Server 2003, Web Edition",
            "5.2.3790",
            {},
            "microsoft:windows_server_2003",
            "web"},
           {"Microsoft(R) Windows(R) Server 2003 Enterprise x64 Edition",
            "5.2.3790",
            {},
            "microsoft:windows_server_2003",
            "enterprise"},
           {"Microsoft® Windows® Storage Server 2003",
            "5.2.3790",
            {},
            "microsoft:windows_server_2003",
            "storage"},
           {"Microsoft\xc2\xae Windows Vista\xe2\x84\xa2 Business",
            "6.0.6002",
            {},
            "microsoft:windows_vista",
            "business"},
           {"Microsoftr Windows VistaT Enterprise", "6.0.6001", {}, "microsoft:windows_vista", "enterprise"},
           {"Microsoftr Windows Serverr 2008 Standard",
            "6.0.6001",
            {},
            "microsoft:windows_server_2008",
            "standard"},
           {"Microsoft Windows Server 2008 R2 Datacenter",
            "6.1.7601",
            {},
            "microsoft:windows_server_2008_r2",
            "datacenter"},
           {"Microsoft Windows 7 Entreprise N", "6.1.7601", {}, "microsoft:windows_7", "enterprise"},
           {"Windows Embedded Standard", "6.1.7601", false, "microsoft:windows_7", "embedded"},
           {"Microsoft Windows Server 2012 Foundation",
            "6.2.9200",
            {},
            "microsoft:windows_server_2012",
            "foundation"},
           {"Microsoft Windows Server 2012 R2 Essentials",
            "6.3.9600",
            {},
            "microsoft:windows_server_2012_r2",
            "essentials"},
           {"Microsoft Windows 8", "6.2.9200", {}, "microsoft:windows_8", ""},
           {"Microsoft Windows 8.1 Pro", "6.3.9600", {}, "microsoft:windows_8.1", "professional"},
           {"Microsoft Windows 10 Enterprise LTSC 2019", "10.0.17763", {}, "microsoft:windows_10", "ltsc"},
           {"Windows 10 Enterprise 2016 LTSB", "10.0.14393", {}, "microsoft:windows_10", "ltsc"},
           {"Windows 10 IoT Enterprise LTSC", "10.0.19044", {}, "microsoft:windows_10", "iot_ltsc"},
           {"Windows 10 IoT Enterprise", "10.0.19045", {}, "microsoft:windows_10", "enterprise"},
           {"Windows 10 Pro", "10.0.22631", false, "microsoft:windows_11", "professional"},
           {"Microsoft Windows Server 2016 Datacenter",
            "10.0.14393",
            {},
            "microsoft:windows_server_2016",
            "datacenter"},
           {"Microsoft Hyper-V Server 2019", "10.0.17763", {}, "microsoft:windows_server_2019", "hyper-v"},
           {"Microsoft Windows Server Datacenter",
            "10.0.18363",
            {},
            "microsoft:windows_server_1909",
            "datacenter"},
           {"Microsoft Windows Server 2022 Standard",
            "10.0.20348",
            {},
            "microsoft:windows_server_2022",
            "standard"},
           {"Microsoft Windows Server 2025 Standard",
            "10.0.26100",
            {},
            "microsoft:windows_server_2025",
            "standard"},
           {"Microsoft Windows 11 Enterprise", "10.0.26100", {}, "microsoft:windows_11", "enterprise"},
           {"", "6.1.7601", true, "microsoft:windows_server_2008_r2", ""},
           {"", "6.1.7601", {}, "", ""},
           {"Linux", "5.10.0", {}, "", ""}}) {
    assess::OperatingSystem os;
    EXPECT_TRUE(identify_windows({of.name, of.version, of.server}, os)) << of.name;
    EXPECT_EQ(os.product, of.product) << of.name << of.version;
    EXPECT_EQ(os.edition, of.edition) << of.name;
  }
}

TEST(WindowsNames, WhatDiffersIsTold) {
  assess::OperatingSystem os;
  EXPECT_FALSE(identify_windows({"Microsoft Windows Server 2003", "6.1.7601", {}}, os));
  EXPECT_EQ(os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(windows_candidates(*windows_version("6.1.7601")), "Windows 7 or Windows Server 2008 R2");
}

TEST(WindowsNames, R2AndRevision) {
  assess::OperatingSystem os;
  EXPECT_TRUE(
      identify_windows({"Microsoft(R) Windows(R) Server 2003 R2, Standard Edition", "5.2.3790", {}}, os));
  EXPECT_TRUE(os.r2);
  EXPECT_TRUE(identify_windows({"", "10.0.17763.316", {}}, os));
  EXPECT_EQ(os.revision, 316U);
}

TEST(WindowsNames, Processors) {
  EXPECT_EQ(windows_arch("X86-based PC"), Arch::x86);
  EXPECT_EQ(windows_arch("x64-basierter PC"), Arch::x64);
  EXPECT_EQ(windows_arch("Itanium-based System"), Arch::ia64);
  EXPECT_EQ(windows_arch("ARM64-based PC"), Arch::arm64);
  EXPECT_EQ(windows_arch("64 ビット"), Arch::x64);
  EXPECT_EQ(windows_arch("32-bit"), Arch::x86);
  EXPECT_EQ(windows_arch("Intel(R) Xeon"), Arch::unknown);
}

TEST(WindowsNames, VersionsThatAreNone) {
  for (const char* const text : {"", "5", "5.2", "5.2.", "a.b.c", "99999999999.1.1"})
    EXPECT_FALSE(windows_version(text)) << text;
  EXPECT_EQ(windows_language(1041), "ja");
  EXPECT_EQ(windows_language(0x3ff), "");
}

}  // namespace
}  // namespace bansoko::inventory
