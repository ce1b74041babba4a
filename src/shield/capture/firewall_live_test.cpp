// SPDX-License-Identifier: Apache-2.0
// Real packets through real tables and queues, with the engine killed in the middle. Needs root.
#include <array>
#include <atomic>
#include <bit>
#include <csignal>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "shield/capture/firewall.h"
#include "shield/capture/network_lab.h"
#include "tests/cases.h"

namespace bansoko::capture {
namespace nfqueue {
const Driver& describe();
}
namespace {

using packet::Action;
using std::chrono::milliseconds;

constexpr std::uint16_t kPort = 7777;
constexpr milliseconds kSoon(3000);  // what is to come has come by then
constexpr milliseconds kNever(500);  // what has not come by then does not: two retransmissions fit in

/// What the engine tells the test while it lives.
struct Seen {
  std::atomic<bool> ready{false};
  std::atomic<std::uint64_t> packets{0};
  std::array<std::atomic<std::uint8_t>, 65536> queues_of_port{};  // a bit for each queue
};

/// A process that answers like an engine with one rule: a packet with the word EVIL gets `on_evil`, and what
/// comes later in a flow blocked so is dropped.
class Engine {
 public:
  Engine(const std::string& name, const Settings& settings, unsigned queues, Action on_evil)
      : seen_(new (::mmap(nullptr, sizeof(Seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                  Seen) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) std::abort();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const Inside inside(name);
      work(settings, queues, on_evil, pipe[1]);
    }
    ::close(pipe[1]);
    char byte = 0;
    started_ = ::read(pipe[0], &byte, 1) == 1;
    ::close(pipe[0]);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() {
    kill();
    ::munmap(seen_, sizeof(Seen));
  }

  bool started() const { return started_; }
  const Seen& seen() const { return *seen_; }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  [[noreturn]] void work(const Settings& settings, unsigned queues, Action on_evil, int ready) {
    std::vector<std::unique_ptr<Capture>> captures;
    for (unsigned i = 0; i < queues; ++i) {
      auto capture = nfqueue::describe().open(settings, i);
      if (!capture) ::_exit(1);
      captures.push_back(std::move(*capture));
    }
    if (::write(ready, "x", 1) != 1) ::_exit(1);
    while (true)
      for (unsigned i = 0; i < queues; ++i) turn(*captures[i], i, on_evil);
  }

  void turn(Capture& capture, unsigned queue, Action on_evil) {
    std::array<packet::Frame, 32> frames;
    std::array<packet::Verdict, 32> verdicts;
    const auto batch = capture.receive(frames, milliseconds(5));
    if (!batch) ::_exit(1);
    for (std::size_t i = 0; i < batch->count; ++i) {
      const bool evil = as_text(frames[i].bytes).find("EVIL") != std::string_view::npos;
      const std::uint16_t port = note(frames[i].bytes, queue);
      verdicts[i].action = evil ? on_evil : blocked_[port] ? Action::drop : Action::accept;
      if (evil && (on_evil == Action::block || on_evil == Action::reject)) blocked_[port] = true;
    }
    capture.settle(std::span(verdicts).first(batch->count));
  }

  /// Returns the client's port.
  std::uint16_t note(Bytes bytes, unsigned queue) {
    ByteReader reader(bytes);
    const unsigned version_and_length = reader.u8();
    reader.skip((version_and_length >> 4U == 6 ? 40 : (version_and_length & 15U) * 4) - 1);
    const std::uint16_t source = reader.u16();
    const std::uint16_t destination = reader.u16();
    const std::uint16_t port = source == kPort ? destination : source;
    seen_->queues_of_port[port].fetch_or(static_cast<std::uint8_t>(1U << queue));
    seen_->packets.fetch_add(1);
    return port;
  }

  Seen* seen_;
  std::array<bool, 65536> blocked_{};  // by the client's port
  pid_t pid_ = -1;
  bool started_ = false;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  explicit Address(bool ipv6, bool any) {
    if (ipv6) {
      sockaddr_in6 address{};
      address.sin6_family = AF_INET6;
      address.sin6_port = htons(kPort);
      if (!any) ::inet_pton(AF_INET6, NetworkLab::kServer6, &address.sin6_addr);
      std::memcpy(&storage, &address, size = sizeof address);
    } else {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(kPort);
      if (!any) ::inet_pton(AF_INET, NetworkLab::kServer4, &address.sin_addr);
      std::memcpy(&storage, &address, size = sizeof address);
    }
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

bool readable(int fd, milliseconds wait) {
  pollfd poll{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&poll, 1, static_cast<int>(wait.count())) == 1;
}

/// The server's end of something: text that came within the time, empty if none did.
std::string text_from(const UniqueFd& socket, milliseconds wait) {
  std::array<char, 256> buffer{};
  if (!socket.valid() || !readable(socket.get(), wait)) return {};
  const auto size = ::recv(socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

bool send_text(const UniqueFd& socket, std::string_view text) {
  return ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// A listening socket in the server's namespace, and connections to it from the client's.
class Service {
 public:
  Service(const NetworkLab& lab, bool ipv6, int type = SOCK_STREAM) : lab_(lab), ipv6_(ipv6), type_(type) {
    const Inside inside(lab.server);
    const Address any(ipv6, true);
    listener = UniqueFd(::socket(any.get()->sa_family, type, 0));
    EXPECT_EQ(::bind(listener.get(), any.get(), any.size), 0) << std::strerror(errno);
    EXPECT_EQ(type == SOCK_STREAM ? ::listen(listener.get(), 128) : 0, 0);
  }

  UniqueFd connect(milliseconds wait) const {
    const Inside inside(lab_.client);
    const Address to(ipv6_, false);
    UniqueFd socket(::socket(to.get()->sa_family, type_ | SOCK_NONBLOCK, 0));
    if (::connect(socket.get(), to.get(), to.size) == 0) return socket;
    pollfd poll{.fd = socket.get(), .events = POLLOUT, .revents = 0};
    if (errno != EINPROGRESS || ::poll(&poll, 1, static_cast<int>(wait.count())) != 1 ||
        (poll.revents & POLLERR) != 0)
      return {};
    return socket;
  }
  UniqueFd accept(milliseconds wait) const {
    return readable(listener.get(), wait) ? UniqueFd(::accept(listener.get(), nullptr, nullptr)) : UniqueFd();
  }
  /// Does a fresh connection carry a word?
  bool serves(milliseconds wait) const {
    const UniqueFd client = connect(wait);
    if (!client.valid()) return false;
    const UniqueFd server = accept(wait);
    return send_text(client, "hello") && text_from(server, wait) == "hello";
  }

  UniqueFd listener;

 private:
  const NetworkLab& lab_;
  bool ipv6_;
  int type_;
};

#define SKIP_WITHOUT_ROOT(lab)                                          \
  if (::geteuid() != 0) GTEST_SKIP() << "network namespaces need root"; \
  if (!(lab).works()) GTEST_SKIP() << "network namespaces cannot be made here"

struct Case {
  std::string name;
  Place place = Place::gateway;
  bool ipv6 = false;
  Action on_evil = Action::accept;
  OnFailure on_crash = OnFailure::open;
  bool observe = false;
  std::uint16_t queues = 1;
  std::vector<std::string> interfaces = {};
  bool evil_arrives = false;
  bool reset = false;             // the client is told
  bool old_flow_goes_on = false;  // after the engine was killed
  bool new_flows_pass = true;     // after the engine was killed
};

class KilledEngine : public testing::TestWithParam<Case> {
 protected:
  KilledEngine()
      : lab(GetParam().place == Place::bridge ? NetworkLab::Middle::bridge : NetworkLab::Middle::router) {}

  const NetworkLab lab;
  const std::string place = GetParam().place == Place::host ? lab.server : lab.gateway;
  const std::string state_file =
      testing::TempDir() + "bansoko-firewall-" + std::to_string(::getpid()) + ".json";
};

TEST_P(KilledEngine, LeavesBlockedFlowsBlocked) {
  SKIP_WITHOUT_ROOT(lab);
  const Case& row = GetParam();
  Settings settings;
  settings.place = row.place;
  settings.on_crash = row.on_crash;
  settings.observe = row.observe;
  Engine engine(place, settings, row.queues, row.on_evil);
  ASSERT_TRUE(engine.started());
  {
    const Inside inside(place);
    const auto installed = Firewall::install({.place = row.place,
                                              .queues = row.queues,
                                              .on_crash = row.on_crash,
                                              .observe = row.observe,
                                              .interfaces = row.interfaces,
                                              .state_file = state_file});
    ASSERT_TRUE(installed) << installed.error().message;
  }
  const Service service(lab, row.ipv6);
  const UniqueFd client = service.connect(kSoon);
  ASSERT_TRUE(client.valid());
  const UniqueFd server = service.accept(kSoon);
  ASSERT_TRUE(send_text(client, "hello"));
  ASSERT_EQ(text_from(server, kSoon), "hello");
  EXPECT_GT(engine.seen().packets, 3U);

  ASSERT_TRUE(send_text(client, "EVIL"));
  EXPECT_EQ(text_from(server, row.evil_arrives ? kSoon : kNever), row.evil_arrives ? "EVIL" : "");
  char byte = 0;
  const bool reset = readable(client.get(), row.reset ? kSoon : milliseconds(0)) &&
                     ::recv(client.get(), &byte, 1, MSG_DONTWAIT) < 0 && errno == ECONNRESET;
  EXPECT_EQ(reset, row.reset);

  engine.kill();
  send_text(client, "more");
  EXPECT_EQ(!text_from(server, row.old_flow_goes_on ? kSoon : kNever).empty(), row.old_flow_goes_on);
  EXPECT_EQ(service.serves(row.new_flows_pass ? kSoon : kNever), row.new_flows_pass);
  const Inside inside(place);
  const auto removed = Firewall::remove(state_file);
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_TRUE(service.serves(kSoon));
}

INSTANTIATE_TEST_SUITE_P(
    Firewall, KilledEngine,
    testing::Values(
        Case{.name = "GatewayAccept", .evil_arrives = true, .old_flow_goes_on = true},
        // Why a flow is blocked, and not only its packet: the retransmission finds nobody to ask.
        Case{.name = "GatewayDrop", .on_evil = Action::drop, .old_flow_goes_on = true},
        Case{.name = "GatewayBlock", .on_evil = Action::block},
        Case{.name = "GatewayBlockIpv6", .ipv6 = true, .on_evil = Action::block},
        Case{.name = "GatewayReject", .on_evil = Action::reject, .reset = true},
        Case{.name = "GatewayRejectIpv6", .ipv6 = true, .on_evil = Action::reject, .reset = true},
        Case{.name = "GatewayBlockFourQueues", .on_evil = Action::block, .queues = 4},
        Case{.name = "GatewayBlockFourQueuesIpv6", .ipv6 = true, .on_evil = Action::block, .queues = 4},
        Case{.name = "GatewayBlockNamedInterface", .on_evil = Action::block, .interfaces = {"g1"}},
        Case{.name = "GatewayClosed",
             .on_crash = OnFailure::closed,
             .evil_arrives = true,
             .new_flows_pass = false},
        Case{.name = "GatewayClosedBlock",
             .on_evil = Action::block,
             .on_crash = OnFailure::closed,
             .new_flows_pass = false},
        Case{.name = "GatewayRelease",
             .on_evil = Action::release,
             .on_crash = OnFailure::closed,
             .evil_arrives = true,
             .old_flow_goes_on = true,
             .new_flows_pass = false},
        Case{.name = "GatewayObserve",
             .on_evil = Action::block,
             .on_crash = OnFailure::closed,
             .observe = true,
             .evil_arrives = true,
             .old_flow_goes_on = true},
        Case{.name = "HostBlock", .place = Place::host, .on_evil = Action::block},
        Case{.name = "HostReject", .place = Place::host, .on_evil = Action::reject, .reset = true},
        Case{.name = "HostRejectIpv6",
             .place = Place::host,
             .ipv6 = true,
             .on_evil = Action::reject,
             .reset = true},
        Case{.name = "HostClosed",
             .place = Place::host,
             .on_crash = OnFailure::closed,
             .evil_arrives = true,
             .new_flows_pass = false},
        Case{.name = "BridgeAccept", .place = Place::bridge, .evil_arrives = true, .old_flow_goes_on = true},
        Case{.name = "BridgeBlock", .place = Place::bridge, .on_evil = Action::block},
        // A bridge without an address has no route for a reset: refused all the same, but in silence.
        Case{.name = "BridgeReject", .place = Place::bridge, .on_evil = Action::reject},
        Case{.name = "BridgeBlockIpv6", .place = Place::bridge, .ipv6 = true, .on_evil = Action::block},
        Case{.name = "BridgeBlockNamedPort",
             .place = Place::bridge,
             .on_evil = Action::block,
             .interfaces = {"g0"}},
        Case{.name = "BridgeClosed",
             .place = Place::bridge,
             .on_crash = OnFailure::closed,
             .evil_arrives = true,
             .new_flows_pass = false}),
    by_name);

// Conntrack forgets a flow whose first packet was refused; the set of refused tuples does not.
TEST(Firewall, RemembersAFlowRefusedAtItsFirstPacket) {
  const NetworkLab lab(NetworkLab::Middle::router);
  SKIP_WITHOUT_ROOT(lab);
  Engine engine(lab.gateway, {}, 1, Action::block);
  ASSERT_TRUE(engine.started());
  const Inside inside(lab.gateway);
  ASSERT_TRUE(Firewall::install({.state_file = testing::TempDir() + "none.json"}));
  const Service service(lab, false, SOCK_DGRAM);
  const UniqueFd evil = service.connect(kSoon);
  ASSERT_TRUE(send_text(evil, "EVIL"));
  EXPECT_EQ(text_from(service.listener, kNever), "");
  EXPECT_EQ(Firewall::refused_packets().value(), 0U) << "the engine refused that one";
  engine.kill();
  ASSERT_TRUE(send_text(evil, "EVIL"));
  EXPECT_EQ(text_from(service.listener, kNever), "");
  EXPECT_EQ(Firewall::refused_packets().value(), 1U);
  const UniqueFd other = service.connect(kSoon);
  ASSERT_TRUE(send_text(other, "other"));
  EXPECT_EQ(text_from(service.listener, kSoon), "other");
}

struct SplitCase {
  std::string name;
  bool ipv6;
};
class Split : public testing::TestWithParam<SplitCase> {};

TEST_P(Split, KeepsBothDirectionsOfAFlowInOneQueue) {
  const NetworkLab lab(NetworkLab::Middle::router);
  SKIP_WITHOUT_ROOT(lab);
  constexpr std::uint16_t kQueues = 4;
  const Engine engine(lab.gateway, {}, kQueues, Action::accept);
  ASSERT_TRUE(engine.started());
  const Inside inside(lab.gateway);
  ASSERT_TRUE(Firewall::install({.queues = kQueues, .state_file = testing::TempDir() + "none.json"}));
  // Half of the flows with a flow label on one direction only.
  const Service service(lab, GetParam().ipv6);
  run("ip netns exec " + lab.client + " sysctl -w net.ipv6.auto_flowlabels=0");
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(service.serves(kSoon));
  std::set<unsigned> used;
  unsigned flows = 0;
  for (const auto& queues : engine.seen().queues_of_port) {
    if (queues == 0) continue;
    ++flows;
    used.insert(queues);
    EXPECT_EQ(std::popcount(queues.load()), 1);
  }
  EXPECT_GE(flows, 40U);
  EXPECT_GE(used.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(Firewall, Split, testing::Values(SplitCase{"Ipv4", false}, SplitCase{"Ipv6", true}),
                         by_name);

}  // namespace
}  // namespace bansoko::capture
