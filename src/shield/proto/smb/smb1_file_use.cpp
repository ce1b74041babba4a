// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/commands.h"
#include "shield/proto/smb/file_use.h"
#include "shield/proto/smb/message.h"

namespace bansoko::proto::smb {
namespace {

// Subcommands of TRANSACTION about pipes ([MS-CIFS] section 2.2.5).
constexpr std::uint16_t kTransactNamedPipe = 0x0026, kRawWriteNamedPipe = 0x0031, kCallNamedPipe = 0x0054;

// Both together ([MS-CIFS] section 2.2.4.43.1): the data begins with its length.
constexpr std::uint16_t kRawMessage = 0x0004 | 0x0008;
constexpr std::uint32_t kRawLength = 2;

// The data of WRITE and READ comes behind BufferFormat and DataLength ([MS-CIFS]
// sections 2.2.4.11, 2.2.4.12).
constexpr std::uint32_t kBufferHead = 3;

FileUse if_whole(const ByteReader& words, const FileData& data) noexcept {
  if (!words.ok()) return {};
  return {.data = data};
}

FileUse write_andx_use(ByteReader words) noexcept {
  FileData data;
  words.skip(4);  // AndX
  data.file = words.u16le();
  words.skip(4 + 4);  // Offset, Timeout
  const std::uint16_t mode = words.u16le();
  words.skip(2);  // Remaining
  const std::uint32_t high = words.u16le();
  data.size = high << 16 | words.u16le();
  data.offset = words.u16le();
  if ((mode & kRawMessage) == kRawMessage && data.size >= kRawLength) {
    data.offset += kRawLength;
    data.size -= kRawLength;
  }
  return if_whole(words, data);
}

FileUse write_use(ByteReader words, const CommandBlock& block) noexcept {
  FileData data;
  data.file = words.u16le();
  data.size = words.u16le();
  data.offset = block.bytes_offset() + kBufferHead;
  return if_whole(words, data);
}

FileUse asks_for(ByteReader words, std::size_t fid_at) noexcept {
  words.skip(fid_at);
  const FileKey file = words.u16le();
  return words.ok() ? FileUse{.asks = file} : FileUse{};
}

FileUse read_andx_answer(ByteReader words, FileKey file) noexcept {
  FileData data;
  data.file = file;
  words.skip(4 + 2 + 2 + 2);  // AndX, Available, DataCompactionMode, Reserved1
  data.size = words.u16le();
  data.offset = words.u16le();
  return if_whole(words, data);
}

FileUse read_answer(ByteReader words, const CommandBlock& block, FileKey file) noexcept {
  FileData data;
  data.file = file;
  data.size = words.u16le();
  data.offset = block.bytes_offset() + kBufferHead;
  return if_whole(words, data);
}

// [MS-CIFS] section 2.2.4.33.2.
FileUse transaction_answer(ByteReader words, FileKey file) noexcept {
  FileData data;
  data.file = file;
  words.skip(2 + 2 + 2 + 2 + 2 + 2);  // TotalParameterCount .. ParameterDisplacement
  data.size = words.u16le();
  data.offset = words.u16le();
  return if_whole(words, data);
}

FileUse opened(ByteReader words, std::size_t fid_at) noexcept {
  words.skip(fid_at);
  const FileKey file = words.u16le();
  return words.ok() ? FileUse{.opened = file} : FileUse{};
}

}  // namespace

FileUse smb1_request_use(const Message& message, const CommandBlock& block) noexcept {
  const ByteReader words(message.words(block));
  switch (block.code) {
    case write_andx:
      return write_andx_use(words);
    case write:
    case write_and_unlock:
      return write_use(words, block);
    case read_andx:
      return asks_for(words, 4);
    case read:
      return asks_for(words, 0);
    default:
      return {};
  }
}

FileUse smb1_response_use(const Message& message, const CommandBlock& block,
                          std::optional<FileKey> asked) noexcept {
  const ByteReader words(message.words(block));
  if (block.code == nt_create_andx) return opened(words, 5);  // AndX, OpLockLevel
  if (block.code == open_andx) return opened(words, 4);
  if (!asked) return {};
  switch (block.code) {
    case read_andx:
      return read_andx_answer(words, *asked);
    case read:
      return read_answer(words, block, *asked);
    case transaction:
      return transaction_answer(words, *asked);
    default:
      return {};
  }
}

FileUse smb1_transaction_use(const TransactionPart& part, std::uint16_t function, std::uint16_t fid,
                             std::uint16_t multiplex) noexcept {
  if (part.kind != transaction) return {};
  const FileData data{.file = fid, .offset = part.data_offset, .size = part.data_count};
  switch (function) {
    case kTransactNamedPipe:
      return {.data = data, .asks = fid};
    case kRawWriteNamedPipe:
      return {.data = data};
    case kCallNamedPipe: {  // opens, transacts and closes at once
      const FileKey file = opened_by(multiplex);
      return {.data = FileData{.file = file, .offset = part.data_offset, .size = part.data_count},
              .asks = file,
              .opened = part.begins ? std::optional(file) : std::nullopt};
    }
    default:
      return {};
  }
}

}  // namespace bansoko::proto::smb
