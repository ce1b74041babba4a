// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/message_parser.h"
#include "shield/proto/mysql/message.h"

namespace bansoko::proto::mysql {

/// Follows a connection up to its encryption or compression.
class MysqlParser final : public MessageParser {
 public:
  using MessageParser::MessageParser;

 private:
  std::size_t header_size(Side side, std::uint8_t first) const noexcept override;
  std::optional<Framing> read_header(Side side, Bytes header) noexcept override;
  Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept override;
  void begin_flow(const Assignment& assignment) noexcept override;

  Parsed read_client(Bytes message, TransactionSink& sink) noexcept;
  Parsed read_server(Bytes message, TransactionSink& sink) noexcept;
  bool is_encryption_request(Bytes message) const noexcept;
  void tell_of(Side side, Anomalies found, TransactionSink& sink) noexcept;

  MysqlMessage message_;
  // By Side: the number of the first and of the last packet of the message under way.
  std::array<std::uint8_t, 2> first_{}, last_{};
  std::uint32_t server_capabilities_ = 0;
  std::uint32_t agreed_ = 0;  // once the login was seen
  bool is_greeted_ = false;
  bool has_login_ = false;
  bool is_accepted_ = false;
};

}  // namespace bansoko::proto::mysql
