// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/language.h"

#include <algorithm>
#include <array>

namespace bansoko::identity {
namespace {

struct ProgramName {
  std::string_view name;  // what follows may be a version: digits, '.', '-'
  Language language;
};

constexpr std::array kPrograms{
    ProgramName{"ld-linux", Language::loader},  ProgramName{"ld-musl", Language::loader},
    ProgramName{"ld.so", Language::loader},     ProgramName{"ld64.so", Language::loader},
    ProgramName{"kmod", Language::module},      ProgramName{"modprobe", Language::module},
    ProgramName{"insmod", Language::module},    ProgramName{"sh", Language::shell},
    ProgramName{"bash", Language::shell},       ProgramName{"dash", Language::shell},
    ProgramName{"ash", Language::shell},        ProgramName{"ksh", Language::shell},
    ProgramName{"mksh", Language::shell},       ProgramName{"zsh", Language::shell},
    ProgramName{"csh", Language::shell},        ProgramName{"tcsh", Language::shell},
    ProgramName{"fish", Language::shell},       ProgramName{"rbash", Language::shell},
    ProgramName{"python", Language::python},    ProgramName{"pypy", Language::python},
    ProgramName{"perl", Language::perl},        ProgramName{"php", Language::php},
    ProgramName{"php-fpm", Language::php},      ProgramName{"php-cgi", Language::php},
    ProgramName{"ruby", Language::ruby},        ProgramName{"irb", Language::ruby},
    ProgramName{"node", Language::node},        ProgramName{"nodejs", Language::node},
    ProgramName{"java", Language::java},        ProgramName{"lua", Language::lua},
    ProgramName{"luajit", Language::lua},       ProgramName{"tclsh", Language::tcl},
    ProgramName{"wish", Language::tcl},         ProgramName{"expect", Language::tcl},
    ProgramName{"awk", Language::awk},          ProgramName{"gawk", Language::awk},
    ProgramName{"mawk", Language::awk},         ProgramName{"nawk", Language::awk},
    ProgramName{"original-awk", Language::awk}, ProgramName{"sed", Language::sed},
    ProgramName{"busybox", Language::multi},    ProgramName{"toybox", Language::multi},
    ProgramName{"make", Language::make},        ProgramName{"gmake", Language::make},
    ProgramName{"gdb", Language::gdb},          ProgramName{"sqlite", Language::sqlite},
    ProgramName{"vim", Language::vim},          ProgramName{"vim.basic", Language::vim},
    ProgramName{"vim.tiny", Language::vim},     ProgramName{"vim.nox", Language::vim},
    ProgramName{"vi", Language::vim},           ProgramName{"ex", Language::vim},
    ProgramName{"view", Language::vim},         ProgramName{"nvim", Language::vim},
};

struct CodeName {
  std::string_view suffix;
  Language language;
};

constexpr std::array kCodeNames{
    CodeName{".sh", Language::shell},      CodeName{".bash", Language::shell},
    CodeName{".zsh", Language::shell},     CodeName{".ksh", Language::shell},
    CodeName{".csh", Language::shell},     CodeName{".py", Language::python},
    CodeName{".pyc", Language::python},    CodeName{".pyo", Language::python},
    CodeName{".pyw", Language::python},    CodeName{".pth", Language::python},
    CodeName{".egg", Language::python},    CodeName{".whl", Language::python},
    CodeName{".pyz", Language::python},    CodeName{".pl", Language::perl},
    CodeName{".pm", Language::perl},       CodeName{".al", Language::perl},
    CodeName{".php", Language::php},       CodeName{".php3", Language::php},
    CodeName{".php4", Language::php},      CodeName{".php5", Language::php},
    CodeName{".php7", Language::php},      CodeName{".phtml", Language::php},
    CodeName{".phar", Language::php},      CodeName{".inc", Language::php},
    CodeName{".rb", Language::ruby},       CodeName{".js", Language::node},
    CodeName{".mjs", Language::node},      CodeName{".cjs", Language::node},
    CodeName{".node", Language::node},     CodeName{".jar", Language::java},
    CodeName{".war", Language::java},      CodeName{".ear", Language::java},
    CodeName{".class", Language::java},    CodeName{".lua", Language::lua},
    CodeName{".luac", Language::lua},      CodeName{".tcl", Language::tcl},
    CodeName{".tm", Language::tcl},        CodeName{".awk", Language::awk},
    CodeName{".sed", Language::sed},       CodeName{".mk", Language::make},
    CodeName{".gdb", Language::gdb},       CodeName{".sql", Language::sqlite},
    CodeName{".vim", Language::vim},       CodeName{".ko", Language::module},
    CodeName{".ko.gz", Language::module},  CodeName{".ko.xz", Language::module},
    CodeName{".ko.zst", Language::module},
};

/// Files that are code by their whole name.
constexpr std::array kCodeFiles{
    CodeName{"Makefile", Language::make},    CodeName{"makefile", Language::make},
    CodeName{"GNUmakefile", Language::make}, CodeName{".gdbinit", Language::gdb},
    CodeName{".sqliterc", Language::sqlite}, CodeName{".vimrc", Language::vim},
    CodeName{"vimrc", Language::vim},        CodeName{".exrc", Language::vim},
};

std::string_view last_part(std::string_view path) noexcept { return path.substr(path.rfind('/') + 1); }

bool is_version(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

bool takes_archives(Language language) noexcept {
  return language == Language::java || language == Language::python || language == Language::php;
}

bool takes_bytecode(Language language) noexcept {
  return language == Language::java || language == Language::python;
}

}  // namespace

std::string_view name_of(Language language) noexcept {
  constexpr std::array<std::string_view, kLanguages> kNames{"none", "loader", "module", "shell", "python",
                                                            "perl", "php",    "ruby",   "node",  "java",
                                                            "lua",  "tcl",    "awk",    "sed",   "multi"};
  return kNames.at(static_cast<std::size_t>(language));
}

Language language_of_program(std::string_view path) noexcept {
  const std::string_view name = last_part(path);
  // The loader's name goes on with an architecture: ld-linux-x86-64.so.2, ld-2.17.so.
  if (name.starts_with("ld-") && name.find(".so") != std::string_view::npos) return Language::loader;
  for (const ProgramName& one : kPrograms)
    if (name.starts_with(one.name) && is_version(name.substr(one.name.size()))) return one.language;
  return Language::none;
}

Language language_of_code(std::string_view path) noexcept {
  const std::string_view name = last_part(path);
  for (const CodeName& one : kCodeNames)
    if (name.size() > one.suffix.size() && name.ends_with(one.suffix)) return one.language;
  for (const CodeName& one : kCodeFiles)
    if (name == one.suffix) return one.language;
  return Language::none;
}

bool is_code_for(Language language, FileKind kind, std::string_view path) noexcept {
  if (language == Language::none || language == Language::loader) return false;
  if (language == Language::module)
    return kind == FileKind::object || language_of_code(path) == Language::module;
  if (kind == FileKind::script) return true;
  if (kind == FileKind::bytecode && takes_bytecode(language)) return true;
  const Language named = language_of_code(path);
  if (kind == FileKind::archive) return takes_archives(language) && named == language;
  return language == Language::multi
             ? named == Language::shell || named == Language::awk || named == Language::sed
             : named == language;
}

}  // namespace bansoko::identity
