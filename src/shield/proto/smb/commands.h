// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::smb {

/// The SMB1 commands that this parser looks into ([MS-CIFS] section 2.2.2.1).
enum Command : std::uint8_t {
  close = 0x04,
  read = 0x0A,
  write = 0x0B,
  write_and_unlock = 0x14,
  locking_andx = 0x24,
  transaction = 0x25,
  transaction_secondary = 0x26,
  open_andx = 0x2D,
  read_andx = 0x2E,
  write_andx = 0x2F,
  transaction2 = 0x32,
  transaction2_secondary = 0x33,
  tree_connect = 0x70,
  tree_disconnect = 0x71,
  session_setup_andx = 0x73,
  logoff_andx = 0x74,
  tree_connect_andx = 0x75,
  security_package_andx = 0x7E,
  nt_transact = 0xA0,
  nt_transact_secondary = 0xA1,
  nt_create_andx = 0xA2,
  no_andx_command = 0xFF,
};

/// Its parameter words begin with the command that follows it in the same message ([MS-CIFS]
/// section 2.2.3.4).
constexpr bool is_andx(std::uint8_t command) noexcept {
  switch (command) {
    case locking_andx:
    case open_andx:
    case read_andx:
    case write_andx:
    case session_setup_andx:
    case logoff_andx:
    case tree_connect_andx:
    case security_package_andx:
    case nt_create_andx:
      return true;
    default:
      return false;
  }
}

/// TRANS2 subcommands ([MS-CIFS] section 2.2.2.2).
enum Trans2Command : std::uint16_t {
  trans2_open2 = 0x0000,
  trans2_set_path_information = 0x0006,
  trans2_set_file_information = 0x0008,
  trans2_create_directory = 0x000D,
};

std::span<const NamedValue> command_names() noexcept;       // of SMB1
std::span<const NamedValue> smb2_command_names() noexcept;  // [MS-SMB2] section 2.2.1.2
std::span<const NamedValue> trans2_command_names() noexcept;
std::span<const NamedValue> trans_command_names() noexcept;
std::span<const NamedValue> nt_transact_function_names() noexcept;
std::span<const NamedValue> transaction_kind_names() noexcept;

}  // namespace bansoko::proto::smb
