// SPDX-License-Identifier: Apache-2.0
// decode() stays inside its frame and takes no memory.
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/packet/decode.h"
#include "tests/allocations.h"
#include "tests/traffic/test_tcp.h"

namespace bansoko::packet {
namespace {

using traffic::ethernet;
using traffic::Extension;
using traffic::extension;
using traffic::IpFields;
using traffic::Octets;
using traffic::tcp_packet;
using traffic::to_bytes;
using traffic::v6;

constexpr std::uint8_t kHopByHop = 0;
const Extension kAuthentication{51, {2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}};

Packet decoded(const Octets& bytes, Link link = Link::ethernet) {
  return decode({.bytes = bytes, .link = link}, 1, {});
}

IpFields six(std::vector<Extension> extensions = {}) {
  return {.source = v6(1), .dest = v6(2), .extensions = std::move(extensions)};
}

TEST(DecodeMemory, EveryShorterFrameStaysInsideIt) {
  const Octets frame = ethernet(
      tcp_packet(six({extension(kHopByHop), kAuthentication}), {.options = to_bytes({.mss = 1})}, "data"),
      {.vlans = {1}});
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const Octets cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(decoded(cut).anomalies.empty()) << size;
  }
}

TEST(DecodeMemory, AllocatesNothing) {
  const Octets frame =
      ethernet(tcp_packet(six({extension(kHopByHop)}), {.options = to_bytes({.mss = 1})}, "data"));
  const AllocationCounter allocations;
  const Packet packet = decoded(frame);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_TRUE(packet.has_transport);
}

}  // namespace
}  // namespace bansoko::packet
