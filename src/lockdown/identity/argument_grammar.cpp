// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/argument_grammar.h"

#include <algorithm>
#include <array>

#include "lockdown/identity/argument_options.h"

namespace bansoko::identity {
namespace {

constexpr Grammar kNothing{.options = {}, .operand = Operand::nothing};

constexpr Grammar kBreaking{.options = options::kBreakingShell, .has_plus = true, .dash_ends = true};

struct ProgramGrammar {
  Language language;
  std::string_view name;  // what its name begins with; the first that fits
  Grammar grammar;
};

constexpr std::array kGrammars{
    ProgramGrammar{Language::shell, "fish", {.options = options::kFish, .abbreviates = true}},
    ProgramGrammar{Language::shell, "csh", kBreaking},
    ProgramGrammar{Language::shell, "tcsh", kBreaking},
    ProgramGrammar{Language::shell, "zsh", kBreaking},
    ProgramGrammar{Language::shell, "", {.options = options::kShell, .has_plus = true, .dash_ends = true}},
    ProgramGrammar{Language::python, "", {.options = options::kPython}},
    ProgramGrammar{Language::perl, "", {.options = options::kPerl}},
    ProgramGrammar{Language::php,
                   "php-fpm",
                   {.options = options::kPhpFpm, .operand = Operand::nothing, .has_urls = true}},
    // After "--" there are only arguments, and the code comes from the input.
    ProgramGrammar{
        Language::php,
        "",
        {.options = options::kPhp, .has_equals = true, .has_urls = true, .end_effects = kNoOperands}},
    ProgramGrammar{Language::ruby, "", {.options = options::kRuby}},
    ProgramGrammar{Language::node,
                   "",
                   {.options = options::kNode, .has_clusters = false, .skipped = options::kNodeDebuggers}},
    ProgramGrammar{Language::java,
                   "",
                   {.options = options::kJava,
                    .operand = Operand::source_class,
                    .has_clusters = false,
                    .has_argument_files = true}},
    ProgramGrammar{Language::lua, "", {.options = options::kLua}},
    ProgramGrammar{Language::tcl, "expect", {.options = options::kExpect}},
    // Any other option makes tclsh and wish read the input.
    ProgramGrammar{Language::tcl,
                   "",
                   {.options = options::kTcl,
                    .effects = kDashIsNone,
                    .has_clusters = false,
                    .unknown_effects = kInput | kProgram | kEnds,
                    .end_effects = kInput | kProgram}},
    ProgramGrammar{
        Language::awk, "", {.options = options::kAwk, .operand = Operand::text, .abbreviates = true}},
    ProgramGrammar{
        Language::sed,
        "",
        {.options = options::kSed, .operand = Operand::text, .abbreviates = true, .permutes = true}},
    ProgramGrammar{
        Language::loader, "", {.options = options::kLoader, .operand = Operand::program, .only_long = true}},
    ProgramGrammar{
        Language::make, "", {.options = options::kMake, .operand = Operand::nothing, .permutes = true}},
    ProgramGrammar{
        Language::gdb,
        "",
        {.options = options::kGdb, .operand = Operand::nothing, .has_clusters = false, .permutes = true}},
    ProgramGrammar{
        Language::sqlite,
        "",
        {.options = options::kSqlite, .operand = Operand::nothing, .has_clusters = false, .permutes = true}},
    ProgramGrammar{
        Language::vim,
        "",
        {.options = options::kVim, .operand = Operand::nothing, .has_clusters = false, .permutes = true}},
    ProgramGrammar{Language::module, "insmod", {.options = {}, .effects = kNoInput}},
    ProgramGrammar{
        Language::module,
        "modprobe",
        {.options = options::kModprobe, .operand = Operand::module, .abbreviates = true, .permutes = true}},
};

}  // namespace

const Grammar& grammar_of(Language language, std::string_view program) noexcept {
  const auto* const found = std::ranges::find_if(kGrammars, [&](const ProgramGrammar& one) {
    return one.language == language && program.starts_with(one.name);
  });
  return found == kGrammars.end() ? kNothing : found->grammar;
}

}  // namespace bansoko::identity
