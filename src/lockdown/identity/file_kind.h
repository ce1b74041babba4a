// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace bansoko::identity {

/// What a file is to those who might execute it, by its first bytes.
enum class FileKind : std::uint8_t {
  empty,
  data,      // none of the others
  program,   // ELF that may be executed or loaded: ET_EXEC, ET_DYN
  object,    // ELF ET_REL: to be linked, or a kernel module
  script,    // begins with "#!"
  bytecode,  // compiled for an interpreter: .pyc, .class
  archive,   // ZIP: Java archives, zipped Python
  foreign,   // of another system: PE
};
inline constexpr std::size_t kFileKinds = static_cast<std::size_t>(FileKind::foreign) + 1;

/// "program" and so on.
std::string_view name_of(FileKind kind) noexcept;

/// As much of a file as kind_of() wants to see.
inline constexpr std::size_t kHeadSize = 256;

/// By the first `kHeadSize` bytes, or all if there are fewer. ELF: System V ABI, "ELF Header"; "#!":
/// execve(2).
FileKind kind_of(Bytes head) noexcept;

/// May it run by itself, whoever opens it: by execve(2), dlopen(3), the loader?
constexpr bool is_native(FileKind kind) noexcept { return kind == FileKind::program; }

}  // namespace bansoko::identity
