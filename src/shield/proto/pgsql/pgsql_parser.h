// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/message_parser.h"
#include "shield/proto/pgsql/message.h"

namespace bansoko::proto::pgsql {

/// Follows a connection, up to its encryption.
class PgsqlParser final : public MessageParser {
 public:
  using MessageParser::MessageParser;

 private:
  std::size_t header_size(Side side, std::uint8_t first) const noexcept override;
  std::optional<Framing> read_header(Side side, Bytes header) noexcept override;
  Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept override;
  void begin_flow(const Assignment& assignment) noexcept override;

  std::optional<Framing> read_startup_header(Bytes header) noexcept;
  Parsed read_client(Bytes message, bool is_whole, TransactionSink& sink) noexcept;
  Parsed read_server(Bytes message, bool is_whole, TransactionSink& sink) noexcept;
  void tell_of(Side side, Anomalies found, TransactionSink& sink) noexcept;

  PgsqlMessage message_;
  std::array<std::uint8_t, 2> types_{};  // by Side: of the message under way; 0: it has none
  std::uint32_t version_ = 0;            // of the startup under way
  std::uint8_t awaited_answers_ = 0;     // to requests to encrypt
  bool is_started_ = false;
  bool is_answer_ = false;  // the message under way
};

}  // namespace bansoko::proto::pgsql
