// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smb/names.h"

#include <algorithm>
#include <cctype>

#include "shield/proto/smb/commands.h"

namespace bansoko::proto::smb {
namespace {

enum Slot : std::size_t { share_slot, file_slot, user_slot, domain_slot, system_slot, lanman_slot };

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

/// The strings of an SMB1 message from `offset` on, each up to its zero: UTF-16 begins at an even place
/// ([MS-CIFS] section 2.2.1.1).
class Strings {
 public:
  Strings(const Message& message, std::size_t offset) noexcept
      : message_(message), width_(message.header.is_unicode() ? 2 : 1), at_(offset) {
    if (width_ == 2) at_ += at_ % 2;
  }
  Bytes next() noexcept {
    constexpr std::size_t kLongest = 0x10000;
    const Bytes text = message_.part(at_, kLongest);
    std::size_t size = 0;
    while (size + width_ <= text.size() &&
           std::ranges::any_of(text.subspan(size, width_), [](auto b) { return b != 0; }))
      size += width_;
    at_ += size + width_;
    return text.first(size);
  }

 private:
  const Message& message_;
  std::size_t width_;
  std::size_t at_;
};

Bytes string_at(const Message& message, std::size_t offset) noexcept {
  return Strings(message, offset).next();
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

/// From `mark` on in a SESSION_SETUP, wherever its security blob has it.
Bytes in_setup(const Message& message, std::string_view mark) noexcept {
  const bool is_setup = message.dialect == Dialect::smb2
                            ? message.smb2.command == smb2_session_setup
                            : find_command(message, session_setup_andx) != nullptr;
  if (!is_setup) return {};
  const Bytes all = message.kept();
  const std::size_t at = as_text(all).find(mark);
  return at == std::string_view::npos ? Bytes{} : all.subspan(at);
}

Bytes authentication(const Message& message) noexcept { return in_setup(message, {"NTLMSSP\0\3\0\0\0", 12}); }

/// Where the strings of a SESSION_SETUP_ANDX begin, and how many stand before the system's name. The number
/// of parameter words tells the forms apart.
struct SetupStrings {
  std::size_t offset = 0;
  int before = 0;
};

std::optional<SetupStrings> setup_strings(const Message& message, const CommandBlock& block) noexcept {
  ByteReader words(message.words(block));
  const std::size_t begin = block.bytes_offset();
  switch (block.words_size / 2) {
    case 3:  // an answer
      return SetupStrings{begin, 0};
    case 4:  // an answer with a security blob
      words.skip(4 + 2);
      return SetupStrings{begin + words.u16le(), 0};
    case 12:  // a request with a security blob
      words.skip(4 + 6 + 4);
      return SetupStrings{begin + words.u16le(), 0};
    case 13: {  // a request with two passwords; account and domain come first
      words.skip(4 + 6 + 4);
      const std::size_t oem = words.u16le(), unicode = words.u16le();
      return SetupStrings{begin + oem + unicode, 2};
    }
    default:
      return std::nullopt;
  }
}

/// `later`: how many strings behind the system's name.
std::optional<Bytes> setup_string(const Message& message, int later) noexcept {
  if (message.dialect != Dialect::smb1) return std::nullopt;
  const CommandBlock* const block = find_command(message, session_setup_andx);
  if (block == nullptr) return std::nullopt;
  const auto place = setup_strings(message, *block);
  if (!place) return std::nullopt;
  Strings strings(message, place->offset);
  for (int i = 0; i < place->before + later; ++i) strings.next();
  const Bytes found = strings.next();
  return found.empty() ? std::nullopt : std::optional(found);
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

std::optional<Bytes> native_os(Message& message) noexcept {
  return kept_in(message, system_slot, setup_string(message, 0));
}

std::optional<Bytes> native_lanman(Message& message) noexcept {
  return kept_in(message, lanman_slot, setup_string(message, 1));
}

std::optional<Bytes> ntlmssp(Message& message) noexcept {
  const Bytes found = in_setup(message, {"NTLMSSP\0", 8});
  return found.empty() ? std::nullopt : std::optional(found);
}

}  // namespace bansoko::proto::smb
