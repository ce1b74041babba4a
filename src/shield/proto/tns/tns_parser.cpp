// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tns/tns_parser.h"

#include <algorithm>
#include <bit>

namespace bansoko::proto::tns {
namespace {

constexpr std::uint16_t kLongSizes = 315;  // from this version on packets state their size in four bytes

}  // namespace

void TnsParser::begin_flow(const Assignment&) noexcept {
  message_.parts = {};
  types_ = {};
  pending_ = 0;
  has_long_sizes_ = false;
}

std::optional<Framing> TnsParser::read_header(Side side, Bytes header) noexcept {
  ByteReader in(header);
  const std::uint32_t high = in.u16();
  const std::uint32_t low = in.u16();
  const std::uint8_t type = in.u8();
  types_[flow::index(side)] = type;
  // A size in two bytes is never 0, and a checksum follows it.
  const std::uint32_t size = has_long_sizes_ || high == 0 ? high << 16U | low : high;
  if (size < kHeaderSize || type == 0 || type > kLastType) return std::nullopt;
  return Framing{.size = size - kHeaderSize};
}

Parsed TnsParser::read_message(Side side, Bytes body, bool, TransactionSink& sink) noexcept {
  const std::uint8_t type = types_[flow::index(side)];
  message_.parts = {};
  message_.parts.type = type;
  message_.parts.size = body.size();
  Anomalies found = read_packet(side, type, body);
  for (; found != 0; found &= found - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(found)));
  tell(message_, side, sink);
  return Parsed::more;
}

Anomalies TnsParser::read_packet(Side side, std::uint8_t type, Bytes body) noexcept {
  Parts& parts = message_.parts;
  if (type == data) return side == Side::client ? read_client_data(body) : read_data(body, parts);
  if (side == Side::client) {
    if (type != connect) return 0;
    pending_ = 0;
    has_long_sizes_ = false;
    return read_connect(body, parts, pending_);
  }
  switch (type) {
    case accept: {
      const Anomalies found = read_accept(body, parts);
      has_long_sizes_ = parts.version.value_or(0) >= kLongSizes;
      return found;
    }
    case refuse:
      return read_refusal(body, parts);
    case redirect:
      return read_redirect(body, parts);
    default:
      return 0;
  }
}

Anomalies TnsParser::read_client_data(Bytes body) noexcept {
  Parts& parts = message_.parts;
  const Anomalies found = read_data(body, parts);
  if (pending_ == 0 || !parts.data) return found;
  parts.connect_data = parts.data->first(std::min(pending_, parts.data->size()));
  pending_ -= parts.connect_data->size();
  return found;
}

}  // namespace bansoko::proto::tns
