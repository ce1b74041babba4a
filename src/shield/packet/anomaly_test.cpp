// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/anomaly.h"

#include <set>

#include <gtest/gtest.h>

namespace bansoko::packet {
namespace {

TEST(Anomaly, EachHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kAnomalyCount; ++i) {
    const std::string_view name = name_of(static_cast<Anomaly>(i));
    const auto dot = name.find('.');
    ASSERT_NE(dot, std::string_view::npos) << name;
    EXPECT_TRUE(dot > 0 && dot + 1 < name.size()) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.046"), std::string_view::npos) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

// The names are a table in the order of the enumerators: one from each group shows that none has slipped.
TEST(Anomaly, NamesStandInOrder) {
  EXPECT_EQ(name_of(Anomaly::frame_truncated), "frame.truncated");
  EXPECT_EQ(name_of(Anomaly::vlan_too_deep), "vlan.too_deep");
  EXPECT_EQ(name_of(Anomaly::ipv4_header_truncated), "ipv4.header_truncated");
  EXPECT_EQ(name_of(Anomaly::ipv6_extension_order), "ipv6.extension_order");
  EXPECT_EQ(name_of(Anomaly::ipv6_data_after_end), "ipv6.data_after_end");
  EXPECT_EQ(name_of(Anomaly::ip_inner_version), "ip.inner_version");
  EXPECT_EQ(name_of(Anomaly::icmp_other_version), "icmp.other_version");
  EXPECT_EQ(name_of(Anomaly::fragment_overlap), "fragment.overlap");
  EXPECT_EQ(name_of(Anomaly::tcp_checksum), "tcp.checksum");
  EXPECT_EQ(name_of(Anomaly::udp_length), "udp.length");
  EXPECT_EQ(name_of(Anomaly::icmpv6_checksum), "icmpv6.checksum");
  EXPECT_EQ(name_of(Anomaly::stream_gap), "stream.gap");
  EXPECT_EQ(name_of(Anomaly::flow_limit), "flow.limit");
}

TEST(AnomalySet, HoldsWhatWasAdded) {
  AnomalySet set;
  EXPECT_TRUE(set.empty());
  set.add(Anomaly::flow_limit);
  EXPECT_TRUE(set.has(Anomaly::flow_limit));
  EXPECT_FALSE(set.has(Anomaly::frame_truncated));
  AnomalySet other;
  other.add(Anomaly::frame_truncated);
  set.merge(other);
  EXPECT_TRUE(set.has(Anomaly::frame_truncated) && set.has(Anomaly::flow_limit));
}

}  // namespace
}  // namespace bansoko::packet
