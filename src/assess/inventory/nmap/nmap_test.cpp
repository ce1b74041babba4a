// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "assess/inventory/inventory.h"
#include "tests/cases.h"

namespace bansoko::inventory {
namespace nmap {
const Source& describe();
}
namespace {

struct Case {
  std::string_view name;
  std::string_view port;  // what is in <port>, behind its state
  std::string_view topic, said;
};

class NmapSaid : public testing::TestWithParam<Case> {};

TEST_P(NmapSaid, IsKept) {
  const std::string text =
      "<nmaprun><host><status state='up'/><address addr='192.0.2.9' addrtype='ipv4'/><ports>"
      "<port protocol='tcp' portid='22'><state state='open'/>" +
      std::string(GetParam().port) + "</port></ports></host></nmaprun>";
  const auto hosts = nmap::describe().read({"scan.xml", text}, {});
  ASSERT_TRUE(hosts && hosts->size() == 1 && hosts->front().components.size() == 1);
  EXPECT_EQ(hosts->front().components.front().said.topic, GetParam().topic);
  EXPECT_EQ(hosts->front().components.front().said.text, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    Inventory, NmapSaid,
    testing::Values(
        Case{"WhatItCallsTheService",
             "<service name='ssh' product='OpenSSH' version='5.3' extrainfo='protocol 2.0'/>", "nmap",
             "OpenSSH 5.3 protocol 2.0"},
        Case{"BannerOfAnUnknownOne",
             "<service name='ftp'/><script id='banner' output='220 x FTP server ready.'/>", "ftp",
             "220 x FTP server ready."},
        Case{"BannerOfAKnownOne",
             "<service name='ftp' product='vsftpd' version='2.3.5'/><script id='banner' output='220 x'/>",
             "nmap", "vsftpd 2.3.5"},
        Case{"ServerHeader", "<service name='http'/><script id='http-server-header' output='Apache/2.2.3'/>",
             "http.server", "Apache/2.2.3"},
        Case{"Nameserver",
             "<service name='domain'/><script id='dns-nsid'><elem "
             "key='bind.version'>9.8.2rc1-RedHat</elem></script>",
             "dns.version", "9.8.2rc1-RedHat"},
        Case{"EmptyBanner", "<service name='ftp'/><script id='banner' output=' '/>", "", ""}),
    by_name);

}  // namespace
}  // namespace bansoko::inventory
