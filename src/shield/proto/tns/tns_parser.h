// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/message_parser.h"
#include "shield/proto/tns/message.h"

namespace bansoko::proto::tns {

/// Follows a connection of Oracle Net.
class TnsParser final : public MessageParser {
 public:
  using MessageParser::MessageParser;

 private:
  std::size_t header_size(Side, std::uint8_t) const noexcept override { return kHeaderSize; }
  std::optional<Framing> read_header(Side side, Bytes header) noexcept override;
  Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept override;
  void begin_flow(const Assignment& assignment) noexcept override;

  Anomalies read_packet(Side side, std::uint8_t type, Bytes body) noexcept;
  Anomalies read_client_data(Bytes body) noexcept;

  TnsMessage message_;
  std::array<std::uint8_t, 2> types_{};  // by Side: of the packet under way
  std::size_t pending_ = 0;              // bytes of connect data still to come
  bool has_long_sizes_ = false;
};

}  // namespace bansoko::proto::tns
