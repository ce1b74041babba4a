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

// ResourceType ([MS-CIFS] section 2.2.4.64.2).
constexpr std::uint16_t kBytePipe = 1, kMessagePipe = 2;

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
  const std::uint64_t low = words.u32le();
  words.skip(4);  // Timeout
  const std::uint16_t mode = words.u16le();
  words.skip(2);  // Remaining
  const std::uint32_t high = words.u16le();
  data.size = high << 16 | words.u16le();
  data.offset = words.u16le();
  if (!words.ok()) return {};
  const std::uint64_t place_high = words.u32le();  // where there are 14 words
  data.at = low | (words.ok() ? place_high << 32U : 0);
  if ((mode & kRawMessage) == kRawMessage && data.size >= kRawLength) {
    data.offset += kRawLength;
    data.size -= kRawLength;
    data.at.reset();
  }
  return {.data = data};
}

FileUse write_use(ByteReader words, const CommandBlock& block) noexcept {
  FileData data;
  data.file = words.u16le();
  data.size = words.u16le();
  data.at = words.u32le();
  data.offset = block.bytes_offset() + kBufferHead;
  return if_whole(words, data);
}

FileUse read_andx_use(ByteReader words) noexcept {
  words.skip(4);  // AndX
  const FileKey file = words.u16le();
  const std::uint64_t low = words.u32le();
  if (!words.ok()) return {};
  words.skip(2 + 2 + 4 + 2);                 // MaxCountOfBytesToReturn .. Remaining
  const std::uint64_t high = words.u32le();  // where there are 12 words
  return {.asks = Asked{.file = file, .at = low | (words.ok() ? high << 32U : 0)}};
}

FileUse read_use(ByteReader words) noexcept {
  const FileKey file = words.u16le();
  words.skip(2);  // CountOfBytesToRead
  const std::uint64_t at = words.u32le();
  return words.ok() ? FileUse{.asks = Asked{.file = file, .at = at}} : FileUse{};
}

FileUse close_use(ByteReader words) noexcept {
  const FileKey file = words.u16le();
  return words.ok() ? FileUse{.over = file, .ends = Ending{.of = Ending::Of::file, .file = file}} : FileUse{};
}

FileUse read_andx_answer(ByteReader words, const Asked& asked) noexcept {
  FileData data;
  data.file = asked.file;
  data.at = asked.at;
  words.skip(4 + 2 + 2 + 2);  // AndX, Available, DataCompactionMode, Reserved1
  data.size = words.u16le();
  data.offset = words.u16le();
  if (!words.ok()) return {};
  const std::uint32_t high = words.u16le();  // of a large read ([MS-SMB] section 2.2.4.2.2)
  if (words.ok()) data.size |= high << 16U;
  return {.data = data};
}

FileUse read_answer(ByteReader words, const CommandBlock& block, const Asked& asked) noexcept {
  FileData data;
  data.file = asked.file;
  data.at = asked.at;
  data.size = words.u16le();
  data.offset = block.bytes_offset() + kBufferHead;
  return if_whole(words, data);
}

// [MS-CIFS] section 2.2.4.33.2.
FileUse transaction_answer(ByteReader words, const Asked& asked) noexcept {
  FileData data;
  data.file = asked.file;
  words.skip(2);  // TotalParameterCount
  const std::uint32_t total = words.u16le();
  words.skip(2 + 2 + 2 + 2);  // Reserved1 .. ParameterDisplacement
  data.size = words.u16le();
  data.offset = words.u16le();
  const std::uint32_t displacement = words.u16le();
  FileUse use = if_whole(words, data);
  if (asked.is_once && use.data && displacement + data.size >= total) use.closed = asked.file;
  return use;
}

FileUse open_answer(ByteReader words) noexcept {
  words.skip(4);  // AndX
  OpenedFile opened{.file = words.u16le()};
  if (!words.ok()) return {};
  words.skip(2 + 4);  // FileAttrs, LastWriteTime
  const std::uint32_t size = words.u32le();
  if (words.ok()) opened.size = size;
  return {.opened = opened};
}

// [MS-CIFS] section 2.2.4.64.2.
FileUse create_answer(ByteReader words) noexcept {
  words.skip(4 + 1);  // AndX, OpLockLevel
  OpenedFile opened{.file = words.u16le()};
  if (!words.ok()) return {};
  words.skip(4 + 4 * 8 + 4 + 8);  // CreateDisposition .. AllocationSize
  const std::uint64_t size = words.u64le();
  const std::uint16_t type = words.u16le();
  opened.is_pipe = words.ok() && (type == kBytePipe || type == kMessagePipe);
  if (words.ok()) opened.size = size;
  return {.opened = opened};
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
      return read_andx_use(words);
    case read:
      return read_use(words);
    case close:
      return close_use(words);
    case tree_disconnect:
      return {.ends = Ending{.of = Ending::Of::tree, .place = message.place()}};
    case logoff_andx:
      return {.ends = Ending{.of = Ending::Of::session, .place = message.place()}};
    default:
      return {};
  }
}

FileUse smb1_response_use(const Message& message, const CommandBlock& block,
                          const std::optional<Asked>& asked) noexcept {
  const ByteReader words(message.words(block));
  if (block.code == nt_create_andx) return create_answer(words);
  if (block.code == open_andx) return open_answer(words);
  if (block.code == close || block.code == tree_disconnect || block.code == logoff_andx)
    return {.answers_ending = true};
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
      return {.data = data, .asks = Asked{.file = fid}};
    case kRawWriteNamedPipe:
      return {.data = data};
    case kCallNamedPipe: {  // opens, transacts and closes at once
      const FileKey file = opened_by(multiplex);
      return {
          .data = FileData{.file = file, .offset = part.data_offset, .size = part.data_count},
          .asks = Asked{.file = file, .is_once = true},
          .opened = part.begins ? std::optional(OpenedFile{.file = file, .is_pipe = true}) : std::nullopt};
    }
    default:
      return {};
  }
}

}  // namespace bansoko::proto::smb
