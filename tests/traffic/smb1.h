// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bansoko::traffic::smb1 {

/// What every message of a dialogue repeats ([MS-CIFS] section 2.2.3.1). Strings are ASCII: UNICODE is not
/// negotiated.
struct Ids {
  std::uint16_t tree = 0;
  std::uint16_t process = 0x1234;
  std::uint16_t user = 0;
  std::uint16_t multiplex = 1;
};

/// A whole SMB1 message behind the four bytes of its transport: `words` must have an even size.
std::string message(std::uint8_t command, const Ids& ids, std::string_view words, std::string_view data);
/// The same as a server sends it.
std::string response(std::uint8_t command, const Ids& ids, std::uint32_t status, std::string_view words,
                     std::string_view data);
/// Puts the length in front of a message that begins with 0xFF 'SMB' or 0xFE 'SMB'.
std::string framed(std::string_view message);

std::string negotiate(const Ids& ids);  // NT LM 0.12 only
std::string session_setup_anonymous(const Ids& ids);
std::string tree_connect(const Ids& ids, std::string_view path);  // \\server\IPC$
std::string nt_create(const Ids& ids, std::string_view name);
std::string echo(const Ids& ids, std::string_view payload);
std::string write_andx(const Ids& ids, std::uint16_t fid, std::uint16_t mode, std::string_view data);
/// SESSION_SETUP_ANDX and TREE_CONNECT_ANDX in one message.
std::string setup_and_connect(const Ids& ids, std::string_view path);

/// The first message of a transaction. The totals may state more than is in it.
struct Primary {
  std::uint16_t function = 0;  // NT_TRANSACT only
  std::uint16_t setup = 0;
  std::uint32_t total_parameters = 0;
  std::uint32_t total_data = 0;
  std::string_view parameters = {};
  std::string_view data = {};
};
std::string nt_transact(const Ids& ids, const Primary& primary);
std::string transaction2(const Ids& ids, const Primary& primary);
std::string transaction(const Ids& ids, const Primary& primary);

/// A further message of a transaction: data only.
struct Secondary {
  std::uint32_t total_parameters = 0;
  std::uint32_t total_data = 0;
  std::uint32_t displacement = 0;
  std::string_view data = {};
};
std::string nt_transact_secondary(const Ids& ids, const Secondary& secondary);
std::string transaction2_secondary(const Ids& ids, const Secondary& secondary);
std::string transaction_secondary(const Ids& ids, const Secondary& secondary);

/// Extended attributes, the first of which takes up what is left of `size` ([MS-CIFS] section 2.2.1.2).
/// `stated` is its SizeOfListInBytes; the values are inert.
std::string fea_list(std::uint32_t stated, std::size_t size);

/// A message and what it is for.
struct Step {
  std::string_view what;
  std::string wire;
};

/// The hole of MS17-010 (CVE-2017-0144): a transaction begun by NT_TRANSACT with a list of extended
/// attributes of 65,536 bytes, which a 16-bit total cannot state, continued by TRANSACTION2_SECONDARY. Filler
/// everywhere, no code.
std::vector<Step> ms17_010(const Ids& ids);

/// Dialogues that look much like it and are in order.
std::vector<Step> nt_transact_in_parts(const Ids& ids);
std::vector<Step> transaction2_in_parts(const Ids& ids);
std::vector<Step> open2_with_attributes(const Ids& ids);

}  // namespace bansoko::traffic::smb1
