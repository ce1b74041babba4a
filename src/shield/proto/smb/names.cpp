// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/names.h"

#include <algorithm>
#include <cctype>

#include "shield/proto/smb/commands.h"

namespace bansoko::proto::smb {
namespace {

enum Slot : std::size_t { share_slot, file_slot, user_slot, domain_slot };

std::optional<Bytes> kept_in(Message& message, Slot slot, std::optional<Bytes> name) noexcept {
  if (!name) return std::nullopt;
  message.names[slot].clear();
  message.names[slot].append(*name);
  return message.names[slot].bytes();
}

const CommandBlock* find_command(const Message& message, std::uint8_t code) noexcept {
  for (const CommandBlock& block : std::span(message.commands).first(message.command_count))
    if (block.code == code) return &block;
  return nullptr;
}

/// A string of SMB1 at `offset`, up to its zero: UTF-16 begins at an even place ([MS-CIFS] section 2.2.1.1).
Bytes string_at(const Message& message, std::size_t offset) noexcept {
  constexpr std::size_t kLongest = 0x10000;
  const std::size_t width = message.header.is_unicode() ? 2 : 1;
  const Bytes text = message.part(offset + (width == 2 ? offset % 2 : 0), kLongest);
  std::size_t size = 0;
  while (size + width <= text.size() &&
         std::ranges::any_of(text.subspan(size, width), [](auto b) { return b != 0; }))
    size += width;
  return text.first(size);
}

// [MS-CIFS] sections 2.2.4.55.1 and 2.2.4.50.1.
std::optional<Bytes> smb1_tree(const Message& message) noexcept {
  if (const CommandBlock* const block = find_command(message, tree_connect_andx); block != nullptr) {
    ByteReader words(message.words(*block));
    words.skip(4 + 2);  // AndX, Flags
    const std::size_t password = words.u16le();
    return string_at(message, block->bytes_offset() + password);
  }
  if (const CommandBlock* const block = find_command(message, tree_connect); block != nullptr)
    return string_at(message, block->bytes_offset() + 1);  // BufferFormat
  return std::nullopt;
}

// [MS-SMB2] section 2.2.9; of SMB 3.1.1 there may be an extension behind the path.
std::optional<Bytes> smb2_tree(const Message& message) noexcept {
  if (message.smb2.command != smb2_tree_connect) return std::nullopt;
  ByteReader in(message.part(kSmb2HeaderSize + 4, 4));
  const std::uint16_t offset = in.u16le();
  return message.part(offset, in.u16le());
}

std::optional<Bytes> tree(Message& message) noexcept {
  return kept_in(message, share_slot,
                 message.dialect == Dialect::smb2 ? smb2_tree(message) : smb1_tree(message));
}

/// Pipes are behind the share IPC$, whose name no other share bears.
bool is_of_pipes(Bytes path) noexcept {
  constexpr std::string_view kPipes = "IPC$";
  if (path.size() < kPipes.size()) return false;
  const Bytes end = path.last(kPipes.size());
  return std::ranges::equal(end, kPipes, [](std::uint8_t a, char b) { return std::toupper(a) == b; });
}

// [MS-CIFS] sections 2.2.4.64.1 and 2.2.4.41.1.
std::optional<Bytes> smb1_file(const Message& message) noexcept {
  const CommandBlock* block = find_command(message, nt_create_andx);
  if (block == nullptr) block = find_command(message, open_andx);
  if (block == nullptr) return std::nullopt;
  return string_at(message, block->bytes_offset());
}

// [MS-SMB2] section 2.2.13.
std::optional<Bytes> smb2_file(const Message& message) noexcept {
  if (message.smb2.command != smb2_create) return std::nullopt;
  ByteReader in(message.part(kSmb2HeaderSize + 44, 4));
  const std::uint16_t offset = in.u16le();
  return message.part(offset, in.u16le());
}

/// The AUTHENTICATE_MESSAGE of a SESSION_SETUP, wherever its security blob has it.
Bytes authentication(const Message& message) noexcept {
  constexpr std::string_view kMark{"NTLMSSP\0\3\0\0\0", 12};
  const bool is_setup = message.dialect == Dialect::smb2
                            ? message.smb2.command == smb2_session_setup
                            : find_command(message, session_setup_andx) != nullptr;
  if (!is_setup) return {};
  const Bytes all = message.kept();
  const std::size_t at = as_text(all).find(kMark);
  return at == std::string_view::npos ? Bytes{} : all.subspan(at);
}

/// The field whose length and offset stand at `place`; nothing if it is empty, as in an anonymous logon.
std::optional<Bytes> ntlm_field(Bytes ntlm, std::size_t place) noexcept {
  if (ntlm.empty()) return std::nullopt;
  ByteReader in(ntlm);
  in.skip(place);
  const std::size_t size = in.u16le();
  in.skip(2);  // MaxLen
  const std::size_t offset = in.u32le();
  if (!in.ok() || size == 0 || offset > ntlm.size()) return std::nullopt;
  return ntlm.subspan(offset, std::min(size, ntlm.size() - offset));
}

}  // namespace

std::optional<Bytes> share_name(Message& message) noexcept {
  const auto path = tree(message);
  return path && !is_of_pipes(*path) ? path : std::nullopt;
}

std::optional<Bytes> pipe_share_name(Message& message) noexcept {
  const auto path = tree(message);
  return path && is_of_pipes(*path) ? path : std::nullopt;
}

std::optional<Bytes> file_name(Message& message) noexcept {
  return kept_in(message, file_slot,
                 message.dialect == Dialect::smb2 ? smb2_file(message) : smb1_file(message));
}

std::optional<Bytes> user_name(Message& message) noexcept {
  return kept_in(message, user_slot, ntlm_field(authentication(message), 36));
}

std::optional<Bytes> domain_name(Message& message) noexcept {
  return kept_in(message, domain_slot, ntlm_field(authentication(message), 28));
}

}  // namespace bansoko::proto::smb
