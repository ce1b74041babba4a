// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "assess/inventory/claimed_system.h"
#include "assess/inventory/inventory.h"
#include "assess/inventory/test_host.h"
#include "tests/cases.h"

namespace bansoko::inventory {
namespace shield_events {
const Source& describe();
}
namespace {

using assess::Gap;
using assess::Host;

/// An event as the shield writes it: where, what, on which day of November 2026.
std::string said(std::string_view host, int port, std::string_view topic, std::string_view text,
                 int day = 20) {
  std::string line = R"({"timestamp":"2026-11-)" + std::to_string(day) +
                     R"(T10:00:00.000000+0000","event_type":"inventory","proto":"TCP","bansoko":{"id":"x",)" +
                     R"("software":{"host":")" + std::string(host) + R"(",)";
  if (port != 0) line += R"("port":)" + std::to_string(port) + ",";
  return line + R"("topic":")" + std::string(topic) + R"(","said":")" + std::string(text) +
         R"("},"name":"host.software"}})" + "\n";
}

std::vector<Host> read(const std::string& text, const Limits& limits = {}) {
  const Document document{"shield-1.jsonl", text};
  const Source& source = shield_events::describe();
  EXPECT_TRUE(source.recognises(document));
  auto hosts = source.read(document, limits);
  EXPECT_TRUE(hosts) << hosts.error().message;
  return hosts ? std::move(*hosts) : std::vector<Host>();
}

/// "microsoft:windows_server_2003 SP2 build 3790, 90%".
std::string claimed(const Host& host) {
  const assess::OperatingSystem& os = host.os;
  std::string text = os.product;
  if (os.service_pack) text += " SP" + std::to_string(*os.service_pack);
  if (os.build != 0) text += " build " + std::to_string(os.build);
  return text + ", " + std::to_string(os.accuracy) + "%";
}

struct Case {
  std::string_view name;
  std::string events;
  std::string system;
  std::string no_os = "";
};

class ShieldEvents : public testing::TestWithParam<Case> {};

TEST_P(ShieldEvents, TellSystems) {
  const auto hosts = read(GetParam().events);
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(claimed(hosts[0]), GetParam().system);
  EXPECT_EQ(gaps_of(hosts[0], Gap::no_os), GetParam().no_os);
}

constexpr std::string_view kA = "192.0.2.1";
constexpr std::string_view kServer2003 = "Windows Server 2003 3790 Service Pack 2";

INSTANTIATE_TEST_SUITE_P(
    Inventory, ShieldEvents,
    testing::Values(
        Case{"NativeOs", said(kA, 445, "smb.native_os", kServer2003),
             "microsoft:windows_server_2003 SP2 build 3790, 90%"},
        Case{"OfAClient", said(kA, 0, "smb.native_os", "Windows 2002 2600 Service Pack 3"),
             "microsoft:windows_xp SP3 build 2600, 70%"},
        Case{
            "SambaPassesForWindows",
            said(kA, 445, "smb.native_os", "Windows 6.1") + said(kA, 445, "smb.native_lanman", "Samba 4.7.4"),
            ", 100%", "nothing says which system it is"},
        Case{"Unix", said(kA, 445, "smb.native_os", "Unix"), ", 100%", "nothing says which system it is"},
        Case{"NtlmOfARelease", said(kA, 445, "ntlmssp", "10.0.17763 computer=A dns=a.example"),
             "microsoft:windows_server_2019 build 17763, 50%",
             "version 10.0.17763 is Windows 10 or Windows Server 2019"},
        Case{"NtlmOfTwoSystems", said(kA, 445, "ntlmssp", "6.1.7601"),
             "microsoft:windows_server_2008_r2 SP1 build 7601, 50%",
             "version 6.1.7601 is Windows 7 or Windows Server 2008 R2"},
        Case{"NtlmOfAClient", said(kA, 0, "ntlmssp", "6.1.7601"), "microsoft:windows_7 SP1 build 7601, 50%",
             "version 6.1.7601 is Windows 7 or Windows Server 2008 R2"},
        Case{"NtlmOfSamba", said(kA, 445, "ntlmssp", "6.1.0"), ", 100%", "nothing says which system it is"},
        Case{"NameCountsBeforeVersion",
             said(kA, 80, "ntlmssp", "5.2.3790") + said(kA, 445, "smb.native_os", kServer2003),
             "microsoft:windows_server_2003 SP2 build 3790, 90%"},
        Case{"TheLatestCounts",
             said(kA, 445, "smb.native_os", "Windows Server 2003 3790 Service Pack 1", 10) +
                 said(kA, 445, "smb.native_os", kServer2003, 12),
             "microsoft:windows_server_2003 SP2 build 3790, 90%"}),
    by_name);

TEST(ShieldEventsOfAHost, AreServicesPortsAndNames) {
  const auto hosts = read(said(kA, 22, "ssh", "SSH-2.0-OpenSSH_5.3", 20) +
                          said(kA, 80, "http.server", "Apache/2.2.3 (CentOS)", 11) +
                          said(kA, 80, "http.server", "Apache/2.4.6 (CentOS)", 21) +
                          said(kA, 443, "tls.version", "1.0", 20) + said(kA, 443, "tls.version", "1.2", 21) +
                          said(kA, 445, "ntlmssp", "6.1.7601 computer=FS1 dns=fs1.corp.example", 20) +
                          said(kA, 0, "ntlmssp", "6.1.7601 computer=NOT", 20));
  ASSERT_EQ(hosts.size(), 1U);
  const Host& host = hosts[0];
  EXPECT_EQ(host.name, "fs1.corp.example");
  EXPECT_EQ(host.addresses, std::vector<std::string>{"192.0.2.1"});
  std::string services, ports;
  for (const assess::Component& one : host.components)
    services += one.said.topic + "=" + one.said.text + "; ";
  for (const assess::Listener& one : host.listeners)
    ports += std::to_string(one.port) + "/" + one.protocol + " " + one.program + "; ";
  EXPECT_EQ(services, "ssh=SSH-2.0-OpenSSH_5.3; http.server=Apache/2.4.6 (CentOS); ");
  EXPECT_EQ(ports, "22/tcp ssh; 80/tcp http; 443/tcp tls; 445/tcp ntlmssp; ");
  EXPECT_EQ(host.settings.at("tls:443:versions").value, "1.0, 1.2");
  EXPECT_EQ(assess::to_text(*host.collected), "2026-11-21");
  EXPECT_EQ(host.components[0].evidence.text, "ssh on 22/tcp: SSH-2.0-OpenSSH_5.3");
  EXPECT_EQ(host.components[0].evidence.line, 1U);
  for (const Gap gap : {Gap::no_updates, Gap::no_packages, Gap::no_settings, Gap::no_architecture})
    EXPECT_TRUE(host.lacks(gap)) << static_cast<int>(gap);
}

TEST(ShieldEventsOfAHost, ThatContradictEachOther) {
  const auto hosts = read(said(kA, 445, "smb.native_os", kServer2003) +
                          said(kA, 4450, "smb.native_os", "Windows Server 2008 R2 Standard 7601"));
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(gaps_of(hosts[0], Gap::contradiction),
            "system: microsoft:windows_server_2003 and microsoft:windows_server_2008_r2");
}

TEST(ShieldEventsOfASpool, OthersAndWhatIsCutArePassedOver) {
  const std::string header = R"({"bansoko_spool":1,"first_sequence":1,"begun":1795319448})";
  const std::string alert = R"({"timestamp":"x","event_type":"alert","bansoko":{}})";
  const std::string good = said(kA, 22, "ssh", "SSH-2.0-x");
  const std::string cut = good.substr(0, 120);
  const auto hosts = read(header + "\n" + alert + "\n" + cut + "\x18\n" + good + cut);
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(gaps_of(hosts[0], Gap::unreadable), "");
  EXPECT_TRUE(read(header + "\n" + alert + "\n").empty());
}

TEST(ShieldEventsOfASpool, WhatCannotBeReadIsAGap) {
  const std::string good = said(kA, 22, "ssh", "SSH-2.0-x");
  const auto hosts = read(good + good.substr(0, 120) + "\n" + said("nowhere", 22, "ssh", "x"));
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(gaps_of(hosts[0], Gap::unreadable), "2 events of the shield cannot be read");
}

TEST(ShieldEventsOfASpool, HaveLimits) {
  std::string hosts_text, things;
  for (int i = 1; i <= 3; ++i) {
    hosts_text += said("192.0.2." + std::to_string(i), 22, "ssh", "x");
    things += said(kA, 22, "ssh", "x" + std::to_string(i));
  }
  const auto three = read(hosts_text, {.max_hosts = 3});
  EXPECT_EQ(three.size(), 3U);
  EXPECT_EQ(gaps_of(three[0], Gap::unreadable), "");
  const auto two = read(hosts_text, {.max_hosts = 2});
  EXPECT_EQ(two.size(), 2U);
  EXPECT_EQ(gaps_of(two[0], Gap::unreadable), "the events tell of more than is read");
  const auto cut = read(things, {.max_components = 2});
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_EQ(cut[0].components.size(), 2U);
  EXPECT_EQ(gaps_of(cut[0], Gap::unreadable), "the events tell of more than is read");
}

TEST(ShieldEventsOfASpool, AreTheirOwnKindOfFile) {
  const Source& source = shield_events::describe();
  EXPECT_FALSE(source.recognises({"a", ""}));
  EXPECT_FALSE(source.recognises({"a", R"({"bomFormat":"CycloneDX"})"}));
  EXPECT_FALSE(source.recognises({"a", "an event_type in words"}));
}

}  // namespace
}  // namespace bansoko::inventory
