// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/proto/protocol.h"
#include "shield/proto/smb/message.h"
#include "shield/proto/smb/open_transactions.h"
#include "shield/proto/smb/pipes.h"

namespace bansoko::proto::smb {

/// Indices into Protocol::anomalies.
enum Anomaly : std::size_t {
  netbios_type,
  netbios_length,
  unknown_header,
  header_short,
  message_limit,
  word_count_short,
  offset_outside_message,
  andx_order,
  andx_limit,
  count_over_total,
  transaction_limit,
  gap,
  memory_limit,
  pipe_limit,
  compound_offset,
  part_order,
  open_file_limit,
  file_limit,
  file_order,
  file_rewritten,
  file_without_digest,
  first_of_calls,  // dcerpc::kCallAnomalies from here on
};

/// Reads one side's messages as they grow: header, then each command of an AndX chain, then the first bytes
/// of a transaction's data; of SMB2 header and body. Each step is taken as soon as its bytes are there.
class MessageReader {
 public:
  /// `open` and `pipes` are the connection's, shared by its two sides, and outlive this.
  MessageReader(Side side, OpenTransactions& open, Pipes& pipes, std::size_t most_commands) noexcept
      : side_(side), open_(open), pipes_(pipes), most_commands_(most_commands) {}

  /// For another frame of the transport: an SMB2 compound is one.
  void begin_frame() noexcept { related_ = 0; }

  /// For another message.
  void begin() noexcept;

  /// Reads on in `message`, which has grown. Returns the step it has now come to.
  std::uint8_t advance(Message& message, TransactionSink& sink) noexcept;

 private:
  enum class Chain : std::uint8_t { more, waiting, ended };

  bool read_dialect(Message& message, TransactionSink& sink) noexcept;
  bool read_header(Message& message, TransactionSink& sink) noexcept;
  bool read_transform(Message& message) noexcept;
  Chain read_smb2(Message& message, TransactionSink& sink) noexcept;
  Chain read_command(Message& message, TransactionSink& sink) noexcept;
  Chain follow_andx(const Message& message, const CommandBlock& block, TransactionSink& sink) noexcept;
  void look_into(Message& message, const CommandBlock& block, TransactionSink& sink) noexcept;
  void note_part(Message& message, std::uint8_t code, Bytes words, TransactionSink& sink) noexcept;
  void note_begin(Message& message, const TransactionPart& part, TransactionSink& sink) noexcept;
  void note_more(Message& message, const TransactionPart& part) noexcept;
  void note_use(Message& message, const FileUse& use, std::uint64_t request, TransactionSink& sink) noexcept;
  void note_write(Message& message, Bytes words) noexcept;
  void note_range(Message& message, std::uint64_t offset, std::uint64_t count) noexcept;
  void check_offsets(Message& message, const TransactionPart& part, TransactionSink& sink) noexcept;
  bool read_data(Message& message) noexcept;

  Side side_;
  OpenTransactions& open_;
  Pipes& pipes_;
  FileKey related_ = 0;
  std::size_t most_commands_;
  std::uint8_t next_command_ = 0;
  std::uint32_t next_offset_ = 0;
  bool refused_ = false;  // not SMB
  bool chain_ended_ = false;
  bool has_part_ = false;
  TransactionPart part_ = {};  // the last one in the message
};

}  // namespace bansoko::proto::smb
