// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/reader.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "archive/test_archive.h"
#include "assess/inventory/gaps.h"
#include "assess/inventory/roles.h"
#include "assess/inventory/test_data.h"
#include "assess/model/role.h"

namespace bansoko::inventory {
namespace {

using assess::Gap;
using assess::Host;
using assess::Role;

std::string sheet(const std::string& name,
                  const std::string& version = "5.2.3790 Service Pack 2 Build 3790") {
  return "Host Name:  " + name +
         "\r\nOS Name:  Microsoft(R) Windows(R) Server 2003, Standard Edition\r\nOS Version:  " + version +
         "\r\nSystem Type:  X86-based PC\r\nHotfix(s):  3 Hotfix(s) Installed.\r\n   [01]: KB958644\r\n   "
         "[02]: KB958\r\n"
         "Network Card(s):  1\r\n   [01]: x\r\n     [01]: 192.0.2.9\r\n";
}

constexpr const char* kListeners = "  TCP    0.0.0.0:80    0.0.0.0:0    LISTENING    4\r\n";
constexpr const char* kUpdates =
    "CSName=WEB01\r\nHotFixID=KB958644\r\n\r\nCSName=WEB01\r\nHotFixID=KB4012598\r\n\r\n";

Inventory read_all(std::vector<Document> documents, const std::string& top = "") {
  return read_documents(std::move(documents), top, ReadLimits{});
}

std::vector<std::string> names_of(const Inventory& inventory) {
  std::vector<std::string> names;
  for (const Host& host : inventory.hosts) names.push_back(host.name);
  return names;
}

TEST(Reader, FilesAreOfTheHostThatTheySayOrLieWith) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(names_of(read_all({{"a/1.txt", sheet("WEB01")}, {"a/2.txt", kListeners}})), Names{"WEB01"});
  EXPECT_EQ(names_of(read_all(
                {{"hosts/web01/qfe.txt", "HotFixID=KB958644\r\n\r\n"}, {"hosts/web01/n.txt", kListeners}})),
            Names{"web01"});
  EXPECT_EQ(names_of(read_all({{"bansoko-WEB01/n.txt", kListeners}})), Names{"WEB01"});
  EXPECT_EQ(names_of(read_all({{"n.txt", kListeners}}, "bansoko-WEB01")), Names{"WEB01"});
  EXPECT_EQ(names_of(read_all({{"db7.txt", kListeners}})), Names{"db7"});
  EXPECT_EQ(
      names_of(read_all({{"a/1.txt", sheet("WEB01")}, {"a/2.txt", sheet("WEB02")}, {"a/n.txt", kListeners}})),
      (Names{"WEB01", "WEB02", "n"}));
  EXPECT_EQ(names_of(read_all({{"1.txt", sheet("web01")}, {"b/2.txt", kUpdates}})), Names{"web01"});
}

TEST(Reader, WhatNobodyKnowsIsNamed) {
  const Inventory made =
      read_all({{"a/photo.jpg", "\xff\xd8\xff"},
                {"a/1.txt", sheet("WEB01")},
                {"a/x.xml", "<?xml version='1.0'?><!DOCTYPE nmaprun [<!ENTITY a 'b'>]><nmaprun></nmaprun>"}});
  EXPECT_EQ(made.unknown, std::vector<std::string>{"a/photo.jpg"});
  ASSERT_EQ(made.unreadable.size(), 1U);
  EXPECT_NE(made.unreadable.front().find("a document type (DOCTYPE) is not accepted"), std::string::npos);
}

TEST(Reader, AScanFindsItsHostByItsAddress) {
  const Inventory made =
      read_all({{"1.txt", sheet("WEB01")},
                {"scan.xml",
                 "<nmaprun><host><status state='up'/><address addr='192.0.2.9' addrtype='ipv4'/>"
                 "<ports><port protocol='tcp' portid='445'><state state='open'/></port></ports></host>"
                 "<host><status state='up'/><address addr='192.0.2.10' addrtype='ipv4'/></host></nmaprun>"}});
  EXPECT_EQ(names_of(made), (std::vector<std::string>{"192.0.2.10", "WEB01"}));
  EXPECT_EQ(made.hosts.back().listeners.size(), 1U);
}

TEST(Reader, FoldersAndArchivesAreTheSame) {
  const auto folder = std::filesystem::temp_directory_path() / "bansoko_reader_test/bansoko-WEB01";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "systeminfo.txt", std::ios::binary) << sheet("WEB01");
  std::ofstream(folder / "netstat.txt", std::ios::binary) << kListeners;
  const auto zip = folder.parent_path() / "all.zip";
  std::ofstream(zip, std::ios::binary) << archive::TestArchive(archive::TestArchive::Form::zip)
                                              .file("bansoko-WEB01/systeminfo.txt", sheet("WEB01"))
                                              .file("bansoko-WEB01/netstat.txt", kListeners)
                                              .bytes();
  for (const auto& path : {folder, folder.parent_path() / "bansoko-WEB01/", zip}) {
    const auto made = read_inventory(path.string(), ReadLimits{});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(names_of(*made), std::vector<std::string>{"WEB01"}) << path;
    EXPECT_EQ(made->hosts.front().listeners.size(), 1U);
  }
  ReadLimits small;
  small.max_bytes = 40;
  EXPECT_FALSE(read_inventory(folder.string(), small));
  EXPECT_FALSE(read_inventory((folder / "absent").string(), ReadLimits{}));
  std::filesystem::remove_all(folder.parent_path());
}

TEST(Merge, ClosesWhatTheOtherKnowsAndTellsWhatDiffers) {
  const Inventory made = read_all({{"a/systeminfo.txt", sheet("WEB01")}, {"a/qfe.txt", kUpdates}});
  ASSERT_EQ(made.hosts.size(), 1U);
  EXPECT_FALSE(made.hosts.front().lacks(Gap::updates_cut));
  EXPECT_EQ(made.hosts.front().updates.size(), 2U);
  const Inventory differing = read_all(
      {{"a/1.txt", sheet("WEB01")}, {"a/2.txt", sheet("WEB01", "5.2.3790 Service Pack 1 Build 3790")}});
  EXPECT_EQ(gap_words(differing.hosts.front(), Gap::contradiction), "service pack: 2 and 1");
  EXPECT_TRUE(differing.hosts.front().lacks(Gap::updates_cut));
}

TEST(Merge, AGuessGivesWay) {
  Host guessed, known;
  guessed.os.product = "linux:linux_kernel";
  guessed.os.accuracy = 96;
  add_gap(guessed, Gap::no_os, "guessed");
  known.os.product = "debian:debian_linux";
  known.os.version = "12";
  merge(guessed, Host(known));
  EXPECT_EQ(guessed.os.product, "debian:debian_linux");
  EXPECT_FALSE(guessed.lacks(Gap::no_os) || guessed.lacks(Gap::contradiction));
  Host full = known;
  full.os.version = "12.11";
  merge(known, std::move(full));
  EXPECT_EQ(known.os.version, "12.11");
  EXPECT_FALSE(known.lacks(Gap::contradiction));
}

TEST(Roles, ComeFromWhatListensRunsAndIsShared) {
  Host host;
  host.listeners = {{"0.0.0.0", 80, "tcp", "", {"n.txt", 1, "80"}}, {"127.0.0.1", 3306, "tcp", "", {}}};
  host.components = {{.kind = assess::ComponentKind::service,
                      .ecosystem = assess::Ecosystem::windows,
                      .name = "mssql$x",
                      .running = true,
                      .evidence = {"s.txt", 2, "mssql"}},
                     {.kind = assess::ComponentKind::service,
                      .ecosystem = assess::Ecosystem::windows,
                      .name = "dns",
                      .running = false},
                     {.kind = assess::ComponentKind::service,
                      .ecosystem = assess::Ecosystem::windows,
                      .name = "cisvc",
                      .running = true}};
  host.settings["share:data"] = {"D:\\data", {"x", 3, "data"}};
  host.settings["share:c$"] = {"C:\\", {}};
  std::string found;
  for (const FoundRole& one : roles_of(host))
    found += std::string(assess::name_of(one.role)) + ":" + std::to_string(one.evidence.size()) + " ";
  EXPECT_EQ(found, "file_server:1 web:1 database:1 ");
  add_features(host);
  EXPECT_EQ(host.components.back().name, "index_server");
  host.os.product = "microsoft:windows_server_2003";
  host.settings["reg:hklm\\system\\currentcontrolset\\services\\lanmanserver\\start"] = {"2", {}};
  add_features(host);
  EXPECT_EQ(host.components.back().name, "smb1");
}

}  // namespace
}  // namespace bansoko::inventory
