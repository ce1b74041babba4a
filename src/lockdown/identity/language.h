// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lockdown/identity/file_kind.h"

namespace bansoko::identity {

/// What a program takes code in, besides its own.
enum class Language : std::uint8_t {
  none,
  loader,  // the dynamic loader, which runs programs named to it
  module,  // loads kernel modules
  shell,
  python,
  perl,
  php,
  ruby,
  node,
  java,
  lua,
  tcl,
  awk,
  sed,
  multi,  // busybox and its like: many of these in one
  make,
  gdb,
  sqlite,
  vim,
};
inline constexpr std::size_t kLanguages = static_cast<std::size_t>(Language::vim) + 1;

/// "shell" and so on.
std::string_view name_of(Language language) noexcept;

/// By the name of the program: "python3.11" is Python, "ld-linux-x86-64.so.2" the loader.
Language language_of_program(std::string_view path) noexcept;

/// Does a file count as code when a program of this language opens it? By its kind ("#!", byte code, an
/// archive that the language runs) or by its name (".py", ".pm", ".inc").
bool is_code_for(Language language, FileKind kind, std::string_view path) noexcept;

/// The language that names like this are written in; none if no name says so. For finding code that belongs
/// to no package.
Language language_of_code(std::string_view path) noexcept;

}  // namespace bansoko::identity
