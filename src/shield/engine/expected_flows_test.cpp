// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/expected_flows.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using flow::Side;
using packet::Address;
using std::chrono::seconds;

const Address kA = Address::v4(192, 0, 2, 1);
const Address kB = Address::v4(192, 0, 2, 2);

flow::Flow flow_of(const Address& client, const Address& server, std::uint16_t port,
                   seconds now = seconds(100)) {
  flow::Flow flow;
  flow.key.client = client;
  flow.key.server = server;
  flow.key.client_port = 40000;
  flow.key.server_port = port;
  flow.key.protocol = packet::Protocol::tcp;
  flow.last_seen = now;
  return flow;
}

struct Case {
  std::string name;
  Side listener;
  flow::Flow comes;
  bool is_it;
};

class Expected : public testing::TestWithParam<Case> {};

TEST_P(Expected, IsTakenOnce) {
  ExpectedFlows flows(4);
  flows.add(flow_of(kA, kB, 21), {.listener = GetParam().listener, .port = 2000, .purpose = 7, .label = "x"},
            3);
  const auto found = flows.take(GetParam().comes);
  ASSERT_EQ(found.has_value(), GetParam().is_it);
  if (!found) return;
  EXPECT_EQ(found->protocol, 3u);
  EXPECT_EQ(found->announced.purpose, 7u);
  EXPECT_EQ(found->announced.label, "x");
  EXPECT_FALSE(flows.take(GetParam().comes));
}

flow::Flow in_vlan(flow::Flow flow) {
  flow.key.vlan = 7;
  return flow;
}
flow::Flow in_tunnel(flow::Flow flow) {
  flow.key.network = 7;
  return flow;
}

INSTANTIATE_TEST_SUITE_P(
    Flows, Expected,
    testing::Values(Case{"ToTheServer", Side::server, flow_of(kA, kB, 2000), true},
                    Case{"ToTheClient", Side::client, flow_of(kB, kA, 2000), true},
                    Case{"WrongWay", Side::server, flow_of(kB, kA, 2000), false},
                    Case{"WrongPort", Side::server, flow_of(kA, kB, 2001), false},
                    Case{"AnotherVlan", Side::server, in_vlan(flow_of(kA, kB, 2000)), false},
                    Case{"AnotherNetwork", Side::server, in_tunnel(flow_of(kA, kB, 2000)), false},
                    Case{"InTime", Side::server, flow_of(kA, kB, 2000, seconds(130)), true},
                    Case{"TooLate", Side::server, flow_of(kA, kB, 2000, seconds(131)), false}),
    by_name);

TEST(ExpectedFlows, ForgetsTheOldestForOneMore) {
  ExpectedFlows flows(2);
  for (std::uint16_t i = 0; i < 3; ++i) flows.add(flow_of(kA, kB, 21, seconds(100 + i)), {.port = i}, 0);
  EXPECT_EQ(flows.forgotten().value(), 1u);
  EXPECT_FALSE(flows.take(flow_of(kA, kB, 0)));
  EXPECT_TRUE(flows.take(flow_of(kA, kB, 1)));
  EXPECT_TRUE(flows.take(flow_of(kA, kB, 2)));
}

TEST(ExpectedFlows, OneThatIsLateGivesWayUncounted) {
  ExpectedFlows flows(1);
  flows.add(flow_of(kA, kB, 21), {.port = 1}, 0);
  flows.add(flow_of(kA, kB, 21, seconds(131)), {.port = 2}, 0);
  EXPECT_EQ(flows.forgotten().value(), 0u);
  EXPECT_TRUE(flows.take(flow_of(kA, kB, 2, seconds(131))));
}

TEST(ExpectedFlows, TheSameAgainReplaces) {
  ExpectedFlows flows(2);
  flows.add(flow_of(kA, kB, 21), {.port = 1, .label = "old"}, 0);
  flows.add(flow_of(kA, kB, 21), {.port = 1, .label = std::string(300, 'n')}, 0);
  EXPECT_EQ(flows.take(flow_of(kA, kB, 1))->announced.label, std::string(256, 'n'));
  EXPECT_FALSE(flows.take(flow_of(kA, kB, 1)));
}

}  // namespace
}  // namespace bansoko::engine
