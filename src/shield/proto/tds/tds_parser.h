// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/message_parser.h"
#include "shield/proto/tds/body_reader.h"
#include "shield/proto/tds/message.h"

namespace bansoko::proto::tds {

/// Follows a connection ([MS-TDS]). What is encrypted is passed over, and so is the session multiplexing of
/// [MC-SMP] around packets. Where only the login is encrypted, it goes on behind it.
class TdsParser final : public MessageParser {
 public:
  TdsParser(const MessageLimits& limits, MemoryBudget& budget)
      : MessageParser(limits, budget), budget_(budget), message_(budget) {}

 private:
  std::size_t header_size(Side side, std::uint8_t first) const noexcept override;
  std::optional<Framing> read_header(Side side, Bytes header) noexcept override;
  Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept override;
  void begin_flow(const Assignment& assignment) noexcept override;

  Anomalies read_request(BodyReader& reader, Bytes body) noexcept;
  Anomalies read_result(BodyReader& reader, Bytes body) noexcept;
  void note_encrypted() noexcept;

  MemoryBudget& budget_;
  TdsMessage message_;
  Session session_;
  std::array<std::uint8_t, 2> types_{};  // by Side: of the message under way
  bool awaits_prelogin_ = false;         // the server's answer to a PRELOGIN
  bool encrypts_all_ = false;            // the server has said so
};

/// Whether bytes begin with a record of TLS.
bool is_tls_record(Bytes bytes) noexcept;

}  // namespace bansoko::proto::tds
