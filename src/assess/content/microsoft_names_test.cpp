// SPDX-License-Identifier: Apache-2.0
#include "assess/content/microsoft_names.h"

#include <string>
#include <vector>

#include "assess/content/content.h"
#include "tests/cases.h"
#include "tests/source_folder.h"

namespace bansoko::content {
namespace {

using assess::Arch;

const Content& shipped() {
  static const Content content = [] {
    settings::Faults faults;
    return read_content(source_folder() + "/content", faults);
  }();
  return content;
}

/// What was understood, in one line.
std::string told(const MicrosoftName& name) {
  constexpr std::array<std::string_view, 6> kArchs{"-", "x86", "x64", "ia64", "arm64", "other"};
  std::string text = name.product + " " + std::string(kArchs.at(static_cast<std::size_t>(name.arch)));
  if (name.service_pack) text += " sp" + std::to_string(*name.service_pack);
  if (name.r2) text += " r2";
  if (name.server_core) text += " core";
  for (const auto& [label, value] :
       std::vector<std::pair<std::string, std::string>>{{"version", name.version},
                                                        {"edition", name.edition},
                                                        {"update", name.update},
                                                        {"branch", name.branch},
                                                        {"on it", name.component},
                                                        {"is", name.component_product},
                                                        {"of", name.component_version},
                                                        {"rest", name.rest}})
    if (!value.empty()) text += " " + label + ":" + value;
  return text;
}

struct Case {
  std::string name;
  std::string row;
  std::string told;
};

class MicrosoftRow : public testing::TestWithParam<Case> {};

TEST_P(MicrosoftRow, IsTakenApart) {
  EXPECT_EQ(told(MicrosoftNames(shipped().products).parse(GetParam().row)), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    Content, MicrosoftRow,
    testing::Values(
        Case{"Server2003", "Microsoft Windows Server 2003 Service Pack 2",
             "microsoft:windows_server_2003 x86 sp2"},
        Case{"X64Edition", "Microsoft Windows Server 2003 x64 Edition Service Pack 2",
             "microsoft:windows_server_2003 x64 sp2"},
        Case{"X64AsReleased", "Microsoft Windows Server 2003 x64 Edition",
             "microsoft:windows_server_2003 x64 sp1"},
        Case{"Itanium", "Microsoft Windows Server 2003 for Itanium-based Systems Service Pack 1",
             "microsoft:windows_server_2003 ia64 sp1"},
        Case{"Server2003R2", "Windows Server 2003 R2 x64 Edition Service Pack 2",
             "microsoft:windows_server_2003 x64 sp2 r2"},
        Case{"Windows2000", "Microsoft Windows 2000 Service Pack 4", "microsoft:windows_2000 x86 sp4"},
        Case{"XpTablet", "Microsoft Windows XP Tablet PC Edition 2005 Service Pack 3",
             "microsoft:windows_xp x86 sp3 edition:tablet pc edition 2005"},
        Case{"XpX64", "Microsoft Windows XP Professional x64 Edition Service Pack 2",
             "microsoft:windows_xp x64 sp2 edition:professional"},
        Case{"ServerCore", "Windows Server 2008 for 32-bit Systems Service Pack 2 (Server Core installation)",
             "microsoft:windows_server_2008 x86 sp2 core"},
        Case{"Server2008AsReleased", "Windows Server 2008 for x64-based Systems",
             "microsoft:windows_server_2008 x64 sp1"},
        Case{"Server2008R2", "Windows Server 2008 R2 for Itanium-Based Systems Service Pack 1",
             "microsoft:windows_server_2008_r2 ia64 sp1"},
        Case{"Server2012R2", "Windows Server 2012 R2 (server core installation)",
             "microsoft:windows_server_2012_r2 x64 core"},
        Case{"BlanksAtTheEnd", "Windows Server 2016  ", "microsoft:windows_server_2016 x64"},
        Case{"VersionOfServer", "Windows Server, version 20H2 (Server Core Installation)",
             "microsoft:windows_server_20h2 x64 core"},
        Case{"Edition23H2", "Windows Server 2022, 23H2 Edition (Server Core installation)",
             "microsoft:windows_server_2022_23h2 x64 core"},
        Case{"Windows10", "Windows 10 Version 1809 for ARM64-based Systems",
             "microsoft:windows_10 arm64 version:1809"},
        Case{"ComponentOnServer", "Internet Explorer 11 on Windows Server 2012 R2",
             "microsoft:windows_server_2012_r2 x64 on it:internet explorer 11 is:microsoft:internet_explorer "
             "of:11"},
        Case{"TwoVersionsOnOne", "Microsoft .NET Framework 3.5 AND 4.8 on Windows Server 2019",
             "microsoft:windows_server_2019 x64 on it:microsoft .net framework 3.5 and 4.8 "
             "is:microsoft:.net_framework of:3.5 and 4.8"},
        Case{"UnknownComponent", "Raw Image Extension on Windows 10 Version 1607 for x64-based Systems",
             "microsoft:windows_10 x64 version:1607 on it:raw image extension"},
        Case{"WhenInstalledOn", "Microsoft Silverlight 4 when installed on Microsoft Windows 2000",
             "microsoft:windows_2000 x86 sp0 on it:microsoft silverlight 4 is:microsoft:silverlight of:4"},
        Case{"SqlServer", "Microsoft SQL Server 2008 R2 for x64-based Systems Service Pack 3 (QFE)",
             "microsoft:sql_server x64 sp3 version:2008 r2 branch:qfe"},
        Case{"SqlServerCu", "Microsoft SQL Server 2014 Service Pack 3 for 32-bit Systems (CU 4)",
             "microsoft:sql_server x86 sp3 version:2014 branch:cu 4"},
        Case{"Exchange", "Microsoft Exchange Server 2016 Cumulative Update 23",
             "microsoft:exchange_server - version:2016 update:cumulative update 23"},
        Case{"NotOurs", "Microsoft Dynamics 365", " - rest:dynamics 365"},
        Case{"HalfUnderstood", "Windows Server 2012 for submarines",
             "microsoft:windows_server_2012 x64 rest:for submarines"},
        Case{"NameInAWord", "Windows 7000", " - rest:windows 7000"},
        Case{"OnLinux", "Microsoft ODBC Driver 17 for SQL Server on Linux",
             " - rest:odbc driver 17 for sql server on linux"},
        Case{"Empty", "", " -"}, Case{"Blanks", " \t\r\n", " -"}),
    by_name);

}  // namespace
}  // namespace bansoko::content
