// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "lockdown/identity/language.h"

namespace bansoko::identity {

/// How an option takes a value.
enum class Value : std::uint8_t {
  none,
  rest,           // what is left of the word, or what follows "=": -i.bak
  rest_or_next,   // what is left of the word, else the next word: -fFILE, -f FILE
  next,           // the next word, while the cluster goes on: -eo pipefail
  optional_next,  // the next word unless it is an option
  octal,          // digits; the cluster goes on: -l012ne
  number,         // digits, or "x" and hexadecimal ones; the cluster goes on: -0777ne, -0x1fe
  one_letter,     // the next letter; the cluster goes on: -Kue
  after_colon,    // what is left of the word if that begins with ":" or "=": -d:Trace
};

/// What the value is.
enum class Role : std::uint8_t {
  ignored,
  code,         // program text
  file,         // a file of code
  module_file,  // a file of code if it is a path or a file: URL; else a name to be searched for
  module_text,  // a module's name, which may go on with code: perl -M
  folder,       // the folder to change to first
  class_path,   // files and folders, separated by ":"
  patch,        // a module's name, "=", and a class path
  libraries,    // files, separated by ":" and " "
  agent,        // a file, then "=" and its options
  setting,      // NAME=VALUE of a php.ini
  long_option,  // another option, without its "--"
  name,         // argv[0] of the program that the loader starts
};

/// What an option does besides. To be added together.
inline constexpr std::uint16_t kProgram = 1;       // the program is known: the first operand is no script
inline constexpr std::uint16_t kEnds = 2;          // what follows are no options
inline constexpr std::uint16_t kInput = 4;         // code comes from the standard input, too
inline constexpr std::uint16_t kNoInput = 8;       // without a script nothing is read from there
inline constexpr std::uint16_t kCommand = 16;      // the first operand is program text
inline constexpr std::uint16_t kAllOperands = 32;  // not only the first operand is a file of code
inline constexpr std::uint16_t kOperandFile = 64;  // the first operand is a file, whatever its name
inline constexpr std::uint16_t kSearched = 128;    // the script is searched for unless it is a path
inline constexpr std::uint16_t kNoOperands = 256;  // operands are no script
inline constexpr std::uint16_t kDashIsNone = 512;  // neither is a first one that begins with "-"

/// `name`: one letter, which may stand in a cluster; or a whole word with its dashes. One that ends with ":"
/// or "=" begins a word, and what follows is the value.
struct Option {
  std::string_view name;
  Value value = Value::none;
  Role role = Role::ignored;
  std::uint16_t effects = 0;
};

/// What the first operand is when no option gave the program.
enum class Operand : std::uint8_t {
  nothing,
  script,
  text,          // program text
  source_class,  // a class to be searched for, or a file if it ends with ".java"
  program,       // what the loader starts
  module,        // a kernel module, if it is a path
};

/// How a program reads its arguments.
struct Grammar {
  std::span<const Option> options;
  Operand operand = Operand::script;
  std::uint16_t effects = 0;                       // as if an option had them
  bool has_clusters = true;                        // -abc is -a -b -c
  bool has_plus = false;                           // +o as -o
  bool has_bare_options = false;                   // what begins with no dash is an option, too
  bool dash_ends = false;                          // "-" is as "--"
  bool abbreviates = false;                        // --fil is --file
  bool permutes = false;                           // options may follow operands
  bool only_long = false;                          // what begins with one dash is an operand
  bool has_equals = false;                         // -f=FILE is -f FILE
  bool has_urls = false;                           // a file may be a URL
  bool has_argument_files = false;                 // @FILE
  std::uint16_t unknown_effects = 0;               // of an option that is not in the list
  std::uint16_t end_effects = 0;                   // of "--"
  std::span<const std::string_view> skipped = {};  // words that may come before the script
};

/// `program` is the last part of a path: it tells fish from bash. One with no code to give has no options and
/// no operand.
const Grammar& grammar_of(Language language, std::string_view program) noexcept;

}  // namespace bansoko::identity
