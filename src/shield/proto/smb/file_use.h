// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shield/proto/smb/transaction_part.h"

namespace bansoko::proto::smb {

struct CommandBlock;
class Message;

/// An open file or pipe of a connection: FID in SMB1, the volatile half of FileId in SMB2. One that SMB2 has
/// no id for yet is told by the request that opens it.
using FileKey = std::uint64_t;

constexpr FileKey opened_by(std::uint64_t message) noexcept { return ~message; }

/// Data that goes to a file or comes from one, and where it lies in its message.
struct FileData {
  FileKey file = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t taken = 0;     // as much has been looked at
  bool is_left_alone = false;  // nobody wants the rest
};

/// What a command says about a file.
struct FileUse {
  std::optional<FileData> data = {};
  std::optional<FileKey> asks = {};    // its answer will bring data of this file
  std::optional<FileKey> opened = {};  // the server has opened it
};

/// Of SMB1 commands. `asked` is the file whose data the request asked for.
FileUse smb1_request_use(const Message& message, const CommandBlock& block) noexcept;
FileUse smb1_response_use(const Message& message, const CommandBlock& block,
                          std::optional<FileKey> asked) noexcept;

/// Of a part of an SMB1 transaction about a named pipe ([MS-CIFS] section 2.2.5), whose first two setup words
/// are given; nothing if it is about something else.
FileUse smb1_transaction_use(const TransactionPart& part, std::uint16_t function, std::uint16_t fid,
                             std::uint16_t multiplex) noexcept;

/// Of SMB2 messages. `related` is the file of the request before it in the same compound.
FileUse smb2_request_use(const Message& message, FileKey related) noexcept;
FileUse smb2_response_use(const Message& message, std::optional<FileKey> asked) noexcept;

/// The file that an SMB2 request is about, for those that come after it in the same compound.
FileKey smb2_file_of(const Message& message, FileKey related) noexcept;

}  // namespace bansoko::proto::smb
