// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/firewall.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "shield/capture/network_lab.h"
#include "tests/cases.h"

namespace bansoko::capture {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  std::array<char, 4096> buffer{};
  std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), size);
  ::pclose(pipe);
  return text;
}

/// Everything that install() could have changed here.
std::string state_of_host() {
  return output_of("nft list ruleset; grep -r . /proc/sys/net/bridge; cat /proc/sys/net/ipv4/ip_forward");
}

struct Case {
  std::string name;
  FirewallSettings settings;
  std::string_view sign;  // something that must be there meanwhile
};
class Restores : public testing::TestWithParam<Case> {};

TEST_P(Restores, EverythingAsItWas) {
  const NetworkLab lab(NetworkLab::Middle::bridge);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  ASSERT_TRUE(run(
      "nft -f - <<'END'\ntable inet operator {\n set friends { type ipv4_addr; elements = { 10.1.2.3 } }\n"
      " chain forward { type filter hook forward priority 0; policy accept; ip saddr @friends counter "
      "accept; }\n}\n"
      "END\ntrue"));
  FirewallSettings settings = GetParam().settings;
  settings.state_file =
      testing::TempDir() + "bansoko-restores-" + std::to_string(::getpid()) + "/firewall.json";
  const std::string before = state_of_host();
  ASSERT_NE(before.find("table inet operator"), std::string::npos);

  // Twice, as after a crash, and in a process that is gone when the tables are taken away.
  if (::fork() == 0) {
    const bool both = Firewall::install(settings).has_value() && Firewall::install(settings).has_value();
    ::kill(::getpid(), both ? SIGKILL : SIGABRT);
  }
  int status = 0;
  ::wait(&status);
  ASSERT_EQ(WTERMSIG(status), SIGKILL);
  const std::string during = state_of_host();
  EXPECT_NE(during.find(GetParam().sign), std::string::npos) << during;
  EXPECT_NE(during.find("table ip6 bansoko"), std::string::npos);

  const auto removed = Firewall::remove(settings.state_file);
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(state_of_host(), before);
  EXPECT_FALSE(std::filesystem::exists(settings.state_file));
  EXPECT_TRUE(Firewall::remove(settings.state_file));
  EXPECT_EQ(state_of_host(), before);
  std::filesystem::remove_all(std::filesystem::path(settings.state_file).parent_path());
}

INSTANTIATE_TEST_SUITE_P(
    Firewall, Restores,
    testing::Values(
        Case{"Gateway", {.place = Place::gateway}, "chain earlier_forward"},
        Case{"GatewayQueues", {.place = Place::gateway, .queues = 8}, "symhash mod 8"},
        Case{"GatewayObserve", {.place = Place::gateway, .observe = true}, "chain queue_forward"},
        Case{"Host", {.place = Place::host, .interfaces = {"g0"}}, "iifname \"g0\""},
        Case{"HostSkipsLoopback", {.place = Place::host}, "iifname \"lo\" accept"},
        Case{"HostClosed", {.place = Place::host, .on_crash = OnFailure::closed}, "icmpv6 type 133-137"},
        Case{"Bridge", {.place = Place::bridge}, "bridge-nf-filter-vlan-tagged:1"}),
    by_name);

TEST(Firewall, ObserveInstallsNothingThatDrops) {
  const NetworkLab lab(NetworkLab::Middle::router);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  ASSERT_TRUE(
      Firewall::install({.on_crash = OnFailure::closed, .observe = true, .state_file = "/nonexistent/x"}));
  const std::string rules = output_of("nft list ruleset");
  EXPECT_NE(rules.find("bypass"), std::string::npos) << rules;
  EXPECT_EQ(rules.find("drop"), std::string::npos) << rules;
  EXPECT_EQ(rules.find("reject"), std::string::npos) << rules;
}

TEST(Firewall, KnowsWhetherItIsInstalled) {
  const NetworkLab lab(NetworkLab::Middle::router);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  EXPECT_FALSE(Firewall::is_installed().value());
  for (const char* const loss :
       {"nft flush ruleset", "nft delete table ip bansoko", "nft delete table ip6 bansoko"}) {
    ASSERT_TRUE(Firewall::install({.state_file = "/nonexistent/x"}));
    EXPECT_TRUE(Firewall::is_installed().value());
    ASSERT_TRUE(run(loss));
    EXPECT_FALSE(Firewall::is_installed().value()) << loss;
  }
}

TEST(Firewall, ShutsOutAndLetsIn) {
  const NetworkLab lab(NetworkLab::Middle::router);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  const auto v4 = packet::Address::v4(203, 0, 113, 5);
  const auto v6 = packet::parse_address("2001:db8::5").value();
  EXPECT_FALSE(Firewall::shut_out(v4, std::chrono::seconds(60))) << "there are no tables";
  ASSERT_TRUE(Firewall::install({.state_file = "/nonexistent/x"}));
  for (const auto& address : {v4, v6}) {
    const std::string text = packet::to_text(address);
    const auto done = Firewall::shut_out(address, std::chrono::seconds(60));
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_NE(output_of("nft list ruleset").find(text + " timeout 1m"), std::string::npos)
        << output_of("nft list ruleset");
    EXPECT_TRUE(Firewall::shut_out(address, std::chrono::seconds(60))) << "a second time";
    EXPECT_TRUE(Firewall::let_in(address));
    EXPECT_EQ(output_of("nft list ruleset").find(text), std::string::npos);
    const auto again = Firewall::let_in(address);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::unsupported);
  }
}

TEST(Firewall, LeavesNothingWhenItFails) {
  const NetworkLab lab(NetworkLab::Middle::bridge);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  const std::string before = state_of_host();
  const auto installed =
      Firewall::install({.place = Place::bridge, .state_file = "/proc/nonexistent/state.json"});
  ASSERT_FALSE(installed);
  EXPECT_NE(installed.error().message.find("/proc/nonexistent"), std::string::npos)
      << installed.error().message;
  EXPECT_EQ(state_of_host(), before);
}

TEST(Firewall, RefusesAStateFileThatIsNotOurs) {
  const NetworkLab lab(NetworkLab::Middle::bridge);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  const std::string path = testing::TempDir() + "bansoko-damaged-" + std::to_string(::getpid()) + ".json";
  std::ofstream(path) << R"({"net.bridge.bridge-nf-call-iptables": x})";
  const auto removed = Firewall::remove(path);
  ASSERT_FALSE(removed);
  EXPECT_NE(removed.error().message.find(path), std::string::npos);
  std::filesystem::remove(path);
}

struct Refusal {
  std::string name;
  FirewallSettings settings;
  std::string_view says;
};
class FirewallRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(FirewallRefuses, Settings) {
  const auto installed = Firewall::install(GetParam().settings);
  ASSERT_FALSE(installed);
  EXPECT_NE(installed.error().message.find(GetParam().says), std::string::npos) << installed.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Firewall, FirewallRefuses,
    testing::Values(Refusal{"NoQueue", {.queues = 0}, "0 queues"},
                    Refusal{"TooManyQueues", {.queues = 65}, "65 queues"},
                    Refusal{"QueuePastTheLast", {.first_queue = 65535, .queues = 2}, "queue 65535"},
                    Refusal{"NamelessInterface", {.interfaces = {""}}, "''"},
                    Refusal{"LongInterface", {.interfaces = {"sixteen-letters!"}}, "sixteen-letters!"}),
    by_name);

}  // namespace
}  // namespace bansoko::capture
