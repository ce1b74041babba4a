// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "assess/inventory/inventory.h"
#include "assess/inventory/reader.h"
#include "assess/inventory/test_data.h"

namespace bansoko::inventory {
namespace {

constexpr std::string_view kReg =
    "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n\r\n";

/// What each step of tools/bansoko-collect.cmd writes, and the source that reads it.
struct Written {
  std::string_view source, text;
};

const std::map<std::string, Written>& written() {
  static const std::map<std::string, Written> all{
      {"collect.log",
       {"collect_log", "bansoko-collect 1\r\nhost WEB01\r\nok ver.txt\r\nabsent reg_iis.reg\r\nend\r\n"}},
      {"ver.txt", {"wmic_os", "\r\nMicrosoft Windows [Version 5.2.3790]\r\n"}},
      {"systeminfo.txt",
       {"systeminfo",
        "\r\nHost Name:  WEB01\r\nOS Name:  Microsoft(R) Windows(R) Server 2003, Standard Edition\r\n"
        "OS Version:  5.2.3790 Service Pack 2 Build 3790\r\n"}},
      {"os.txt",
       {"wmic_os",
        "\r\r\n\r\r\nBuildNumber=3790\r\r\nCaption=Microsoft(R) Windows(R) Server 2003, Standard "
        "Edition\r\r\n"
        "CSDVersion=Service Pack 2\r\r\nCSName=WEB01\r\r\nVersion=5.2.3790\r\r\n\r\r\n"}},
      {"qfe.txt",
       {"qfe", "\r\r\nCSName=WEB01\r\r\nHotFixID=KB958644\r\r\nServicePackInEffect=SP3\r\r\n\r\r\n"}},
      {"services.txt",
       {"services",
        "\r\r\nName=W3SVC\r\r\nPathName=C:\\x.exe\r\r\nStartMode=Auto\r\r\nState=Running\r\r\n\r\r\n"}},
      {"sc.txt",
       {"services",
        "\r\nSERVICE_NAME: W3SVC\r\nDISPLAY_NAME: World Wide Web\r\n        TYPE               : 20  "
        "WIN32_SHARE_PROCESS \r\n"
        "        STATE              : 4  RUNNING \r\n"}},
      {"tasklist.txt",
       {"services",
        "\r\nImage Name                   PID Services\r\n========================= ====== ====\r\n"
        "svchost.exe                  812 RpcSs\r\n"}},
      {"netstat.txt",
       {"netstat", "\r\nActive Connections\r\n\r\n  TCP    0.0.0.0:80   0.0.0.0:0   LISTENING   4\r\n"}},
      {"shares.txt",
       {"net_share",
        "\r\nShare name   Resource                        Remark\r\n\r\n"
        "-------------------------------------------------------------------------------\r\n"
        "IPC$                                         Remote IPC\r\n"
        "data         D:\\data                         \r\n"}},
      {"files.txt",
       {"file_versions",
        "\r\r\n\r\r\nName=c:\\windows\\system32\\drivers\\srv.sys\r\r\nVersion=5.2.3790.4392\r\r\n\r\r\n"}},
      {"reg_version.txt",
       {"reg_export",
        "\r\n! REG.EXE VERSION 3.0\r\n\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows "
        "NT\\CurrentVersion\r\n"
        "    CurrentVersion\tREG_SZ\t5.2\r\n"}},
      {"metabase.xml",
       {"iis_metabase",
        "<?xml version =\"1.0\"?>\r\n<configuration xmlns=\"urn:microsoft-catalog:XML_Metabase_V64_0\">\r\n"
        "<MBProperty><IIsWebService Location=\"/LM/W3SVC\" "
        "ScriptMaps=\".ida,C:\\WINDOWS\\idq.dll,7,GET\r\n.asp,C:\\a b.dll,5\"\r\n"
        " WebSvcExtRestrictionList=\"0,*.dll\r\n1,C:\\httpext.dll,0,WEBDAV,WebDAV\"></IIsWebService></"
        "MBProperty></configuration>\r\n"}},
  };
  return all;
}

std::filesystem::path script() {
  for (auto folder = std::filesystem::current_path();; folder = folder.parent_path()) {
    const auto found = folder / "tools/bansoko-collect.cmd";
    if (std::filesystem::exists(found) || folder == folder.parent_path()) return found;
  }
}

std::string script_text() {
  std::ifstream file(script(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The names of "…%OUT%\ver.txt…" and of ":export reg_x.reg".
std::set<std::string> names_it_writes(const std::string& text) {
  std::set<std::string> names;
  for (const std::string_view mark : {"%OUT%\\", "call :export ", "set LOG=%OUT%\\"})
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      const std::size_t from = at + mark.size();
      const std::string name = text.substr(from, text.find_first_of(" \"\r", from) - from);
      if (name != "%1") names.insert(name);
    }
  return names;
}

Written expected(const std::string& name) {
  const auto at = written().find(name);
  if (at != written().end()) return at->second;
  return name.ends_with(".reg") ? Written{"reg_export", kReg} : Written{};
}

TEST(Collect, WhateverItWritesIsReadByASource) {
  const auto names = names_it_writes(script_text());
  EXPECT_GT(names.size(), 30U);
  for (const auto& [name, text] : written()) EXPECT_TRUE(names.contains(name)) << name;
  for (const std::string& name : names) {
    const Written of = expected(name);
    const Document document{name, std::string(of.text)};
    const auto sources = all_sources();
    const auto found = std::find_if(sources.begin(), sources.end(),
                                    [&](const Source* one) { return one->recognises(document); });
    ASSERT_NE(found, sources.end()) << name;
    EXPECT_EQ((*found)->name, of.source) << name;
    EXPECT_TRUE((*found)->read(document, Limits{})) << name;
  }
}

TEST(Collect, IsWhatOldCommandProcessorsRead) {
  const std::string text = script_text();
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      ASSERT_TRUE(i > 0 && text[i - 1] == '\r') << "line " << line;
      ++line;
    }
    ASSERT_TRUE(text[i] == '\r' || text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~')) << "line " << line;
  }
  EXPECT_EQ(text.find("powershell"), std::string::npos);
}

TEST(Collect, ItsFolderBecomesOneHost) {
  std::vector<Document> documents;
  for (const auto& [name, of] : written()) documents.push_back({name, std::string(of.text)});
  documents.push_back({"notes.txt", "Please look at this.\r\n"});
  const Inventory made = read_documents(std::move(documents), "bansoko-WEB01", ReadLimits{});
  EXPECT_EQ(made.unknown, std::vector<std::string>{"notes.txt"});
  EXPECT_TRUE(made.unreadable.empty());
  ASSERT_EQ(made.hosts.size(), 1U);
  const assess::Host& host = made.hosts.front();
  EXPECT_EQ(host.name, "WEB01");
  EXPECT_EQ(host.os.product, "microsoft:windows_server_2003");
  EXPECT_EQ(host.os.service_pack, 2U);
  EXPECT_EQ(updates_of(host), std::set<std::string>{"958644"});
  EXPECT_FALSE(host.lacks(assess::Gap::no_updates) || host.lacks(assess::Gap::no_settings) ||
               host.lacks(assess::Gap::contradiction));
  EXPECT_EQ(host.settings.at("share:data").value, "D:\\data");
  EXPECT_EQ(host.settings.at("iis:scriptmap:.ida").value, "C:\\WINDOWS\\idq.dll");
  EXPECT_EQ(host.settings.at("iis:scriptmap:.asp").value, "C:\\a b.dll");
  EXPECT_EQ(host.settings.at("iis:extension:webdav").value, "1");
  EXPECT_EQ(host.settings.at("file:c:\\windows\\system32\\drivers\\srv.sys").value, "5.2.3790.4392");
}

TEST(Collect, AStepThatFailedIsAGap) {
  const Inventory made = read_documents(
      {{"collect.log", "bansoko-collect 1\r\nhost WEB01\r\nfailed qfe.txt\r\n"}}, "x", ReadLimits{});
  ASSERT_EQ(made.hosts.size(), 1U);
  const assess::Host& host = made.hosts.front();
  ASSERT_GE(host.missing.size(), 2U);
  EXPECT_EQ(host.missing[0].what, "qfe.txt was not collected: its command failed or is not there");
  EXPECT_EQ(host.missing[1].what, "the collecting did not come to its end");
}

}  // namespace
}  // namespace bansoko::inventory
