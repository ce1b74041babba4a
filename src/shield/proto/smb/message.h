// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"
#include "shield/proto/smb/file_use.h"
#include "shield/proto/smb/name.h"
#include "shield/proto/smb/open_transactions.h"
#include "shield/proto/smb/smb2.h"
#include "shield/proto/smb/smb_transaction.h"

namespace bansoko::proto::smb {

/// How far a message has come, as Transaction::progress tells it.
enum Step : std::uint8_t {
  step_framed = 1,    // its length and its dialect
  step_header = 2,    // its header
  step_commands = 3,  // the parameter words of every command in it
  step_data = 4,      // the first bytes of a transaction's data, if it has any
};

enum class Dialect : std::uint8_t { unknown, smb1, smb2 };

/// Where one command of a message lies. Offsets are from the SMB header.
struct CommandBlock {
  std::uint8_t code = 0;
  std::uint32_t words_offset = 0;
  std::uint32_t words_size = 0;

  std::uint32_t bytes_offset() const noexcept { return words_offset + words_size + 2; }  // after ByteCount
};

/// [MS-CIFS] section 2.2.3.1.
struct Smb1Header {
  std::uint8_t command = 0;
  std::uint32_t status = 0;
  std::uint16_t flags2 = 0;
  std::uint16_t process_high = 0;
  TransactionKey key = {};

  bool is_unicode() const noexcept { return (flags2 & 0x8000) != 0; }
  /// What tells a request from others, as its answer repeats it.
  std::uint64_t request() const noexcept { return std::uint64_t{key.process} << 16 | key.multiplex; }
};

/// What a message turned out to do, beyond its header.
struct Findings {
  std::optional<OpenTransaction> transaction = {};  // the one it begins or continues
  bool continues = false;                           // it continues one of known beginning
  std::optional<bool> continues_whole = {};         // of *_SECONDARY: it continues one that was whole
  bool mismatch = false;                            // and does so as if it were of another kind
  bool untracked = false;                           // the limit left no room to follow what it begins
  std::optional<std::uint64_t> data_outside = {};   // bytes that it says to have behind its end
  std::optional<bool> write_into_transaction = {};  // of a WRITE_ANDX to a pipe
};

/// One SMB message from one side: its first bytes, and where its commands are. Of an SMB2 compound each
/// message stands alone.
class Message final : public SmbTransaction {
 public:
  static constexpr std::size_t kMostCommands = 64;

  /// Of every message at least this much is kept, for its header: it needs no budget.
  static constexpr std::size_t kAlwaysKept = 1024;

  Message(std::size_t capacity, MemoryBudget& budget);

  /// Begins another message of `length` bytes, of which at most `keep` are kept.
  void begin(std::uint64_t number, std::uint32_t length, std::size_t keep) noexcept;
  void append(Bytes bytes) noexcept;
  /// From now on keeps no more than `size` bytes of it in all.
  void keep_only(std::size_t size) noexcept;
  /// Keeps as much as `size` bytes, if nothing has been left out so far.
  void keep_more(std::size_t size) noexcept;
  /// It is shorter than stated at first; no more than that has come.
  void shorten(std::uint32_t length) noexcept;
  /// Gives back what it holds beyond kAlwaysKept.
  void release() noexcept { bytes_.release(); }
  /// The budget had no memory for the rest of it.
  bool is_cut() const noexcept { return is_cut_; }

  std::size_t capacity() const noexcept { return capacity_; }
  std::uint32_t length() const noexcept { return length_; }  // as stated
  std::uint32_t received() const noexcept { return received_; }
  bool is_whole() const noexcept { return received_ == length_; }
  /// Nothing more of it will be kept.
  bool is_full() const noexcept { return bytes_.size() >= keep_ || is_whole(); }
  Bytes kept() const noexcept { return bytes_.bytes(); }
  /// As much of a range as has been kept.
  Bytes part(std::uint64_t offset, std::uint64_t size) const noexcept;

  Bytes words(const CommandBlock& block) const noexcept { return part(block.words_offset, block.words_size); }
  /// Its data, as far as ByteCount states and the message has come; nothing before ByteCount has come.
  std::optional<Bytes> data(const CommandBlock& block) const noexcept;

  Dialect dialect = Dialect::unknown;
  Smb1Header header = {};  // SMB1
  Smb2Header smb2 = {};    // SMB2
  std::optional<Encryption> encryption = {};
  std::optional<Compression> compression = {};
  std::size_t command_count = 0;
  std::array<CommandBlock, kMostCommands> commands{};
  Findings findings = {};
  std::optional<OpenedFile> opened = {};
  std::optional<FileKey> over = {};         // a file that is closed, or read to its end
  bool answers_ending = false;              // it says whether the server agrees that something is over
  std::optional<FileKey> closed = {};       // the server has closed it by itself
  std::optional<bool> is_about_pipes = {};  // its share is that of pipes; nothing: unknown
  std::size_t data_count = 0;
  std::array<FileData, 16> file_data{};  // of its commands
  std::array<Name, 6> names;             // made when asked for

  /// What tells a request, or the one that this answers, from others.
  std::uint64_t request() const noexcept {
    return dialect == Dialect::smb2 ? smb2.message : header.request();
  }
  Place place() const noexcept { return {tree(), dialect == Dialect::smb2 ? smb2.session : header.key.user}; }
  std::uint32_t status() const noexcept { return dialect == Dialect::smb2 ? smb2.status : header.status; }
  std::uint32_t tree() const noexcept { return dialect == Dialect::smb2 ? smb2.tree : header.key.tree; }

 private:
  BudgetedBytes bytes_;
  std::size_t capacity_;
  std::size_t keep_ = 0;
  bool is_cut_ = false;
  std::uint32_t length_ = 0;
  std::uint32_t received_ = 0;
};

/// What rules can see, calls in pipes included. The first kBytesBuffers need a message's bytes kept.
std::span<const Buffer> message_buffers() noexcept;
std::span<const Field> message_fields() noexcept;
inline constexpr std::size_t kBytesBuffers = 6;

}  // namespace bansoko::proto::smb
