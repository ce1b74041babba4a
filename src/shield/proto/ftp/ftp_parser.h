// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "shield/proto/ftp/data_port.h"
#include "shield/proto/ftp/exchange.h"
#include "shield/proto/line_reader.h"

namespace bansoko::proto::ftp {

/// The memory of one worker's parsers.
class FtpMemory final : public SharedMemory {
 public:
  explicit FtpMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// Follows a control connection of FTP (RFC 959, RFC 2428). Each command with its answers is a transaction. A
/// transfer of a file is announced as a flow of "ftp-data".
class FtpParser final : public Parser {
 public:
  /// `memory` outlives it.
  FtpParser(const Limits& limits, FtpMemory& memory);
  ~FtpParser() override;

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  struct Waiting {
    Side listener = Side::server;
    std::uint16_t port = 0;
  };

  void lose(Side side);
  void command_line(const Line& line);
  void read_command(Exchange& exchange, std::string_view argument);
  void use_port(Exchange& exchange, const std::optional<DataPort>& port);
  void announce(const Exchange& exchange, std::uint64_t purpose);
  void reply_line(const Line& line);
  void finish_reply(unsigned code, std::string_view text);
  void passive_reply(Exchange& exchange, unsigned code, std::string_view text);

  Exchange& open_exchange();
  void end_oldest(bool is_answered);
  void drop_idle_exchanges() noexcept;
  void tell(Side side, Anomaly anomaly) noexcept {
    sink_->on_anomaly(side, static_cast<std::size_t>(anomaly));
  }
  void progress(Exchange& exchange, Side side, std::uint8_t step);

  Limits limits_;
  MemoryBudget& budget_;
  packet::Address client_address_;
  LineReader client_, server_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;  // the first open_ are under way, oldest first
  std::size_t open_ = 0;
  std::size_t given_up_ = 0;  // commands no longer known whose answers are still to come
  std::optional<Waiting> waiting_;
  unsigned reply_code_ = 0;  // of an answer of several lines
  bool is_greeted_ = false;
  bool is_logged_in_ = false;
  bool is_sync_lost_ = false;  // nobody knows which answer is to which command
  std::uint64_t next_id_ = 0;
  Parsed result_ = Parsed::more;
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::ftp
