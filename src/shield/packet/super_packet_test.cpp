// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "shield/packet/decode.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"

namespace bansoko::packet {
namespace {

using traffic::extension;
using traffic::IpFields;
using traffic::Octets;
using traffic::v6;

constexpr std::uint8_t kHopByHop = 0;

struct SuperCase {
  std::string_view name;
  IpFields ip;
  std::size_t data;
  bool trusted;
  std::optional<Anomaly> anomaly;
  std::size_t payload;
  bool from_file = false;
};

class DecodesSuperPacket : public testing::TestWithParam<SuperCase> {};

TEST_P(DecodesSuperPacket, Bytes) {
  const SuperCase& row = GetParam();
  const Octets bytes = traffic::tcp_packet(row.ip, {}, std::string(row.data, 'x'));
  const Packet packet = decode({.bytes = bytes,
                                .link = Link::ip,
                                .checksums_trusted = row.trusted,
                                .may_be_unsegmented = row.from_file},
                               1, {});
  AnomalySet expected;
  if (row.anomaly) expected.add(*row.anomaly);
  EXPECT_EQ(packet.anomalies, expected);
  EXPECT_EQ(packet.payload.size(), row.payload);
}

INSTANTIATE_TEST_SUITE_P(
    Decode, DecodesSuperPacket,
    testing::Values(
        SuperCase{"Ipv4Largest", {}, 65495, false, std::nullopt, 65495},
        SuperCase{"Ipv4LengthZero", {.stated_length = 0}, 100'000, true, std::nullopt, 100'000},
        SuperCase{
            "Ipv4LengthZeroFromTheWire", {.stated_length = 0}, 100'000, false, Anomaly::ipv4_total_length, 0},
        SuperCase{"Ipv4LengthZeroFromAFile", {.stated_length = 0}, 2'900, false, std::nullopt, 2'900, true},
        SuperCase{"Ipv4LengthOneFromAFile",
                  {.stated_length = 1},
                  2'900,
                  false,
                  Anomaly::ipv4_total_length,
                  0,
                  true},
        SuperCase{"Ipv6Largest", {.source = v6(1), .dest = v6(2)}, 65515, false, std::nullopt, 65515},
        SuperCase{"Ipv6Jumbo",
                  {.source = v6(1),
                   .dest = v6(2),
                   .extensions = {extension(kHopByHop, {0xc2, 4, 0, 1, 0x86, 0xbc})},
                   .stated_length = 0},
                  100'000,
                  false,
                  std::nullopt,
                  100'000},
        SuperCase{"Ipv6JumboBeyondEnd",
                  {.source = v6(1),
                   .dest = v6(2),
                   .extensions = {extension(kHopByHop, {0xc2, 4, 0, 1, 0x86, 0xbd})},
                   .stated_length = 0},
                  100'000,
                  false,
                  Anomaly::ipv6_payload_length,
                  100'000},
        SuperCase{"Ipv6LengthZero",
                  {.source = v6(1), .dest = v6(2), .stated_length = 0},
                  100'000,
                  true,
                  std::nullopt,
                  100'000},
        SuperCase{"Ipv6LengthZeroFromTheWire",
                  {.source = v6(1), .dest = v6(2), .stated_length = 0},
                  100'000,
                  false,
                  Anomaly::tcp_header_truncated,
                  0},
        SuperCase{"Ipv6LengthZeroFromAFile",
                  {.source = v6(1), .dest = v6(2), .stated_length = 0},
                  2'900,
                  false,
                  std::nullopt,
                  2'900,
                  true}),
    by_name);

}  // namespace
}  // namespace bansoko::packet
