// SPDX-License-Identifier: Apache-2.0
// What a host's system and its distance make of packets that contradict each other.
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/pipeline.h"
#include "shield/engine/pipeline_line.h"
#include "tests/traffic/frames.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::engine {
namespace {

using packet::Action;
using traffic::From;
using traffic::Octets;
using traffic::TestTcp;

constexpr std::string_view kDrop =
    "drop tcp any any -> any any (msg:\"evil\"; flow:established,to_server; content:\"EVIL\"; sid:1;)\n";
constexpr std::string_view kUdp = "drop udp any any -> any 53 (msg:\"udp\"; content:\"EVIL\"; sid:5;)\n";

/// "GET /AVIL" and then "EVIL" in its place, behind a hole that the last segment fills.
std::vector<Octets> contradiction() {
  TestTcp tcp;
  tcp.handshake()
      .segment(From::client, 4, "xxxx")
      .segment(From::client, 2, "__EVIL")
      .segment(From::client, 0, "__");
  return tcp.frames();
}

ShieldSettings settings_for(Mode mode, std::string_view system) {
  ShieldSettings settings = small_settings(mode);
  auto table = std::make_shared<packet::HostTable>();
  EXPECT_TRUE(table->set_system("10.0.0.2", system == "bsd" ? packet::System::bsd : packet::System::first));
  EXPECT_TRUE(table->set_hops("10.0.0.2", 3));
  settings.flows.hosts = table;
  return settings;
}

TEST(PipelineHosts, WhatTheHostsSystemTakesIsInspectedWhereItArrives) {
  Line first(kDrop, settings_for(Mode::observe, "first"));
  first.send_all(contradiction());
  EXPECT_EQ(first.alerts(), "");
  Line bsd(kDrop, settings_for(Mode::observe, "bsd"));
  bsd.send_all(contradiction());
  EXPECT_EQ(bsd.alerts(), "1:rule");
  ShieldSettings passing = settings_for(Mode::enforce, "bsd");
  passing.streams.on_conflict = flow::OnLimit::pass;
  Line line(kDrop, passing);
  EXPECT_EQ(line.send_all(contradiction()), "aaaaab");
}

TEST(PipelineHosts, BothCopiesOfAConflictAreTold) {
  for (const Mode mode : {Mode::observe, Mode::enforce}) {
    Line line(kDrop, settings_for(mode, "first"));
    line.send_all(contradiction());
    const auto records = line.records();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].reason, Reason::conflicting_retransmission);
    EXPECT_EQ(records[0].conflict.offset, 4U);
    EXPECT_EQ(as_text(records[0].conflict.earlier_bytes()), "xxxx");
    EXPECT_EQ(as_text(records[0].conflict.later_bytes()), "EVIL");
  }
}

TEST(PipelineHosts, WhatDoesNotReachTheHostIsNotItsStream) {
  Line line(kDrop, settings_for(Mode::enforce, "first"));
  TestTcp tcp;
  line.send_all(tcp.handshake().frames());
  const auto segment = [](std::string_view bytes, std::uint8_t ttl, std::uint8_t flags) {
    return traffic::ethernet(traffic::tcp_packet(
        {.ttl = ttl}, {.sequence = 1001, .acknowledgement = 5001, .flags = flags}, bytes));
  };
  for (const std::uint8_t flags : {packet::TcpFlag::ack, packet::TcpFlag::rst, packet::TcpFlag::syn})
    EXPECT_EQ(line.send(segment("xxxx", 3, flags)), Action::drop);
  const auto records = line.records();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].reason, Reason::ttl_too_low);
  const auto& counters = line.pipeline().counters();
  EXPECT_EQ(counters.anomalies[static_cast<std::size_t>(packet::Anomaly::ip_ttl_too_low)].value(), 3U);
  EXPECT_EQ(line.pipeline().flows().created.value(), 1U);
  tcp = TestTcp();
  tcp.handshake().client("EVIL");
  EXPECT_EQ(line.send(tcp.frames().back()), Action::block) << "the reset and the decoy did not count";
}

TEST(PipelineHosts, FragmentsAreTakenAsTheHostDoes) {
  for (const auto& [system, alerts] : {std::pair{"first", ""}, std::pair{"bsd", "5:rule"}}) {
    Line line(kUdp, settings_for(Mode::observe, system));
    const traffic::IpFields ip{.id = 7};
    const Octets good = traffic::udp_datagram(ip, {.no_checksum = true}, "0123456789abcdefEVILxxxxzzzzzzzz");
    const Octets decoy(good.size(), 'y');
    const auto send = [&](const Octets& whole, std::size_t offset, std::size_t size) {
      line.send(traffic::ethernet(traffic::fragment(ip, packet::udp, whole, offset, size)));
    };
    send(decoy, 24, 8);  // where EVIL is
    send(good, 16, 16);
    send(good, 32, 8);
    send(good, 0, 16);
    EXPECT_EQ(line.alerts(), alerts) << system;
  }
}

}  // namespace
}  // namespace bansoko::engine
