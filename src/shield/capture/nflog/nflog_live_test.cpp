// SPDX-License-Identifier: Apache-2.0
// Copies of real packets, from real tables. Needs root.
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "shield/capture/capture.h"
#include "shield/capture/firewall.h"
#include "shield/capture/network_lab.h"
#include "shield/capture/nflog/message.h"
#include "shield/capture/ruleset.h"
#include "shield/packet/decode.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::capture::nflog {
const Driver& describe();

namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t kPort = 7778;
constexpr milliseconds kSoon(3000);
constexpr milliseconds kQuiet(200);  // nothing more comes: many times as long as the kernel gathers copies

#define SKIP_WITHOUT_ROOT(lab)                                          \
  if (::geteuid() != 0) GTEST_SKIP() << "network namespaces need root"; \
  if (!(lab).works()) GTEST_SKIP() << "network namespaces cannot be made here"

UniqueFd open_socket(const std::string& where, bool ipv6, int type, bool serve) {
  const Inside inside(where);
  UniqueFd fd(::socket(ipv6 ? AF_INET6 : AF_INET, type, 0));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(kPort);
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(kPort);
  if (!serve) ::inet_pton(AF_INET6, NetworkLab::kServer6, &six.sin6_addr);
  if (!serve) ::inet_pton(AF_INET, NetworkLab::kServer4, &four.sin_addr);
  const auto* const address =
      ipv6 ? reinterpret_cast<const sockaddr*>(&six) : reinterpret_cast<const sockaddr*>(&four);
  const socklen_t size = ipv6 ? sizeof six : sizeof four;
  const int done = serve ? ::bind(fd.get(), address, size) : ::connect(fd.get(), address, size);
  EXPECT_EQ(serve && type == SOCK_STREAM ? ::listen(fd.get(), 1) : 0, 0);
  EXPECT_EQ(done, 0) << std::strerror(errno);
  return fd;
}

/// A server for datagrams, with room for all that a test sends, and which has heard from the client already:
/// while neighbours get to know each other datagrams may be lost.
UniqueFd open_datagram_server(const NetworkLab& lab, bool ipv6) {
  UniqueFd server = open_socket(lab.server, ipv6, SOCK_DGRAM, true);
  constexpr int kRoom = 64 << 20;
  EXPECT_EQ(::setsockopt(server.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kRoom, sizeof kRoom), 0);
  const UniqueFd client = open_socket(lab.client, ipv6, SOCK_DGRAM, false);
  pollfd readable{.fd = server.get(), .events = POLLIN, .revents = 0};
  constexpr int kAttempts = 50;
  for (int i = 0; i < kAttempts && ::poll(&readable, 1, 100) == 0; ++i) ::send(client.get(), "hello", 5, 0);
  return server;
}

/// How many datagrams wait at a server's socket.
unsigned drain(const UniqueFd& server) {
  unsigned count = 0;
  std::array<char, 2048> buffer{};
  pollfd readable{.fd = server.get(), .events = POLLIN, .revents = 0};
  while (::poll(&readable, 1, static_cast<int>(kQuiet.count())) == 1 &&
         ::recv(server.get(), buffer.data(), buffer.size(), 0) > 0)
    ++count;
  return count;
}

struct Copies {
  unsigned datagrams = 0;  // with the word that the test sends
  unsigned strange = 0;    // frames in which decoding finds something wrong
  std::size_t longest = 0;
  std::chrono::nanoseconds last{};
};

/// Everything that has been copied. The verdicts say drop: nobody listens.
Copies take_all(std::span<const std::unique_ptr<Capture>> captures) {
  const std::array<packet::Verdict, 64> verdicts{packet::Verdict{packet::Action::drop}};
  Copies copies;
  for (const auto& capture : captures) {
    std::array<packet::Frame, 64> frames;
    for (auto batch = capture->receive(frames, kQuiet); batch && batch->count != 0;
         batch = capture->receive(frames, kQuiet)) {
      for (const packet::Frame& frame : std::span(frames).first(batch->count)) {
        if (as_text(frame.bytes).find("a word") != std::string_view::npos) ++copies.datagrams;
        copies.longest = std::max(copies.longest, frame.bytes.size());
        copies.last = frame.arrived;
        const auto anomalies = packet::decode(frame, 1, {}).anomalies;
        if (!anomalies.empty() && frame.wire_size == frame.bytes.size()) ++copies.strange;
      }
      capture->settle(std::span(verdicts).first(batch->count));
    }
  }
  return copies;
}

struct Case {
  std::string name;
  Place place = Place::gateway;
  bool ipv6 = false;
  std::uint16_t groups = 1;
  bool by_target = false;  // the iptables target, where the kernel has no expression of its own
};

class LiveCopies : public testing::TestWithParam<Case> {
 protected:
  LiveCopies()
      : lab(GetParam().place == Place::bridge ? NetworkLab::Middle::bridge : NetworkLab::Middle::router) {}

  void watch(std::uint32_t receive_buffer = 8U << 20U) {
    const Inside inside(place);
    const Case& row = GetParam();
    Settings settings;
    settings.observe = true;
    settings.receive_buffer = receive_buffer;
    for (unsigned i = 0; i < row.groups; ++i) {
      auto opened = describe().open(settings, i);
      ASSERT_TRUE(opened) << opened.error().message;
      captures.push_back(std::move(*opened));
    }
    const FirewallSettings firewall{.place = row.place,
                                    .lead = Lead::log_group,
                                    .first_queue = settings.first_group,
                                    .queues = row.groups,
                                    .on_crash = OnFailure::closed,
                                    .observe = true,
                                    .state_file = state_file};
    const auto installed =
        row.by_target ? ruleset(firewall, LeadBy::target, 1).commit() : Firewall::install(firewall);
    ASSERT_TRUE(installed) << installed.error().message;
  }
  void TearDown() override {
    if (!lab.works() || ::geteuid() != 0) return;
    const Inside inside(place);
    EXPECT_TRUE(Firewall::remove(state_file));
  }

  const NetworkLab lab;
  const std::string place = GetParam().place == Place::host ? lab.server : lab.gateway;
  const std::string state_file = testing::TempDir() + "bansoko-nflog-" + std::to_string(::getpid()) + ".json";
  std::vector<std::unique_ptr<Capture>> captures;
};

TEST_P(LiveCopies, AreOneOfEachPacket) {
  SKIP_WITHOUT_ROOT(lab);
  const UniqueFd server = open_datagram_server(lab, GetParam().ipv6);
  drain(server);
  watch();
  constexpr unsigned kFlows = 10;
  constexpr unsigned kEach = 30;
  for (unsigned flow = 0; flow < kFlows; ++flow) {
    const UniqueFd client = open_socket(lab.client, GetParam().ipv6, SOCK_DGRAM, false);
    for (unsigned i = 0; i < kEach; ++i) ASSERT_EQ(::send(client.get(), "a word", 6, 0), 6);
  }
  EXPECT_EQ(drain(server), kFlows * kEach) << "nobody has read a copy, and everything has arrived";
  const AllocationCounter allocations;
  const Copies copies = take_all(captures);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(copies.datagrams, kFlows * kEach);
  EXPECT_EQ(copies.strange, 0U);
  const auto age = std::chrono::system_clock::now().time_since_epoch() - copies.last;
  EXPECT_LT(age, kSoon + 10 * kQuiet);
  for (const auto& capture : captures) {
    EXPECT_EQ(capture->counters().lost, 0U);
    EXPECT_EQ(capture->counters().errors, 0U);
    EXPECT_GT(capture->counters().received, 0U) << "each group has had its share";
  }
}

TEST_P(LiveCopies, OfLargePacketsAreWhole) {
  SKIP_WITHOUT_ROOT(lab);
  watch();
  const UniqueFd listener = open_socket(lab.server, GetParam().ipv6, SOCK_STREAM, true);
  const UniqueFd client = open_socket(lab.client, GetParam().ipv6, SOCK_STREAM, false);
  const UniqueFd server(::accept(listener.get(), nullptr, nullptr));
  std::string received;
  received.resize(200'000);
  const std::string sent(received.size(), 'x');
  std::size_t done = 0;
  for (std::size_t at = 0; done < sent.size();) {
    at += static_cast<std::size_t>(
        std::max<ssize_t>(0, ::send(client.get(), &sent[at], sent.size() - at, MSG_DONTWAIT)));
    const auto size = ::recv(server.get(), &received[done], sent.size() - done, 0);
    ASSERT_GT(size, 0);
    done += static_cast<std::size_t>(size);
  }
  EXPECT_EQ(received, sent);
  const Copies copies = take_all(captures);
  EXPECT_GT(copies.longest, 20'000U) << "merged packets come as one";
  EXPECT_EQ(copies.strange, 0U) << "checksums that a card is to fill in are no fault";
}

TEST_P(LiveCopies, ThatDoNotFitAreCounted) {
  SKIP_WITHOUT_ROOT(lab);
  const UniqueFd server = open_datagram_server(lab, GetParam().ipv6);
  drain(server);
  watch(64U << 10U);
  constexpr unsigned kSent = 3000;
  constexpr unsigned kOthers = 20;  // neighbours that speak with each other at most
  const UniqueFd client = open_socket(lab.client, GetParam().ipv6, SOCK_DGRAM, false);
  const std::string datagram = "a word" + std::string(500, '.');
  for (unsigned i = 0; i < kSent; ++i)
    ASSERT_EQ(::send(client.get(), datagram.data(), datagram.size(), 0),
              static_cast<ssize_t>(datagram.size()));
  EXPECT_EQ(drain(server), kSent);
  unsigned copied = take_all(captures).datagrams;
  EXPECT_LT(copied, kSent / 2);
  // A gap in the numbers is seen with the copy that comes after it.
  ASSERT_EQ(::send(client.get(), datagram.data(), datagram.size(), 0), static_cast<ssize_t>(datagram.size()));
  copied += take_all(captures).datagrams;
  std::uint64_t lost = 0;
  for (const auto& capture : captures) lost += capture->counters().lost;
  EXPECT_GE(copied + lost, kSent + 1);
  EXPECT_LE(copied + lost, kSent + 1 + kOthers);
}

INSTANTIATE_TEST_SUITE_P(
    Nflog, LiveCopies,
    testing::Values(Case{"Gateway"}, Case{.name = "GatewayIpv6", .ipv6 = true},
                    Case{.name = "GatewayTwoGroups", .groups = 2},
                    Case{.name = "GatewayTwoGroupsIpv6", .ipv6 = true, .groups = 2},
                    Case{.name = "GatewayByTarget", .by_target = true},
                    Case{
                        .name = "GatewayByTargetTwoGroupsIpv6", .ipv6 = true, .groups = 2, .by_target = true},
                    Case{.name = "Host", .place = Place::host},
                    Case{.name = "HostIpv6", .place = Place::host, .ipv6 = true},
                    Case{.name = "Bridge", .place = Place::bridge},
                    Case{.name = "BridgeIpv6", .place = Place::bridge, .ipv6 = true}),
    by_name);

TEST(Nflog, RefusesAGroupThatAnotherHas) {
  const NetworkLab lab(NetworkLab::Middle::router);
  SKIP_WITHOUT_ROOT(lab);
  const Inside inside(lab.gateway);
  const auto first = describe().open({}, 3);
  ASSERT_TRUE(first);
  const auto second = describe().open({}, 3);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("log group 20003: bind: another process"), std::string::npos)
      << second.error().message;
}

TEST(Nflog, RefusesAGroupPastTheLast) {
  Settings settings;
  settings.first_group = 65535;
  const auto opened = describe().open(settings, 1);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("65536"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::capture::nflog
