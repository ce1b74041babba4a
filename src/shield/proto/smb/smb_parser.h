// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shield/proto/protocol.h"
#include "shield/proto/smb/files.h"
#include "shield/proto/smb/message.h"
#include "shield/proto/smb/message_reader.h"
#include "shield/proto/smb/open_transactions.h"
#include "shield/proto/smb/pipes.h"

namespace bansoko::proto::smb {

struct Limits {
  std::size_t message_size = 0;
  std::size_t open_transactions = 0;
  std::size_t andx_commands = 0;
  std::size_t memory = 0;
  std::size_t pipes = 0;
  dcerpc::CallLimits calls = {};
  FileLimits files = {};
};

/// The memory of one worker's parsers.
class SmbMemory final : public SharedMemory {
 public:
  explicit SmbMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// Takes one side's stream apart into messages: the session service of NetBIOS (RFC 1002 section 4.3) and the
/// direct TCP transport of [MS-SMB] section 2.1, whose messages look alike.
class SideParser {
 public:
  /// `open`, `pipes` and `files` are the connection's and outlive it.
  SideParser(Side side, OpenTransactions& open, Pipes& pipes, Files& files, const Limits& limits,
             MemoryBudget& budget);

  /// `next_id` and `over_netbios` are the flow's.
  Parsed feed(const StreamChunk& chunk, std::uint64_t& next_id, bool& over_netbios,
              TransactionSink& sink) noexcept;
  void end(std::uint64_t& next_id, TransactionSink& sink) noexcept;
  void reset(bool keep_messages) noexcept;

 private:
  enum class State : std::uint8_t { header, message, skip, lost };

  void lose(std::uint32_t size, std::uint64_t& next_id, TransactionSink& sink) noexcept;
  std::size_t find_header(Bytes bytes, std::uint64_t& next_id, TransactionSink& sink) noexcept;
  Parsed begin_frame(std::uint64_t& next_id, bool& over_netbios, TransactionSink& sink) noexcept;
  void begin_message(std::uint32_t length, std::uint64_t& next_id) noexcept;
  std::size_t grow(Bytes bytes, std::uint64_t& next_id, TransactionSink& sink) noexcept;
  std::size_t next_stage() const noexcept;
  void read_on(std::uint64_t& next_id, TransactionSink& sink) noexcept;
  void split_compound(TransactionSink& sink) noexcept;
  void take_file_data(std::uint64_t& next_id, TransactionSink& sink) noexcept;
  void note_opened(std::uint64_t& next_id, TransactionSink& sink) noexcept;
  void pass_file_data(FileData& data, const FileOutlet& out);
  void end_pipes(const FileOutlet& out);
  void end_file_use(bool complete, const FileOutlet& out);
  Bytes bytes_at(std::uint64_t offset, std::uint64_t size) const noexcept;
  void note_share() noexcept;
  void note_request() noexcept;
  std::uint32_t tree() const noexcept;
  void limit_kept(TransactionSink& sink) noexcept;
  bool wants_all() noexcept;
  void end_message(bool complete, std::uint64_t& next_id, TransactionSink& sink) noexcept;

  Side side_;
  Pipes& pipes_;
  Files& files_;
  MemoryBudget& budget_;
  MessageReader reader_;
  Message message_;
  Bytes piece_;                              // of message_, which has come last
  std::uint32_t tree_ = 0;                   // of the message before it in its compound
  std::optional<bool> is_about_pipes_ = {};  // likewise
  State state_ = State::header;
  bool keep_messages_ = true;
  bool is_split_ = false;         // message_ ends where the next one of its compound begins
  std::uint32_t frame_left_ = 0;  // behind message_
  bool told_ = false;             // the sink knows of message_
  std::uint32_t header_ = 0;
  std::uint8_t header_size_ = 0;
  std::uint32_t skip_ = 0;
  std::uint64_t window_ = 0;  // the last eight bytes, while lost
  std::uint8_t window_size_ = 0;
};

class SmbParser final : public Parser {
 public:
  /// `memory` outlives it.
  SmbParser(const Limits& limits, SmbMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  MemoryBudget& budget_;
  OpenTransactions open_;
  Pipes pipes_;
  Files files_;
  std::array<SideParser, 2> sides_;
  std::uint64_t next_id_ = 0;
  bool over_netbios_ = false;
};

}  // namespace bansoko::proto::smb
