// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/firewall.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "shield/capture/network_lab.h"
#include "shield/capture/nft_message.h"
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
        Case{"GatewayCopies",
             {.place = Place::gateway, .lead = Lead::log_group, .queues = 8, .observe = true},
             "log group 7"},
        Case{"BridgeCopies",
             {.place = Place::bridge, .lead = Lead::log_group, .first_queue = 500, .observe = true},
             "log group 500"},
        Case{"Host", {.place = Place::host, .interfaces = {"g0"}}, "iifname \"g0\""},
        Case{"HostSkipsLoopback", {.place = Place::host}, "iifname \"lo\" accept"},
        Case{"HostClosed", {.place = Place::host, .on_crash = OnFailure::closed}, "icmpv6 type 133-137"},
        Case{"Bridge", {.place = Place::bridge}, "bridge-nf-filter-vlan-tagged:1"}),
    by_name);

struct ObserveCase {
  std::string name;
  Lead lead;
  std::vector<std::string_view> has;
  std::vector<std::string_view> has_not;
};
class Observe : public testing::TestWithParam<ObserveCase> {};

TEST_P(Observe, InstallsNothingThatDrops) {
  const NetworkLab lab(NetworkLab::Middle::router);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  ASSERT_TRUE(Firewall::install({.lead = GetParam().lead,
                                 .on_crash = OnFailure::closed,
                                 .observe = true,
                                 .state_file = "/nonexistent/x"}));
  const std::string rules = output_of("nft list ruleset");
  for (const std::string_view word : GetParam().has)
    EXPECT_NE(rules.find(word), std::string::npos) << word << rules;
  for (const std::string_view word : GetParam().has_not)
    EXPECT_EQ(rules.find(word), std::string::npos) << word << rules;
}

INSTANTIATE_TEST_SUITE_P(Firewall, Observe,
                         testing::Values(ObserveCase{"ByQueue", Lead::queue, {"bypass"}, {"drop", "reject"}},
                                         ObserveCase{
                                             "ByCopies",
                                             Lead::log_group,
                                             {"log group 0"},
                                             {"drop", "reject", "queue num", "NFQUEUE", "ct mark", "later"}}),
                         by_name);

struct CounterCase {
  std::string name;
  std::string message;
  std::optional<std::uint64_t> want = {};
};
class CounterMessage : public testing::TestWithParam<CounterCase> {};
TEST_P(CounterMessage, IsRead) { EXPECT_EQ(parse_counter(as_bytes(GetParam().message)), GetParam().want); }

std::string text_of(const NftAttributes& attributes) { return std::string(as_text(attributes.bytes())); }
std::string counter_message(const std::string& attributes, std::uint16_t kind = NFT_MSG_NEWOBJ) {
  const auto size = static_cast<std::uint32_t>(20 + attributes.size());
  const auto type = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8U | kind);
  std::string text(20, '\0');
  std::memcpy(text.data(), &size, sizeof size);
  std::memcpy(text.data() + sizeof size, &type, sizeof type);
  return text + attributes;
}
std::string counter_data(const std::string& attributes) {
  return text_of(NftAttributes().text(NFTA_OBJ_NAME, "c").raw(NFTA_OBJ_DATA, as_bytes(attributes)));
}

INSTANTIATE_TEST_SUITE_P(
    Firewall, CounterMessage,
    testing::Values(
        CounterCase{"Whole",
                    counter_message(counter_data(
                        text_of(NftAttributes().u64(NFTA_COUNTER_BYTES, 9).u64(NFTA_COUNTER_PACKETS, 5)))),
                    5},
        CounterCase{"OnlyBytes",
                    counter_message(counter_data(text_of(NftAttributes().u64(NFTA_COUNTER_BYTES, 9))))},
        CounterCase{"ShortNumber",
                    counter_message(counter_data(text_of(NftAttributes().u32(NFTA_COUNTER_PACKETS, 9))))},
        CounterCase{"CutData",
                    counter_message(counter_data(text_of(NftAttributes().u64(NFTA_COUNTER_PACKETS, 9)) +
                                                 std::string("\x09\0\0\0", 4)))},
        CounterCase{"NoData", counter_message(text_of(NftAttributes().text(NFTA_OBJ_NAME, "c")))},
        CounterCase{"OtherMessage",
                    counter_message(counter_data(text_of(NftAttributes().u64(NFTA_COUNTER_PACKETS, 5))),
                                    NFT_MSG_NEWSET)},
        CounterCase{"Empty", ""}),
    by_name);

TEST(Firewall, CountsNothingWhereItIsNot) {
  const NetworkLab lab(NetworkLab::Middle::router);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Inside inside(lab.gateway);
  EXPECT_EQ(Firewall::refused_packets().value(), 0U);
  ASSERT_TRUE(Firewall::install({.state_file = "/nonexistent/x"}));
  EXPECT_EQ(Firewall::refused_packets().value(), 0U);
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
                    Refusal{"CopiesToEnforce", {.lead = Lead::log_group}, "only mode observe"},
                    Refusal{"LedNowhere", {.lead = Lead::none, .observe = true}, "only mode observe"},
                    Refusal{"NamelessInterface", {.interfaces = {""}}, "''"},
                    Refusal{"LongInterface", {.interfaces = {"sixteen-letters!"}}, "sixteen-letters!"}),
    by_name);

}  // namespace
}  // namespace bansoko::capture
