// SPDX-License-Identifier: Apache-2.0
// Hand-made frames across a real bridge: which of them the kernel shows us, and how. Needs root.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include "shield/capture/firewall.h"
#include "shield/capture/network_lab.h"
#include "tests/cases.h"
#include "tests/traffic/tunnels.h"

namespace bansoko::capture {
namespace nfqueue {
const Driver& describe();
}
namespace {

using packet::Action;
using std::chrono::milliseconds;
using traffic::ethernet;
using traffic::joined;
using traffic::Octets;

constexpr int kWaitMs = 1500;  // what is to come has come by then
constexpr int kNeverMs = 200;  // what has not come by then does not
constexpr std::string_view kWord = "a word of ours";

/// Sends and receives whole frames on an interface of a namespace.
class Wire {
 public:
  Wire(const std::string& name, const char* interface) {
    const Inside inside(name);
    fd_ = UniqueFd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
    if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::abort();
  }

  bool send(const Octets& frame) const {
    return ::send(fd_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
  }

  /// Whether a frame with kWord comes in time.
  bool brings_word(int wait_ms) const {
    std::array<std::uint8_t, 4096> frame{};
    pollfd poll{fd_.get(), POLLIN, 0};
    while (::poll(&poll, 1, wait_ms) == 1) {
      const ssize_t size = ::recv(fd_.get(), frame.data(), frame.size(), 0);
      if (size > 0 &&
          as_text(Bytes(frame).first(static_cast<std::size_t>(size))).find(kWord) != std::string_view::npos)
        return true;
    }
    return false;
  }

 private:
  UniqueFd fd_;
};

struct Case {
  std::string name;
  Octets frame;
  bool is_shown;  // to the engine, as an IP packet without what stood before it
};

class BridgedFrames : public testing::TestWithParam<Case> {
 protected:
  /// Answers what the queue holds with `action`; gives how many packets had kWord, all bare IP.
  static int answer(Capture& queue, Action action) {
    std::array<packet::Frame, 32> frames;
    std::array<packet::Verdict, 32> verdicts;
    int shown = 0;
    for (int turn = 0; turn < 6; ++turn) {
      const auto batch = queue.receive(frames, milliseconds(50));
      if (!batch) return -1;
      for (std::size_t i = 0; i < batch->count; ++i) {
        const bool ours = as_text(frames[i].bytes).find(kWord) != std::string_view::npos;
        shown += ours && frames[i].bytes[0] == 0x45 ? 1 : 0;
        verdicts[i].action = ours ? action : Action::accept;
      }
      queue.settle(std::span(verdicts).first(batch->count));
    }
    return shown;
  }
};

TEST_P(BridgedFrames, AreShownOrPass) {
  const NetworkLab lab(NetworkLab::Middle::bridge);
  if (::geteuid() != 0 || !lab.works()) GTEST_SKIP() << "network namespaces need root";
  const Wire client(lab.client, "c0");
  const Wire server(lab.server, "s0");
  const Inside inside(lab.gateway);
  const auto installed = Firewall::install({.place = Place::bridge});
  if (!installed) GTEST_SKIP() << installed.error().message;
  auto queue = nfqueue::describe().open({.place = Place::bridge}, 0);
  ASSERT_TRUE(queue) << queue.error().message;

  ASSERT_TRUE(client.send(GetParam().frame));
  EXPECT_EQ(answer(**queue, Action::accept), GetParam().is_shown ? 1 : 0);
  EXPECT_TRUE(server.brings_word(kWaitMs));
  ASSERT_TRUE(client.send(GetParam().frame));
  answer(**queue, Action::drop);
  EXPECT_EQ(server.brings_word(GetParam().is_shown ? kNeverMs : kWaitMs), !GetParam().is_shown);
}

Octets word() { return traffic::to_octets(kWord); }
Octets udp() {
  return traffic::udp_packet(
      {.source = packet::Address::v4(10, 98, 2, 1), .dest = packet::Address::v4(10, 98, 2, 2)},
      {.source_port = 40000, .dest_port = 9}, kWord);
}
Octets session() { return traffic::pppoe(7, traffic::ppp(0x0021, udp(), false)); }

Octets to(Octets frame, std::array<std::uint8_t, 6> mac) {
  std::copy(mac.begin(), mac.end(), frame.begin());
  return frame;
}
/// To an address that the bridge does not know: it goes out of every port.
Octets out(Octets frame) { return to(std::move(frame), {2, 0, 0, 0, 0x0f, 1}); }

Octets twice_tagged() {
  Octets frame = ethernet(udp(), {.vlans = {5, 6}});
  frame[12] = 0x88;
  frame[13] = 0xa8;
  return frame;
}

INSTANTIATE_TEST_SUITE_P(
    Live, BridgedFrames,
    testing::Values(
        Case{"Plain", out(ethernet(udp())), true},
        Case{"VlanTagged", out(ethernet(udp(), {.vlans = {5}})), true},
        Case{"PppoeSession", out(ethernet(session(), {.type = 0x8864})), true},
        // What follows the kernel hands over to nobody.
        Case{"QinQ", out(twice_tagged()), false},
        Case{"PppoeInVlan", out(ethernet(session(), {.vlans = {5}, .type = 0x8864})), true},
        Case{"Mpls", out(ethernet(traffic::mpls({9}, udp()), {.type = 0x8847})), false},
        Case{"PppoeDiscovery", out(ethernet(joined({{0x11, 9, 0, 0, 0, 20}, word()}), {.type = 0x8863})),
             false},
        Case{"Arp", out(ethernet(joined({Octets(28), word()}), {.type = 0x0806})), false},
        Case{"Lldp", out(ethernet(word(), {.type = 0x88cc})), false},
        Case{"SpanningTree",
             to(ethernet(joined({{0x42, 0x42, 3}, word()}), {.type = 40}), {1, 0x80, 0xc2, 0, 0, 0}), false}),
    by_name);

}  // namespace
}  // namespace bansoko::capture
