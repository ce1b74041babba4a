// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/environment.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lockdown/identity/argument_grammar.h"
#include "lockdown/identity/argument_walk.h"
#include "lockdown/identity/code_names.h"

namespace bansoko::identity {
namespace {

enum class Use : std::uint8_t {
  value,         // by its role
  expanded,      // a file, after the shell's expansions
  prompt,        // the same, but for an interactive shell alone
  input,         // code comes from the standard input, too
  options,       // as arguments
  lone_options,  // as arguments, of which none takes the next
  lua,           // "@FILE", or program text
};

struct Variable {
  std::string_view name;  // with "="; without one it is how the name begins
  Language language;      // none: any
  Use use;
  Role role = Role::ignored;
  std::string_view quotes = {};
};

constexpr std::array kVariables{
    Variable{"LD_PRELOAD=", Language::none, Use::value, Role::libraries},
    Variable{"LD_AUDIT=", Language::none, Use::value, Role::libraries},
    Variable{"BASH_ENV=", Language::shell, Use::expanded},
    Variable{"ENV=", Language::shell, Use::prompt},
    Variable{"BASH_FUNC_", Language::shell, Use::value, Role::code},
    Variable{"PYTHONSTARTUP=", Language::python, Use::value, Role::file},
    Variable{"PYTHONINSPECT=", Language::python, Use::input},
    Variable{"PERL5OPT=", Language::perl, Use::options},
    Variable{"PERL5DB=", Language::perl, Use::value, Role::code},
    Variable{"RUBYOPT=", Language::ruby, Use::options},
    Variable{"NODE_OPTIONS=", Language::node, Use::options, Role::ignored, "\""},
    Variable{"NODE_REPL_EXTERNAL_MODULE=", Language::node, Use::value, Role::file},
    Variable{"JDK_JAVA_OPTIONS=", Language::java, Use::options, Role::ignored, "\"'"},
    Variable{"JAVA_TOOL_OPTIONS=", Language::java, Use::lone_options, Role::ignored, "\"'"},
    Variable{"_JAVA_OPTIONS=", Language::java, Use::lone_options, Role::ignored, "\"'"},
    Variable{"IBM_JAVA_OPTIONS=", Language::java, Use::lone_options, Role::ignored, "\"'"},
    Variable{"OPENJ9_JAVA_OPTIONS=", Language::java, Use::lone_options, Role::ignored, "\"'"},
    Variable{"CLASSPATH=", Language::java, Use::value, Role::class_path},
    Variable{"MAKEFILES=", Language::make, Use::value, Role::libraries},
    Variable{"LUA_INIT", Language::lua, Use::lua},  // LUA_INIT_5_4
};

/// Words between blanks. Only Node has the backslash, and within quotes alone.
std::vector<std::string> words_of(std::string_view text, const Variable& variable) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (quote == 0 && (c == ' ' || (c >= '\t' && c <= '\r'))) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (quote != 0 ? c == quote : variable.quotes.find(c) != std::string_view::npos) {
      quote = quote != 0 ? '\0' : c;
      continue;
    }
    if (quote != 0 && c == '\\' && variable.language == Language::node && at + 1 < text.size())
      c = text[++at];
    words.back() += c;
  }
  return words;
}

void walk_options(const Variable& variable, std::string_view text, CodeArguments& found) {
  const std::vector<std::string> words = words_of(text, variable);
  std::vector<std::string_view> views(words.begin(), words.end());
  if (views.size() > kMostArguments) found.truncated = true;
  views.resize(std::min(views.size(), kMostArguments));
  Grammar grammar = grammar_of(variable.language, {});
  grammar.permutes = true;
  // Perl and Ruby add the dash that is missing.
  grammar.has_bare_options = variable.language == Language::perl || variable.language == Language::ruby;
  const std::span<const std::string_view> all = views;
  const std::size_t step = variable.use == Use::lone_options ? 1 : std::max<std::size_t>(all.size(), 1);
  for (std::size_t at = 0; at < all.size(); at += step)
    ArgumentWalk(grammar, all.subspan(at, step), found).options();
}

void apply(const Variable& variable, std::string_view value, CodeArguments& found) {
  CodeNames names(found);
  const bool expands = value.find_first_of("$`\\'\"~") != std::string_view::npos;
  switch (variable.use) {
    case Use::value:
      return names.take(variable.role, value);
    case Use::expanded:
      if (!expands) return names.take(Role::file, value);
      found.truncated = true;
      return;
    case Use::prompt:
      return names.take(expands ? Role::code : Role::file, value);
    case Use::input:
      found.from_input = found.from_input || !value.empty();
      return;
    case Use::options:
    case Use::lone_options:
      return walk_options(variable, value, found);
    case Use::lua: {
      const std::string_view text = value.substr(std::min(value.find('=') + 1, value.size()));
      return text.starts_with('@') ? names.take(Role::file, text.substr(1)) : names.take(Role::code, text);
    }
  }
}

bool concerns(const Variable& variable, Language language) noexcept {
  if (language == Language::loader || variable.language == Language::none) return true;
  return variable.language == (language == Language::multi ? Language::shell : language);
}

}  // namespace

CodeArguments code_environment(Language language, std::span<const std::string_view> environment) {
  CodeArguments found{.truncated = environment.size() > kMostArguments};
  for (const std::string_view entry : environment.first(std::min(environment.size(), kMostArguments)))
    for (const Variable& variable : kVariables)
      if (concerns(variable, language) && entry.starts_with(variable.name))
        apply(variable, entry.substr(variable.name.size()), found);
  return found;
}

}  // namespace bansoko::identity
