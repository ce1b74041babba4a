// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shield/proto/message_parser.h"
#include "shield/proto/wins/message.h"

namespace bansoko::proto::wins {

/// Follows a connection between two WINS servers. Each gives the other a handle when they associate, and each
/// message is to bear the receiver's.
class WinsParser final : public MessageParser {
 public:
  using MessageParser::MessageParser;

 private:
  std::size_t header_size(Side, std::uint8_t) const noexcept override { return kLengthSize; }
  std::optional<Framing> read_header(Side side, Bytes header) noexcept override;
  Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept override;
  void begin_flow(const Assignment& assignment) noexcept override;
  void miss(Side side) noexcept override { handles_[flow::index(side)] = {.is_known = false}; }

  std::optional<std::uint64_t> is_foreign(Side side) const noexcept;

  /// What a side wants to be called by.
  struct Handle {
    bool is_known = true;
    std::uint64_t value = 0;  // 0: it has given none
  };

  WinsMessage message_;
  std::array<std::uint32_t, 2> stated_{};  // by Side: of the message under way
  std::array<Handle, 2> handles_{};        // by Side: who gave it
};

}  // namespace bansoko::proto::wins
