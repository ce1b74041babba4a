// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/wins/wins_parser.h"

#include <bit>

namespace bansoko::proto::wins {

void WinsParser::begin_flow(const Assignment&) noexcept {
  message_.parts = {};
  stated_ = {};
  handles_ = {};
}

std::optional<Framing> WinsParser::read_header(Side side, Bytes header) noexcept {
  const std::uint32_t stated = ByteReader(header).u32();
  stated_[flow::index(side)] = stated;
  return Framing{.size = stated};
}

Parsed WinsParser::read_message(Side side, Bytes body, bool, TransactionSink& sink) noexcept {
  Parts& parts = message_.parts;
  parts = {};
  Anomalies found = wins::read_message(body, stated_[flow::index(side)], parts);
  parts.is_foreign = is_foreign(side);
  if (parts.is_foreign == 1) found |= bit(foreign_handle);
  if (parts.own_handle) handles_[flow::index(side)] = {.value = *parts.own_handle};
  for (; found != 0; found &= found - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(found)));
  tell(message_, side, sink);
  return Parsed::more;
}

// Who associates has no handle of the other yet, or may begin anew.
std::optional<std::uint64_t> WinsParser::is_foreign(Side side) const noexcept {
  const Parts& parts = message_.parts;
  const Handle& given = handles_[flow::index(flow::other(side))];
  if (!parts.handle || !given.is_known) return std::nullopt;
  const bool is_beginning = parts.type == start && parts.handle == 0;
  return is_beginning || parts.handle == given.value ? 0 : 1;
}

}  // namespace bansoko::proto::wins
