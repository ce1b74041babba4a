// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/file_kind.h"

#include <array>

#include "base/text.h"

namespace bansoko::identity {
namespace {

constexpr std::size_t kElfData = 5;   // EI_DATA: 1 little-endian, 2 big-endian
constexpr std::size_t kElfType = 16;  // e_type

std::uint16_t elf_type(Bytes head) noexcept {
  if (head.size() < kElfType + 2) return 0;
  const unsigned low = head[kElfType], high = head[kElfType + 1];
  return static_cast<std::uint16_t>(head[kElfData] == 2 ? low << 8U | high : high << 8U | low);
}

/// ET_REL 1, ET_EXEC 2, ET_DYN 3, ET_CORE 4. What is none of them might be loaded by something all the same.
FileKind kind_of_elf(Bytes head) noexcept {
  const std::uint16_t type = elf_type(head);
  if (type == 1) return FileKind::object;
  return type == 4 ? FileKind::data : FileKind::program;
}

/// CPython: two bytes that differ by version, then "\r\n", then flags, and nothing printable by chance in all
/// of them.
bool is_python_bytecode(Bytes head) noexcept {
  return head.size() >= 16 && head[2] == '\r' && head[3] == '\n' && head[1] >= 0x0b && head[1] <= 0x0f;
}

}  // namespace

std::string_view name_of(FileKind kind) noexcept {
  constexpr std::array<std::string_view, kFileKinds> kNames{"empty",  "data",     "program", "object",
                                                            "script", "bytecode", "archive", "foreign"};
  return kNames.at(static_cast<std::size_t>(kind));
}

FileKind kind_of(Bytes head) noexcept {
  const std::string_view text = as_text(head);
  if (text.empty()) return FileKind::empty;
  if (text.starts_with("\x7f"
                       "ELF"))
    return kind_of_elf(head);
  if (text.starts_with("#!")) return FileKind::script;
  if (text.starts_with("\xca\xfe\xba\xbe") || is_python_bytecode(head)) return FileKind::bytecode;
  if (text.starts_with("PK\x03\x04")) return FileKind::archive;
  return text.starts_with("MZ") ? FileKind::foreign : FileKind::data;
}

}  // namespace bansoko::identity
