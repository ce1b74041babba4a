// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/argument_grammar.h"

#include <algorithm>
#include <array>

namespace bansoko::identity {
namespace {

using enum Value;
using enum Role;

constexpr std::array kShell{
    Option{"c", none, ignored, kCommand},
    Option{"s", none, ignored, kInput | kProgram},
    Option{"o", next},
    Option{"O", next},
    Option{"--rcfile", rest_or_next, file},
    Option{"-rcfile", rest_or_next, file},
    Option{"--init-file", rest_or_next, file},
    Option{"-init-file", rest_or_next, file},
    Option{"-debugger"},
    Option{"-dump-po-strings"},
    Option{"-dump-strings"},
    Option{"-login"},
    Option{"-noediting"},
    Option{"-noprofile"},
    Option{"-norc"},
    Option{"-posix"},
    Option{"-protected"},
    Option{"-restricted"},
    Option{"-verbose"},
    Option{"-wordexp"},
    Option{"--emulate", rest_or_next},  // zsh
};

/// In these "b" ends the options.
constexpr std::array kBreakingShell{
    Option{"c", none, ignored, kCommand},
    Option{"s", none, ignored, kInput | kProgram},
    Option{"o", next},
    Option{"b", none, ignored, kEnds},
    Option{"--emulate", rest_or_next},
};

constexpr std::array kFish{
    Option{"c", rest_or_next, code, kProgram},
    Option{"C", rest_or_next, code},
    Option{"d", rest_or_next},
    Option{"D", rest_or_next},
    Option{"f", rest_or_next},
    Option{"o", rest_or_next},
    Option{"p", rest_or_next},
    Option{"--command", rest_or_next, code, kProgram},
    Option{"--init-command", rest_or_next, code},
    Option{"--debug", rest_or_next},
    Option{"--debug-output", rest_or_next},
    Option{"--debug-stack-frames", rest_or_next},
    Option{"--features", rest_or_next},
    Option{"--profile", rest_or_next},
    Option{"--profile-startup", rest_or_next},
};

constexpr std::array kPython{
    Option{"c", rest_or_next, code, kProgram | kEnds},
    Option{"m", rest_or_next, ignored, kProgram | kEnds},
    Option{"i", none, ignored, kInput},
    Option{"Q", rest_or_next},
    Option{"W", rest_or_next},
    Option{"X", rest_or_next},
    Option{"--check-hash-based-pycs", rest_or_next},
    Option{"--jit", rest_or_next},  // PyPy
};

constexpr std::array kPerl{
    Option{"e", rest_or_next, code, kProgram},
    Option{"E", rest_or_next, code, kProgram},
    Option{"m", rest_or_next, module_text},
    Option{"M", rest_or_next, module_text},
    Option{"I", rest_or_next},
    Option{"C", rest},
    Option{"D", rest},
    Option{"F", rest},
    Option{"i", rest},
    Option{"x", rest},
    Option{"l", digits},
    Option{"0", digits},
    Option{"d", after_colon},
    Option{"V", after_colon},
    Option{"S", none, ignored, kSearched},
};

constexpr Grammar kNothing{.options = {}, .operand = Operand::nothing};

struct Program {
  Language language;
  std::string_view name;  // what its name begins with; the first that fits
  Grammar grammar;
};

constexpr std::array kPrograms{
    Program{Language::shell, "fish", {.options = kFish, .abbreviates = true}},
    Program{Language::shell, "csh", {.options = kBreakingShell, .has_plus = true, .dash_ends = true}},
    Program{Language::shell, "tcsh", {.options = kBreakingShell, .has_plus = true, .dash_ends = true}},
    Program{Language::shell, "zsh", {.options = kBreakingShell, .has_plus = true, .dash_ends = true}},
    Program{Language::shell, "", {.options = kShell, .has_plus = true, .dash_ends = true}},
    Program{Language::python, "", {.options = kPython}},
    Program{Language::perl, "", {.options = kPerl}},
};

}  // namespace

const Grammar& grammar_of(Language language, std::string_view program) noexcept {
  const auto* const found = std::ranges::find_if(kPrograms, [&](const Program& one) {
    return one.language == language && program.starts_with(one.name);
  });
  return found == kPrograms.end() ? kNothing : found->grammar;
}

}  // namespace bansoko::identity
