// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::proto::smb {

/// What one request message says about the part of a transaction that it carries. Offsets are from the SMB
/// header, displacements are within the whole transaction's parameters and data.
struct TransactionPart {
  std::uint8_t kind =
      0;                // the command that begins such a transaction: transaction, transaction2, nt_transact
  bool begins = false;  // false: *_SECONDARY
  bool setup_short = false;  // it states more setup words than it has
  bool has_setup = false;
  std::uint16_t setup = 0;  // the first setup word: the subcommand of TRANSACTION2
  std::uint16_t second_setup = 0;
  std::uint16_t function = 0;        // of an NT_TRANSACT
  std::uint32_t max_parameters = 0;  // that the client would accept in the answer
  std::uint32_t max_data = 0;        // likewise
  std::uint32_t total_parameters = 0;
  std::uint32_t total_data = 0;
  std::uint32_t parameter_count = 0;
  std::uint32_t parameter_offset = 0;
  std::uint32_t parameter_displacement = 0;
  std::uint32_t data_count = 0;
  std::uint32_t data_offset = 0;
  std::uint32_t data_displacement = 0;

  bool is_whole() const noexcept { return parameter_count >= total_parameters && data_count >= total_data; }
};

/// One of the six commands that carry a transaction.
bool carries_transaction(std::uint8_t command) noexcept;

/// Reads the parameter words of such a command; nothing when there are too few.
std::optional<TransactionPart> read_request_part(std::uint8_t command, Bytes words) noexcept;

/// Whether a server's message with these parameter words begins the answer to a transaction, as against an
/// interim response (no words, no error) or a further part of the answer.
bool begins_answer(std::uint8_t command, std::uint32_t status, Bytes words) noexcept;

}  // namespace bansoko::proto::smb
