// SPDX-License-Identifier: Apache-2.0
// The first byte chooses link (with the highest bits), trust and cut; the rest is the frame.
#include "shield/packet/decode.h"

#include <array>
#include <cstdlib>

#include "shield/packet/tunnel.h"

namespace {

using bansoko::Bytes;
using bansoko::packet::Anomaly;
using bansoko::packet::Carried;
using bansoko::packet::Frame;
using bansoko::packet::Link;
using bansoko::packet::Packet;

void require(bool claim) {
  if (!claim) std::abort();
}

bool is_inside(Bytes part, Bytes whole) {
  if (part.empty()) return true;
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check(const Packet& packet, const Frame& frame) {
  require(packet.frame.data() == frame.bytes.data() && packet.frame.size() == frame.bytes.size());
  require(is_inside(packet.ip, frame.bytes));
  require(is_inside(packet.payload, packet.ip));
  require(packet.is_ip() || (packet.payload.empty() && packet.ip.empty() && !packet.has_transport));
  require(packet.ip_version == 0 || packet.ip_version == 4 || packet.ip_version == 6);
  require(packet.vlan_count <= packet.vlan.size());
  require(!(packet.is_fragment && packet.has_transport));
  require(packet.is_fragment == (packet.more_fragments || packet.fragment_offset != 0));
  require(!packet.checksum_bad || !packet.anomalies.empty());
  require(packet.tcp.window_scale <= 14);
  require(packet.anomalies.has(Anomaly::frame_truncated) == (frame.wire_size > frame.bytes.size()));
  require(packet.cut == frame.wire_size - frame.bytes.size());
}

/// Goes into tunnels as deep as there are any: each is smaller than what is around it, so there is an end.
std::size_t walk(Packet packet, const Frame& frame, bool verify) {
  std::size_t depth = 0;
  while (true) {
    const Carried carried = carried_by(packet, {.verify_checksums = verify, .seed = 1});
    if (!carried.any()) return depth;
    require(carried.network != 0 && !packet.is_fragment && !packet.checksum_bad);
    require(is_inside(carried.bytes, packet.ip) && carried.bytes.size() < packet.ip.size());
    const Packet outer = packet;
    packet = decode_carried(outer, carried, {.verify_checksums = verify});
    check(packet, frame);
    ++depth;
    require(packet.depth == (depth & 0xffU) && packet.network != 0 && packet.number == outer.number);
    require(is_inside(packet.ip, carried.bytes) && packet.outermost.data() != nullptr);
  }
}

constexpr std::array kLinks{Link::ip,  Link::null, Link::linux_cooked, Link::linux_cooked_v2,
                            Link::ppp, Link::hdlc, Link::mpls,         Link::ip};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes = Bytes(data, size).subspan(1);
  const std::uint8_t how = data[0];
  const Frame frame{.bytes = bytes,
                    .link = (how & 1) != 0 ? kLinks[how >> 5U] : Link::ethernet,
                    .wire_size = static_cast<std::uint32_t>(
                        (how & 2) != 0 ? bytes.size() + (how >> 3U & 3U) * 4096U : bytes.size()),
                    .checksums_trusted = (how & 4) != 0};
  check(decode(frame, 1, {}), frame);
  // What is verified changes what is reported, never what is read.
  const Packet verified = decode(frame, 1, {.verify_checksums = true});
  const Packet unverified = decode(frame, 1, {.verify_checksums = false});
  require(!unverified.checksum_bad);
  require(verified.payload.size() == unverified.payload.size());
  require(verified.has_transport == unverified.has_transport);
  require(walk(verified, frame, true) <= walk(unverified, frame, false));
  return 0;
}
