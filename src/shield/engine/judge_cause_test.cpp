// SPDX-License-Identifier: Apache-2.0
// What judge() is told, and what it tells besides its decision.
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "shield/engine/judge.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using packet::Anomaly;

struct DiscoveryCase {
  std::string_view name;
  std::uint8_t protocol;
  std::uint8_t type;
  std::uint8_t ttl;
  bool has_transport;
  bool expected;
};

class NeighbourDiscovery : public testing::TestWithParam<DiscoveryCase> {};

TEST_P(NeighbourDiscovery, IsTold) {
  const DiscoveryCase& row = GetParam();
  packet::Packet packet;
  packet.protocol = row.protocol;
  packet.icmp_type = row.type;
  packet.ttl = row.ttl;
  packet.has_transport = row.has_transport;
  EXPECT_EQ(is_neighbour_discovery(packet), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Judge, NeighbourDiscovery,
    testing::Values(DiscoveryCase{"RouterSolicitation", packet::icmpv6, 133, 255, true, true},
                    DiscoveryCase{"Redirect", packet::icmpv6, 137, 255, true, true},
                    DiscoveryCase{"Echo", packet::icmpv6, 128, 255, true, false},
                    DiscoveryCase{"TypeBefore", packet::icmpv6, 132, 255, true, false},
                    DiscoveryCase{"TypeAfter", packet::icmpv6, 138, 255, true, false},
                    DiscoveryCase{"Forwarded", packet::icmpv6, 135, 254, true, false},
                    DiscoveryCase{"HeaderUnread", packet::icmpv6, 135, 255, false, false},
                    DiscoveryCase{"IcmpOfIpv4", packet::icmp, 135, 255, true, false}),
    by_name);

struct CauseCase {
  std::string_view name;
  Reason reason;
  std::vector<Anomaly> anomalies;
  std::string_view cause;
};
class Cause : public testing::TestWithParam<CauseCase> {};

TEST_P(Cause, IsTheAnomalyItself) {
  packet::AnomalySet set;
  for (const Anomaly anomaly : GetParam().anomalies) set.add(anomaly);
  EXPECT_EQ(cause_of(GetParam().reason, set), GetParam().cause);
}

INSTANTIATE_TEST_SUITE_P(
    Judge, Cause,
    testing::Values(
        CauseCase{"Window", Reason::stream, {Anomaly::stream_outside_window}, "stream.outside_window"},
        CauseCase{"Flags", Reason::stream, {Anomaly::tcp_flags_invalid}, "tcp.flags_invalid"},
        CauseCase{"Closed", Reason::stream, {Anomaly::stream_data_after_close}, "stream.data_after_close"},
        CauseCase{"Reset",
                  Reason::stream,
                  {Anomaly::tcp_options_malformed, Anomaly::stream_reset_outside_window},
                  "stream.reset_outside_window"},
        CauseCase{"FragmentChecksum", Reason::fragment_broken, {Anomaly::ipv4_checksum}, "ipv4.checksum"},
        CauseCase{"Unknown", Reason::stream, {}, "stream"}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
