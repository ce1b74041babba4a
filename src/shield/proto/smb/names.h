// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/bytes.h"
#include "shield/proto/smb/message.h"

/// The names in a message, which has come as a whole. Each is put together in the message's own memory.
namespace bansoko::proto::smb {

/// The path of a TREE_CONNECT: \\server\share, or \\server\IPC$ for the pipes of a server.
std::optional<Bytes> share_name(Message& message) noexcept;
std::optional<Bytes> pipe_share_name(Message& message) noexcept;

/// What a request opens or creates.
std::optional<Bytes> file_name(Message& message) noexcept;

/// Of an NTLMSSP AUTHENTICATE_MESSAGE ([MS-NLMP] section 2.2.1.3) in a SESSION_SETUP.
std::optional<Bytes> user_name(Message& message) noexcept;
std::optional<Bytes> domain_name(Message& message) noexcept;

/// What a side says of its software in a SESSION_SETUP_ANDX ([MS-CIFS] section 2.2.4.53, [MS-SMB] section
/// 2.2.4.6): its system and its LAN Manager.
std::optional<Bytes> native_os(Message& message) noexcept;
std::optional<Bytes> native_lanman(Message& message) noexcept;

/// The NTLMSSP message of a SESSION_SETUP, from its signature on: [MS-NLMP] section 2.2.1.
std::optional<Bytes> ntlmssp(Message& message) noexcept;

}  // namespace bansoko::proto::smb
