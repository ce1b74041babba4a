// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::proto::smb {

inline constexpr std::uint32_t kSmb2HeaderSize = 64;

/// Header and fixed part of every request that this parser looks into, and of every answer.
inline constexpr std::uint32_t kSmb2RequestSize = 120, kSmb2AnswerSize = 144;

/// By then it is known what an SMB2 message is for: data usually has begun.
inline constexpr std::uint32_t kSmb2HeadSize = 152;

/// The SMB2 commands that this parser looks into ([MS-SMB2] section 2.2.1.2).
enum Smb2Command : std::uint16_t {
  smb2_session_setup = 1,
  smb2_logoff = 2,
  smb2_tree_connect = 3,
  smb2_tree_disconnect = 4,
  smb2_create = 5,
  smb2_close = 6,
  smb2_read = 8,
  smb2_write = 9,
  smb2_ioctl = 11,
};

/// [MS-SMB2] section 2.2.1.2.
struct Smb2Header {
  std::uint16_t command = 0;
  std::uint32_t status = 0;
  std::uint32_t flags = 0;
  std::uint32_t next = 0;  // where the next message of the compound begins; 0: it is the last
  std::uint64_t message = 0;
  std::uint32_t tree = 0;
  std::uint64_t session = 0;

  bool is_related() const noexcept { return (flags & 0x00000004) != 0; }
};

/// What is missing at the end is zero.
Smb2Header read_smb2_header(Bytes bytes) noexcept;

/// An encrypted message ([MS-SMB2] section 2.2.41).
struct Encryption {
  std::uint32_t original_size = 0;
  std::uint64_t session = 0;
};
inline constexpr std::uint32_t kEncryptionSize = 52;

/// A compressed message ([MS-SMB2] section 2.2.42.1), its sizes as stated.
struct Compression {
  std::uint32_t original_size = 0;
  std::uint16_t algorithm = 0;
  std::uint16_t flags = 0;
  std::uint32_t offset = 0;  // or a length, where payloads are chained

  /// What a receiver needs in all, in more bits than it has.
  std::uint64_t total() const noexcept { return std::uint64_t{original_size} + offset; }
};
inline constexpr std::uint32_t kCompressionSize = 16;

Encryption read_encryption(Bytes bytes) noexcept;
Compression read_compression(Bytes bytes) noexcept;

}  // namespace bansoko::proto::smb
