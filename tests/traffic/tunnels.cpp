// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/tunnels.h"

#include "shield/packet/checksum.h"

namespace bansoko::traffic {
namespace {

/// Big-endian numbers, one after the other.
class Out {
 public:
  Out& u8(std::uint32_t value) { return put(value, 1); }
  Out& u16(std::uint32_t value) { return put(value, 2); }
  Out& u24(std::uint32_t value) { return put(value, 3); }
  Out& u32(std::uint32_t value) { return put(value, 4); }
  Out& bytes(Bytes bytes) {
    octets_.insert(octets_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Octets take() { return std::move(octets_); }

 private:
  Out& put(std::uint32_t value, int size) {
    for (int i = size - 1; i >= 0; --i) octets_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  Octets octets_;
};

}  // namespace

Octets joined(const std::vector<Octets>& parts) {
  Out out;
  for (const Octets& part : parts) out.bytes(part);
  return out.take();
}

Octets gre(const GreFields& fields, Bytes payload) {
  const bool checksum = fields.checksum || fields.bad_checksum;
  std::uint32_t flags = fields.version;
  if (checksum) flags |= 0x8000U;
  if (fields.routes) flags |= 0x4000U;
  if (fields.key) flags |= 0x2000U;
  if (fields.sequence) flags |= 0x1000U;
  Out out;
  out.u16(flags).u16(fields.type);
  if (checksum || fields.routes) out.u32(0);
  if (fields.key) out.u32(*fields.key);
  if (fields.sequence) out.u32(*fields.sequence);
  if (fields.routes) out.bytes(*fields.routes);
  Octets packet = out.bytes(payload).take();
  if (!checksum) return packet;
  packet::Checksum sum;
  sum.add(packet);
  const std::uint16_t value = sum.value() ^ (fields.bad_checksum ? 1U : 0U);
  packet[4] = static_cast<std::uint8_t>(value >> 8U);
  packet[5] = static_cast<std::uint8_t>(value);
  return packet;
}

Octets pptp(std::uint16_t call, Bytes ppp_frame, std::optional<std::uint16_t> stated) {
  const auto size = static_cast<std::uint16_t>(ppp_frame.size());
  return Out()
      .u16(0x3081)
      .u16(0x880b)
      .u16(stated.value_or(size))
      .u16(call)
      .u32(1)
      .u32(2)
      .bytes(ppp_frame)
      .take();
}

Octets ppp(std::uint16_t protocol, Bytes payload, bool with_address) {
  Out out;
  if (with_address) out.u16(0xff03);
  return out.u16(protocol).bytes(payload).take();
}

Octets pppoe(std::uint16_t session, Bytes ppp_frame, std::optional<std::uint16_t> stated) {
  const auto size = static_cast<std::uint16_t>(ppp_frame.size());
  return Out().u16(0x1100).u16(session).u16(stated.value_or(size)).bytes(ppp_frame).take();
}

Octets mpls(std::vector<std::uint32_t> labels, Bytes payload) {
  Out out;
  for (std::size_t i = 0; i < labels.size(); ++i)
    out.u32(labels[i] << 12U | (i + 1 == labels.size() ? 0x100U : 0U) | 64U);
  return out.bytes(payload).take();
}

Octets vxlan(std::uint32_t network, Bytes frame, std::uint8_t flags) {
  return Out().u8(flags).u24(0).u24(network).u8(0).bytes(frame).take();
}

Octets geneve(std::uint32_t network, std::uint16_t type, Bytes payload, Octets options) {
  const auto words = static_cast<std::uint32_t>(options.size() / 4);
  return Out().u8(words).u8(0).u16(type).u24(network).u8(0).bytes(options).bytes(payload).take();
}

Octets erspan(std::uint8_t version, std::uint16_t session, Bytes frame) {
  Out out;
  out.u16(std::uint32_t{version} << 12U | 7U).u16(session).u32(0);
  if (version == 2) out.u32(0);
  return out.bytes(frame).take();
}

Octets over_udp(std::uint16_t port, Bytes payload, const IpFields& ip, std::uint16_t source_port) {
  return udp_packet(ip, {.source_port = source_port, .dest_port = port}, as_text(payload));
}

}  // namespace bansoko::traffic
