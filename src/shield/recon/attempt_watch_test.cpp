// SPDX-License-Identifier: Apache-2.0
#include "shield/recon/attempt_watch.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/flow_table.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::recon {
namespace {

using flow::Side;
using packet::Address;
using packet::Packet;
using packet::Protocol;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Address kFrom = Address::v4(10, 0, 0, 1);
constexpr Address kTo = Address::v4(10, 0, 0, 2);
constexpr std::uint32_t kFlows = 8;

/// One line of a conversation: "c S" is a SYN of the client, "s SA" the answer, "c A" the right
/// acknowledgement, "c W" a wrong one, "R" a reset, "F" FIN, "N" no flag, "U" a datagram, "wait" 3 seconds.
class Talk final : flow::FlowListener, AttemptSink {
 public:
  explicit Talk(std::uint32_t flows = kFlows, nanoseconds answer_time = seconds(3))
      : watch_(flows, answer_time, *this), flows_({.max_flows = flows}, 1, *this) {}

  Talk& say(const std::string& line, std::uint16_t from_port = 40000, std::uint16_t to_port = 80,
            const Address& to = kTo) {
    if (line == "wait") {
      now_ += seconds(3);
      watch_.expire(now_);
      return *this;
    }
    now_ += milliseconds(1);
    const bool client = line[0] == 'c';
    Packet packet;
    packet.arrived = now_;
    packet.ip_version = 4;
    packet.has_transport = true;
    packet.source = client ? kFrom : to;
    packet.dest = client ? to : kFrom;
    packet.source_port = client ? from_port : to_port;
    packet.dest_port = client ? to_port : from_port;
    packet.protocol = line.find('U') == std::string::npos ? Protocol::tcp : Protocol::udp;
    for (const char flag : line.substr(2)) packet.tcp.flags = packet.tcp.flags | flag_of(flag);
    packet.tcp.sequence = client ? 1000 : 5000;
    packet.tcp.acknowledgement = line.find('W') == std::string::npos ? 5001 : 5002;
    const auto found = flows_.track(packet);
    if (found.flow != nullptr) watch_.see(*found.flow, found.side, packet, found.created);
    return *this;
  }
  void finish() {
    watch_.finish(now_);
    flows_.clear();
  }
  const std::string& told() const { return told_; }
  const std::vector<Attempt>& attempts() const { return attempts_; }

 private:
  static std::uint8_t flag_of(char flag) {
    switch (flag) {
      case 'S':
        return packet::TcpFlag::syn;
      case 'A':
      case 'W':
        return packet::TcpFlag::ack;
      case 'R':
        return packet::TcpFlag::rst;
      case 'F':
        return packet::TcpFlag::fin;
      default:
        return 0;
    }
  }
  void on_flow_end(flow::Flow& flow) noexcept override { watch_.end(flow); }
  void on_attempt(const Attempt& attempt) noexcept override {
    told_ += "fap"[static_cast<std::size_t>(attempt.outcome)];
    if (attempts_.size() < attempts_.capacity()) attempts_.push_back(attempt);
  }

  AttemptWatch watch_;
  flow::FlowTable flows_;
  nanoseconds now_ = seconds(1000);
  std::string told_;
  std::vector<Attempt> attempts_ = [] {
    std::vector<Attempt> room;
    room.reserve(64);
    return room;
  }();
};

struct Case {
  std::string name;
  std::vector<std::string> lines;
  std::string told;  // f(ailed), a(nswered), p(roven)
  std::uint16_t from_port = 40000;
  std::uint16_t to_port = 80;
  Address to = kTo;
};

class Outcomes : public testing::TestWithParam<Case> {};

TEST_P(Outcomes, AreTold) {
  Talk talk;
  for (const std::string& line : GetParam().lines)
    talk.say(line, GetParam().from_port, GetParam().to_port, GetParam().to);
  EXPECT_EQ(talk.told(), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    AttemptWatch, Outcomes,
    testing::Values(Case{"SynAlone", {"c S"}, ""}, Case{"Unanswered", {"c S", "c S", "c S", "wait"}, "f"},
                    Case{"Refused", {"c S", "s RA"}, "f"}, Case{"RefusedOnce", {"c S", "s RA", "wait"}, "f"},
                    Case{"Handshake", {"c S", "s SA", "c A"}, "p"},
                    Case{"HandshakeThenTraffic", {"c S", "s SA", "c A", "s A", "c A", "s RA", "wait"}, "p"},
                    // Who forges a source cannot know what the answer said.
                    Case{"GuessedAcknowledgement", {"c S", "s SA", "c W", "wait"}, "a"},
                    Case{"WrongThenRightAcknowledgement", {"c S", "s SA", "c W", "c A"}, "p"},
                    Case{"AcknowledgedBeforeTheAnswer", {"c S", "c A", "wait"}, "f"},
                    // nmap -sS, and just as well a host whose address was forged.
                    Case{"ResetAfterTheAnswer", {"c S", "s SA", "c R"}, "a"},
                    Case{"ResetThatAcknowledges", {"c S", "s SA", "c RA"}, "a"},
                    Case{"HalfOpen", {"c S", "s SA", "wait"}, "a"},
                    Case{"AnswerIsNoSyn", {"c S", "s A"}, "a"}, Case{"FinScan", {"c F", "s RA"}, "f"},
                    Case{"NullScan", {"c N", "wait"}, "f"}, Case{"SynFin", {"c SF", "wait"}, "f"},
                    Case{"AckScanIsNotTold", {"c A", "s R", "wait"}, ""},
                    Case{"ResetAlone", {"c R", "wait"}, ""}, Case{"Midstream", {"s A", "c A", "wait"}, ""},
                    Case{"DatagramAnswered", {"c U", "s U"}, "a"},
                    Case{"DatagramUnanswered", {"c U", "c U", "wait"}, "f"},
                    Case{"DatagramThatLooksLikeAnAnswer", {"c U", "wait"}, "", 53, 40000},
                    Case{"BetweenLowPorts", {"c U", "wait"}, "f", 123, 123},
                    Case{"ToSeveral", {"c U", "wait"}, "", 40000, 1900, Address::v4(239, 255, 255, 250)},
                    Case{"ToAll", {"c U", "wait"}, "", 40000, 137, Address::v4(255, 255, 255, 255)},
                    Case{"Traceroute", {"c U", "wait"}, "", 40000, 33434},
                    Case{"TracerouteLast", {"c U", "wait"}, "", 40000, 33534},
                    Case{"BeyondTraceroute", {"c U", "wait"}, "f", 40000, 33535},
                    Case{"ANewOneOnTheSamePorts", {"c S", "s RA", "wait", "c A", "wait"}, "f"}),
    by_name);

TEST(AttemptWatch, TellsWhoAndWhere) {
  Talk talk;
  talk.say("c S").say("s RA");
  ASSERT_EQ(talk.attempts().size(), 1U);
  const Attempt& attempt = talk.attempts().front();
  EXPECT_EQ(attempt.source, kFrom);
  EXPECT_EQ(attempt.dest, kTo);
  EXPECT_EQ(attempt.source_port, 40000);
  EXPECT_EQ(attempt.dest_port, 80);
  EXPECT_EQ(attempt.protocol, Protocol::tcp);
}

// A scan faster than the flow table is wide: a flow that gives way has failed, and nothing is allocated.
TEST(AttemptWatch, CountsWhatTheFlowTableGivesUp) {
  Talk talk;
  for (std::uint16_t port = 1; port <= 20; ++port) talk.say("c S", 40000, port);
  EXPECT_EQ(talk.told(), std::string(20 - kFlows, 'f'));
  const AllocationCounter allocations;
  for (std::uint16_t port = 21; port <= 22; ++port) talk.say("c S", 40000, port);
  EXPECT_EQ(allocations.count(), 0U);
}

TEST(AttemptWatch, LeavesTheLastSecondUndecided) {
  Talk talk;
  talk.say("c S", 40000, 1);
  for (int i = 0; i < 1000; ++i) talk.say("c A", 40001, 9);
  talk.say("c S", 40000, 2);
  talk.finish();
  EXPECT_EQ(talk.told(), "f");
}

TEST(AttemptWatch, WatchesNothingWithoutATime) {
  Talk talk(kFlows, nanoseconds(0));
  talk.say("c S").say("s RA").say("c S", 40001).say("wait");
  talk.finish();
  EXPECT_EQ(talk.told(), "");
}

}  // namespace
}  // namespace bansoko::recon
