// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rdp/pdu.h"

namespace bansoko::proto::rdp {
namespace {

enum NegotiationType : std::uint8_t { request = 1, response = 2, failure = 3 };
constexpr std::size_t kNegotiationSize = 8;

}  // namespace

AnomalyBits Pdu::read(Bytes tpkt) noexcept {
  code = std::nullopt;
  negotiation = {};
  mcs = {};
  channels.clear();
  ByteReader in(tpkt);
  in.skip(kTpktHeader);
  const std::size_t stated = in.u8();
  const std::uint8_t first = in.u8();
  if (!in.ok()) return bit(malformed_x224);
  code = first & 0xf0U;
  if (*code == data_tpdu) {
    in.skip(1);  // the end mark: nothing is sent in parts
    if (!in.ok()) return bit(malformed_x224);
    return read_mcs(in.rest(), mcs, channels) | (stated == 2 ? 0 : bit(malformed_x224));
  }
  const AnomalyBits anomalies = stated == in.rest().size() + 1 ? 0 : bit(malformed_x224);
  if (*code != connection_request && *code != connection_confirm) return anomalies;
  in.skip(2 + 2 + 1);  // both references, class
  if (!in.ok()) return bit(malformed_x224);
  return anomalies | (*code == connection_request ? read_request(in) : read_confirm(in));
}

AnomalyBits Pdu::read_request(ByteReader in) noexcept {
  constexpr std::string_view kLineEnd = "\r\n";
  if (!in.rest().empty() && in.rest().front() != request) {
    const std::size_t end = as_text(in.rest()).find(kLineEnd);
    const bool has_end = end != std::string_view::npos;
    negotiation.cookie = in.take(has_end ? end : in.rest().size());
    if (has_end) in.skip(kLineEnd.size());
  }
  if (in.rest().empty()) return 0;
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  const std::uint16_t size = in.u16le();
  const std::uint32_t protocols = in.u32le();
  if (!in.ok() || type != request) return bit(malformed_negotiation);
  negotiation.flags = flags;
  negotiation.requested_protocols = protocols;
  return size == kNegotiationSize ? 0 : bit(malformed_negotiation);
}

AnomalyBits Pdu::read_confirm(ByteReader in) noexcept {
  if (in.rest().empty()) return 0;
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  const std::uint16_t size = in.u16le();
  const std::uint32_t value = in.u32le();
  if (!in.ok() || (type != response && type != failure)) return bit(malformed_negotiation);
  negotiation.flags = flags;
  (type == response ? negotiation.selected_protocol : negotiation.failure_code) = value;
  return size == kNegotiationSize ? 0 : bit(malformed_negotiation);
}

}  // namespace bansoko::proto::rdp
