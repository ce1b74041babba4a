// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/transaction_part.h"

#include "shield/proto/smb/commands.h"

namespace bansoko::proto::smb {
namespace {

void read_setup(ByteReader& in, std::uint8_t count, TransactionPart& part) noexcept {
  if (count == 0) return;
  // The rest of the message is clear without it, so it must not be lost for one number that lies.
  part.setup_short = in.rest().size() < std::size_t{count} * 2;
  ByteReader setup(in.rest());
  part.setup = setup.u16le();
  part.has_setup = setup.ok();
  part.second_setup = setup.u16le();
}

// [MS-CIFS] sections 2.2.4.33.1 (TRANSACTION) and 2.2.4.46.1 (TRANSACTION2).
void read_primary(ByteReader& in, TransactionPart& part) noexcept {
  part.total_parameters = in.u16le();
  part.total_data = in.u16le();
  part.max_parameters = in.u16le();
  part.max_data = in.u16le();
  in.skip(1 + 1 + 2 + 4 + 2);  // MaxSetupCount .. Reserved2
  part.parameter_count = in.u16le();
  part.parameter_offset = in.u16le();
  part.data_count = in.u16le();
  part.data_offset = in.u16le();
  const std::uint8_t setup_count = in.u8();
  in.skip(1);
  read_setup(in, setup_count, part);
}

// [MS-CIFS] sections 2.2.4.34.1 (TRANSACTION_SECONDARY) and 2.2.4.47.1 (TRANSACTION2_SECONDARY, which adds a
// FID).
void read_secondary(ByteReader& in, TransactionPart& part) noexcept {
  part.total_parameters = in.u16le();
  part.total_data = in.u16le();
  part.parameter_count = in.u16le();
  part.parameter_offset = in.u16le();
  part.parameter_displacement = in.u16le();
  part.data_count = in.u16le();
  part.data_offset = in.u16le();
  part.data_displacement = in.u16le();
}

// [MS-CIFS] section 2.2.4.62.1.
void read_nt_primary(ByteReader& in, TransactionPart& part) noexcept {
  in.skip(1 + 2);  // MaxSetupCount, Reserved1
  part.total_parameters = in.u32le();
  part.total_data = in.u32le();
  part.max_parameters = in.u32le();
  part.max_data = in.u32le();
  part.parameter_count = in.u32le();
  part.parameter_offset = in.u32le();
  part.data_count = in.u32le();
  part.data_offset = in.u32le();
  const std::uint8_t setup_count = in.u8();
  part.function = in.u16le();
  read_setup(in, setup_count, part);
}

// [MS-CIFS] section 2.2.4.63.1.
void read_nt_secondary(ByteReader& in, TransactionPart& part) noexcept {
  in.skip(3);
  part.total_parameters = in.u32le();
  part.total_data = in.u32le();
  part.parameter_count = in.u32le();
  part.parameter_offset = in.u32le();
  part.parameter_displacement = in.u32le();
  part.data_count = in.u32le();
  part.data_offset = in.u32le();
  part.data_displacement = in.u32le();
}

}  // namespace

bool carries_transaction(std::uint8_t command) noexcept {
  switch (command) {
    case transaction:
    case transaction_secondary:
    case transaction2:
    case transaction2_secondary:
    case nt_transact:
    case nt_transact_secondary:
      return true;
    default:
      return false;
  }
}

std::optional<TransactionPart> read_request_part(std::uint8_t command, Bytes words) noexcept {
  ByteReader in(words);
  TransactionPart part;
  part.begins = command == transaction || command == transaction2 || command == nt_transact;
  part.kind = part.begins ? command : static_cast<std::uint8_t>(command - 1);
  if (part.kind == nt_transact) {
    part.begins ? read_nt_primary(in, part) : read_nt_secondary(in, part);
  } else {
    part.begins ? read_primary(in, part) : read_secondary(in, part);
  }
  if (!in.ok()) return std::nullopt;
  return part;
}

bool begins_answer(std::uint8_t command, std::uint32_t status, Bytes words) noexcept {
  if (words.empty()) return status != 0;
  ByteReader in(words);
  if (command == nt_transact) {  // [MS-CIFS] section 2.2.4.62.2
    in.skip(3 + 4 + 4 + 4 + 4);
    const std::uint32_t parameter_displacement = in.u32le();
    in.skip(4 + 4);
    return parameter_displacement == 0 && in.u32le() == 0;
  }
  in.skip(2 + 2 + 2 + 2 + 2);  // [MS-CIFS] sections 2.2.4.33.2 and 2.2.4.46.2
  const std::uint16_t parameter_displacement = in.u16le();
  in.skip(2 + 2);
  return parameter_displacement == 0 && in.u16le() == 0;
}

}  // namespace bansoko::proto::smb
