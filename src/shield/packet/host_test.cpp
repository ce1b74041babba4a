// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/host.h"

#include <gtest/gtest.h>

namespace bansoko::packet {
namespace {

HostView view(const HostTable& table, std::string_view address) {
  return table.of(parse_address(address).value());
}

TEST(HostTable, TheLongestPrefixWinsForEachProperty) {
  HostTable table;
  ASSERT_TRUE(table.set_system("192.0.2.7", System::windows_2003));
  ASSERT_TRUE(table.set_system("192.0.2.0/24", System::linux));
  ASSERT_TRUE(table.set_system("0.0.0.0/0", System::bsd));
  ASSERT_TRUE(table.set_system("2001:db8::/32", System::solaris));
  ASSERT_TRUE(table.set_web_server("192.0.2.0/24", WebServer::iis6));
  ASSERT_TRUE(table.set_hops("192.0.2.6/31", 3));

  EXPECT_EQ(view(table, "192.0.2.7").system, System::windows_2003);
  EXPECT_EQ(view(table, "192.0.2.7").web_server, WebServer::iis6);
  EXPECT_EQ(view(table, "192.0.2.7").hops, 3);
  EXPECT_EQ(view(table, "192.0.2.8").system, System::linux);
  EXPECT_EQ(view(table, "192.0.2.8").hops, 0);
  EXPECT_EQ(view(table, "198.51.100.1").system, System::bsd);
  EXPECT_EQ(view(table, "198.51.100.1").web_server, WebServer::generic);
  EXPECT_EQ(view(table, "2001:db8:1::1").system, System::solaris);
  EXPECT_EQ(view(table, "2001:db9::1").system, System::first);
}

TEST(HostTable, TheLastWordAboutANetworkHolds) {
  HostTable table;
  ASSERT_TRUE(table.set_system("192.0.2.0/24", System::linux));
  ASSERT_TRUE(table.set_system("192.0.2.0/24", System::windows));
  EXPECT_EQ(view(table, "192.0.2.1").system, System::windows);
}

struct BadNetwork {
  std::string_view name, text, complaint;
};

class HostTableRefuses : public testing::TestWithParam<BadNetwork> {};

TEST_P(HostTableRefuses, WhatIsNoNetwork) {
  HostTable table;
  const auto done = table.set_hops(GetParam().text, 1);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find(GetParam().complaint), std::string::npos) << done.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, HostTableRefuses,
                         testing::Values(BadNetwork{"Name", "server", "is not an IP address"},
                                         BadNetwork{"Empty", "", "is not an IP address"},
                                         BadNetwork{"NoLength", "192.0.2.0/", "from 0 to 32"},
                                         BadNetwork{"TooLong", "192.0.2.0/33", "from 0 to 32"},
                                         BadNetwork{"TooLongSix", "2001:db8::/129", "from 0 to 128"},
                                         BadNetwork{"Negative", "192.0.2.0/-1", "from 0 to 32"},
                                         BadNetwork{"Tail", "192.0.2.0/24x", "from 0 to 32"},
                                         BadNetwork{"BitsBehind", "192.0.2.7/24",
                                                    "the network is 192.0.2.0/24"}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bansoko::packet
