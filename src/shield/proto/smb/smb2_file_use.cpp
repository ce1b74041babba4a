// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/file_use.h"
#include "shield/proto/smb/message.h"

namespace bansoko::proto::smb {
namespace {

constexpr std::uint32_t kPipeTransceive = 0x0011C017;  // FSCTL_PIPE_TRANSCEIVE, [MS-FSCC] section 2.3
constexpr std::uint32_t kEndOfFile = 0xC0000011;       // STATUS_END_OF_FILE, [MS-ERREF] section 2.3.1
constexpr std::uint32_t kPending = 0x00000103;         // STATUS_PENDING: the answer is still to come
constexpr FileKey kOfTheOneBefore = ~FileKey{0};       // [MS-SMB2] section 3.2.4.1.4

/// The body of an SMB2 message.
ByteReader body(const Message& message, std::size_t from) noexcept {
  return ByteReader(message.part(kSmb2HeaderSize + from, kSmb2HeadSize));
}

/// A FileId, whose second half is the volatile one.
FileKey read_file(ByteReader& in, FileKey related) noexcept {
  in.skip(8);
  const FileKey file = in.u64le();
  return file == kOfTheOneBefore ? related : file;
}

// [MS-SMB2] section 2.2.21.
FileUse write_use(const Message& message, FileKey related) noexcept {
  ByteReader in = body(message, 2);
  FileData data;
  data.offset = in.u16le();
  data.size = in.u32le();
  data.at = in.u64le();
  data.file = read_file(in, related);
  return in.ok() ? FileUse{.data = data} : FileUse{};
}

// [MS-SMB2] section 2.2.15.
FileUse close_use(const Message& message, FileKey related) noexcept {
  ByteReader in = body(message, 2 + 2 + 4);
  const FileKey file = read_file(in, related);
  return in.ok() ? FileUse{.over = file, .ends = Ending{.of = Ending::Of::file, .file = file}} : FileUse{};
}

// [MS-SMB2] section 2.2.19.
FileUse read_use(const Message& message, FileKey related) noexcept {
  ByteReader in = body(message, 2 + 1 + 1 + 4);
  const std::uint64_t at = in.u64le();
  const FileKey file = read_file(in, related);
  return in.ok() ? FileUse{.asks = Asked{.file = file, .at = at}} : FileUse{};
}

// [MS-SMB2] section 2.2.31.
FileUse ioctl_use(const Message& message, FileKey related) noexcept {
  ByteReader in = body(message, 2 + 2);
  const std::uint32_t code = in.u32le();
  FileData data;
  data.file = read_file(in, related);
  data.offset = in.u32le();
  data.size = in.u32le();
  return in.ok() && code == kPipeTransceive ? FileUse{.data = data, .asks = Asked{.file = data.file}}
                                            : FileUse{};
}

// [MS-SMB2] section 2.2.20.
FileUse read_answer(const Message& message, const Asked& asked) noexcept {
  if (message.smb2.status == kEndOfFile) return {.over = asked.file};
  ByteReader in = body(message, 2);
  FileData data;
  data.file = asked.file;
  data.at = asked.at;
  data.offset = in.u8();
  in.skip(1);
  data.size = in.u32le();
  return in.ok() ? FileUse{.data = data} : FileUse{};
}

// [MS-SMB2] section 2.2.32.
FileUse ioctl_answer(const Message& message) noexcept {
  ByteReader in = body(message, 2 + 2);
  const std::uint32_t code = in.u32le();
  FileData data;
  data.file = read_file(in, kOfTheOneBefore);
  in.skip(4 + 4);  // InputOffset, InputCount
  data.offset = in.u32le();
  data.size = in.u32le();
  return in.ok() && code == kPipeTransceive ? FileUse{.data = data} : FileUse{};
}

// [MS-SMB2] section 2.2.14.
FileUse create_answer(const Message& message) noexcept {
  ByteReader in = body(message, 48);
  OpenedFile opened;
  opened.size = in.u64le();
  in.skip(4 + 4);  // FileAttributes, Reserved2
  opened.file = read_file(in, kOfTheOneBefore);
  return in.ok() ? FileUse{.opened = opened} : FileUse{};
}

}  // namespace

FileUse smb2_request_use(const Message& message, FileKey related) noexcept {
  switch (message.smb2.command) {
    case smb2_write:
      return write_use(message, related);
    case smb2_read:
      return read_use(message, related);
    case smb2_ioctl:
      return ioctl_use(message, related);
    case smb2_close:
      return close_use(message, related);
    case smb2_tree_disconnect:
      return {.ends = Ending{.of = Ending::Of::tree, .place = message.place()}};
    case smb2_logoff:
      return {.ends = Ending{.of = Ending::Of::session, .place = message.place()}};
    default:
      return {};
  }
}

FileUse smb2_response_use(const Message& message, const std::optional<Asked>& asked) noexcept {
  const std::uint16_t command = message.smb2.command;
  if (command == smb2_create && message.smb2.status == 0) return create_answer(message);
  if (command == smb2_close || command == smb2_tree_disconnect || command == smb2_logoff)
    return {.answers_ending = message.smb2.status != kPending};
  if (message.smb2.command == smb2_ioctl) return ioctl_answer(message);
  if (message.smb2.command == smb2_read && asked) return read_answer(message, *asked);
  return {};
}

FileKey smb2_file_of(const Message& message, FileKey related) noexcept {
  if (message.smb2.command == smb2_create) return opened_by(message.smb2.message);
  const FileUse use = smb2_request_use(message, related);
  if (use.data) return use.data->file;
  if (use.over) return *use.over;
  return use.asks ? use.asks->file : related;
}

}  // namespace bansoko::proto::smb
