// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shield/packet/decode.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"

namespace bansoko::packet {
namespace {

using traffic::Octets;

struct OptionCase {
  std::string_view name;
  Octets options;
  bool malformed;
  int mss;           // -1: absent
  int window_scale;  // -1: absent
  bool timestamp;
  bool is_signed = false;
};

class DecodesTcpOptions : public testing::TestWithParam<OptionCase> {};

TEST_P(DecodesTcpOptions, Bytes) {
  const OptionCase& row = GetParam();
  const Octets frame = traffic::tcp_packet({}, {.flags = syn, .options = row.options});
  const Packet packet = decode({.bytes = frame, .link = Link::ip}, 1, {});
  EXPECT_EQ(packet.anomalies.has(Anomaly::tcp_options_malformed), row.malformed);
  EXPECT_EQ(packet.tcp.has_mss ? packet.tcp.mss : -1, row.mss);
  EXPECT_EQ(packet.tcp.has_window_scale ? packet.tcp.window_scale : -1, row.window_scale);
  EXPECT_EQ(packet.tcp.has_timestamp, row.timestamp);
  EXPECT_EQ(packet.tcp.is_signed, row.is_signed);
}

INSTANTIATE_TEST_SUITE_P(
    Decode, DecodesTcpOptions,
    testing::Values(OptionCase{"None", {}, false, -1, -1, false},
                    OptionCase{"All",
                               traffic::to_bytes(
                                   {.mss = 1460, .window_scale = 7, .sack_permitted = true, .timestamp = 1}),
                               false, 1460, 7, true},
                    OptionCase{"EndHidesTheRest", {0, 2, 4, 5}, false, -1, -1, false},
                    OptionCase{"ScaleAboveLimit", {3, 3, 15, 0}, false, -1, 14, false},
                    OptionCase{"Signature",
                               {19, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1},
                               false,
                               -1,
                               -1,
                               false,
                               true},
                    OptionCase{"Authentication", {29, 4, 1, 1}, false, -1, -1, false, true},
                    OptionCase{"Unknown", {254, 4, 1, 2}, false, -1, -1, false},
                    OptionCase{"SizeZero", {2, 0, 5, 180, 3, 3, 7, 0}, true, -1, -1, false},
                    OptionCase{"SizeOne", {2, 1, 5, 180}, true, -1, -1, false},
                    OptionCase{"BeyondHeader", {2, 5, 5, 180}, true, -1, -1, false},
                    OptionCase{"KindWithoutSize", {1, 1, 1, 2}, true, -1, -1, false},
                    OptionCase{"WrongSizeIsSkipped", {2, 3, 5, 3, 3, 7, 0, 0}, true, -1, 7, false},
                    OptionCase{"SackPermittedOfThree", {4, 3, 0, 0}, true, -1, -1, false}),
    by_name);

}  // namespace
}  // namespace bansoko::packet
