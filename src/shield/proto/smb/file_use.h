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

/// A share as one session sees it.
struct Place {
  std::uint32_t tree = 0;
  std::uint64_t session = 0;

  bool operator==(const Place&) const = default;
};

/// What a request wants to be over: a file, all files of a share, or all of a session.
struct Ending {
  enum class Of : std::uint8_t { file, tree, session };

  Of of = Of::file;
  FileKey file = 0;
  Place place = {};
};

/// A file whose data the answer to a request will bring, and from where in it.
struct Asked {
  FileKey file = 0;
  std::optional<std::uint64_t> at = {};  // nothing: it has no places, as a pipe
  bool is_once = false;                  // it is closed behind the answer
};

/// What a server has opened.
struct OpenedFile {
  FileKey file = 0;
  std::optional<std::uint64_t> size = {};
  bool is_pipe = false;
};

/// Data that goes to a file or comes from one, and where it lies in its message.
struct FileData {
  FileKey file = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::optional<std::uint64_t> at = {};  // in the file; nothing: it has no places
  std::uint32_t passed = 0;              // as much was taken as the file's
  std::uint32_t taken = 0;               // as much has been looked at as calls
  bool is_left_alone = false;            // nobody wants the rest
};

/// What a command says about a file.
struct FileUse {
  std::optional<FileData> data = {};
  std::optional<Asked> asks = {};
  std::optional<OpenedFile> opened = {};
  std::optional<FileKey> over = {};    // it is closed, or read to its end
  std::optional<FileKey> closed = {};  // by the server, with this answer
  std::optional<Ending> ends = {};     // once the server agrees
  bool answers_ending = false;         // it says whether the server agrees
};

/// Of SMB1 commands. `asked` is what the request asked for.
FileUse smb1_request_use(const Message& message, const CommandBlock& block) noexcept;
FileUse smb1_response_use(const Message& message, const CommandBlock& block,
                          const std::optional<Asked>& asked) noexcept;

/// Of a part of an SMB1 transaction about a named pipe ([MS-CIFS] section 2.2.5), whose first two setup words
/// are given; nothing if it is about something else.
FileUse smb1_transaction_use(const TransactionPart& part, std::uint16_t function, std::uint16_t fid,
                             std::uint16_t multiplex) noexcept;

/// Of SMB2 messages. `related` is the file of the request before it in the same compound.
FileUse smb2_request_use(const Message& message, FileKey related) noexcept;
FileUse smb2_response_use(const Message& message, const std::optional<Asked>& asked) noexcept;

/// The file that an SMB2 request is about, for those that come after it in the same compound.
FileKey smb2_file_of(const Message& message, FileKey related) noexcept;

}  // namespace bansoko::proto::smb
