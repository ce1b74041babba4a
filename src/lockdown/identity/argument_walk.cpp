// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/argument_walk.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <linux/limits.h>

namespace bansoko::identity {
namespace {

/// What other names of the standard input there are. A number of another descriptor is a file like others.
constexpr std::array<std::string_view, 5> kInputNames{"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0",
                                                      "/proc/thread-self/fd/0"};

bool is_letter(const Option& option) noexcept { return option.name.size() == 1; }
bool is_beginning(const Option& option) noexcept {
  return option.name.ends_with(':') || option.name.ends_with('=');
}

/// Node takes "_" for "-" in the names of long options.
bool is_same_name(std::string_view one, std::string_view other) noexcept {
  return std::ranges::equal(one, other, [](char a, char b) { return (a == '_' ? '-' : a) == b; });
}

std::string_view without_digits(std::string_view text) noexcept {
  const bool is_hexadecimal = text.size() > 1 && (text[0] == 'x' || text[0] == 'X');
  if (is_hexadecimal) text.remove_prefix(1);
  while (!text.empty() && (is_hexadecimal ? std::isxdigit(static_cast<unsigned char>(text.front()))
                                          : std::isdigit(static_cast<unsigned char>(text.front()))) != 0)
    text.remove_prefix(1);
  return text;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kAround = " \t\r\"'";
  const std::size_t begin = text.find_first_not_of(kAround);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

/// What follows `prefix`, if it is there.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

/// Calls `use` for each part that is not empty.
template <typename Use>
void for_each_part(std::string_view text, std::string_view separators, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

bool is_path(std::string_view name) noexcept {
  return name.starts_with('/') || name.starts_with("./") || name.starts_with("../");
}

ArgumentWalk::ArgumentWalk(const Grammar& grammar, std::span<const std::string_view> words,
                           CodeArguments& found)
    : grammar_(grammar), words_(words), found_(found), effects_(grammar.effects) {}

bool ArgumentWalk::is_end(std::string_view word) const noexcept {
  return word == "--" || (grammar_.dash_ends && word == "-");
}

bool ArgumentWalk::is_option(std::string_view word) const noexcept {
  if (grammar_.has_plus && word.starts_with('+')) return true;
  if (grammar_.has_argument_files && word.starts_with('@')) return true;
  return word.size() > 1 && word.starts_with(grammar_.only_long ? "--" : "-");
}

std::string_view ArgumentWalk::next() noexcept {
  return at_ < words_.size() ? words_[at_++] : std::string_view();
}

void ArgumentWalk::add_effects(std::uint16_t effects) noexcept {
  effects_ = static_cast<std::uint16_t>(effects_ | effects);
  if ((effects & kInput) != 0) found_.from_input = true;
}

void ArgumentWalk::options() {
  while (at_ < words_.size() && !has(kEnds)) {
    const std::string_view word = words_[at_];
    if (is_end(word)) {
      ++at_;
      add_effects(grammar_.end_effects);
      break;
    }
    if (!is_option(word)) {
      if (!grammar_.permutes) break;
      operands_.push_back(word);
      ++at_;
      continue;
    }
    ++at_;
    if (!whole_word(word)) cluster(word.substr(1));
  }
  operands_.insert(operands_.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
}

bool ArgumentWalk::whole_word(std::string_view word) {
  if (word.starts_with('@')) {  // "@@" is a "@" of the argument's own
    if (!word.starts_with("@@")) add_file(word.substr(1));
    return true;
  }
  const bool is_long = word.starts_with("--");
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view name = word.substr(0, equals);
  const Option* abbreviated = nullptr;
  for (const Option& option : grammar_.options) {
    if (is_letter(option)) continue;
    if (is_beginning(option) && word.starts_with(option.name)) {
      apply(option, word.substr(option.name.size()));
      return true;
    }
    if (is_same_name(name, option.name)) {
      long_value(option, word.substr(equals));
      return true;
    }
    if (abbreviated == nullptr && grammar_.abbreviates && name.size() > 2 && option.name.starts_with(name))
      abbreviated = &option;
  }
  if (abbreviated != nullptr) {
    long_value(*abbreviated, word.substr(equals));
    return true;
  }
  if (is_long || !grammar_.has_clusters) add_effects(grammar_.unknown_effects);
  return is_long || !grammar_.has_clusters;
}

void ArgumentWalk::long_value(const Option& option, std::string_view with_equals) {
  if (!with_equals.empty()) return apply(option, with_equals.substr(1));
  const bool takes_next =
      option.value == Value::rest_or_next || option.value == Value::next ||
      (option.value == Value::optional_next && at_ < words_.size() && !words_[at_].starts_with('-'));
  apply(option, takes_next ? next() : std::string_view());
}

void ArgumentWalk::cluster(std::string_view letters) {
  while (!letters.empty() && !has(kEnds)) {
    const auto option = std::ranges::find_if(grammar_.options, [&](const Option& one) {
      return is_letter(one) && one.name.front() == letters.front();
    });
    letters.remove_prefix(1);
    if (option == grammar_.options.end())
      add_effects(grammar_.unknown_effects);
    else
      letters = letter(*option, letters);
  }
}

/// Gives what is left of the cluster.
std::string_view ArgumentWalk::letter(const Option& option, std::string_view rest) {
  std::string_view value;
  switch (option.value) {
    case Value::none:
    case Value::optional_next:
      break;
    case Value::next:
      value = next();
      break;
    case Value::digits:
      rest = without_digits(rest);
      break;
    case Value::after_colon: {
      const std::string_view colon = rest.starts_with('t') ? rest.substr(1) : rest;
      if (colon.starts_with(':') || colon.starts_with('=')) rest = {};
      break;
    }
    case Value::rest_or_next:
      if (grammar_.has_equals && rest.starts_with('=')) rest.remove_prefix(1);
      value = rest.empty() ? next() : rest;
      rest = {};
      break;
    case Value::rest:
      value = rest;
      rest = {};
      break;
  }
  apply(option, value);
  return rest;
}

void ArgumentWalk::apply(const Option& option, std::string_view value) {
  add_effects(option.effects);
  if (!value.empty()) take(option.role, value);
}

void ArgumentWalk::take(Role role, std::string_view value) {
  switch (role) {
    case Role::ignored:
      return;
    case Role::code:
      found_.is_inline = true;
      return;
    case Role::file:
      return grammar_.has_urls ? add_url(value) : add_file(value);
    case Role::module_file:
      return add_module_file(value);
    case Role::module_text:
      found_.is_inline = found_.is_inline || value.find_first_of(" \t\n;(){}") != std::string_view::npos;
      return;
    case Role::folder:
      folder_ =
          value.starts_with('/') || folder_.empty() ? std::string(value) : folder_ + '/' + std::string(value);
      return;
    case Role::class_path:
    case Role::libraries:
      return add_list(value, role);
    case Role::patch:
      return add_list(value.substr(std::min(value.find('='), value.size() - 1) + 1), Role::class_path);
    case Role::agent:
      return add_file(value.substr(0, value.find('=')));
    case Role::setting:
      return add_settings(value);
    case Role::long_option:
      whole_word("--" + std::string(value));
      return;
    case Role::name:
      name_ = value;
      return;
  }
}

void ArgumentWalk::add_file(std::string_view name) {
  if (name.empty()) return;
  if (std::ranges::find(kInputNames, name) != kInputNames.end()) {
    found_.from_input = true;
    return;
  }
  const bool is_elsewhere = !folder_.empty() && !name.starts_with('/');
  std::string file = is_elsewhere ? folder_ + '/' + std::string(name) : std::string(name);
  if (std::ranges::find(found_.files, file) != found_.files.end()) return;
  if (file.size() >= PATH_MAX || found_.files.size() == kMostCodeFiles)
    found_.truncated = true;
  else
    found_.files.push_back(std::move(file));
}

/// PHP manual, "Supported Protocols and Wrappers".
void ArgumentWalk::add_url(std::string_view name) {
  if (name.starts_with("data:")) {
    found_.is_inline = true;
    return;
  }
  const std::size_t scheme = name.find("://");
  if (scheme == std::string_view::npos) return add_file(name);
  const std::string_view rest = name.substr(scheme + 3);
  if (name.starts_with("file:") || name.starts_with("compress.")) return add_file(rest);
  if (name == "php://stdin" || name == "php://input" || name == "php://fd/0")
    found_.from_input = true;
  else
    found_.truncated = true;
}

void ArgumentWalk::add_module_file(std::string_view name) {
  if (name.starts_with("data:")) {
    found_.is_inline = true;
    return;
  }
  const auto url = after(name, "file://");
  if (url && url->find('%') != std::string_view::npos)
    found_.truncated = true;
  else if (is_path(url.value_or(name)))
    add_file(url.value_or(name));
}

void ArgumentWalk::add_list(std::string_view list, Role of) {
  for_each_part(list, of == Role::libraries ? ": \n" : ":", [&](std::string_view part) {
    if (of == Role::libraries)
      add_module_file(part);
    else if (!part.ends_with('*') && language_of_code(part) != Language::java)
      add_file(part);
  });
}

/// php.ini directives that name code. A value may have several lines.
void ArgumentWalk::add_settings(std::string_view lines) {
  constexpr std::array<std::string_view, 3> kScripts{"auto_prepend_file", "auto_append_file",
                                                     "opcache.preload"};
  constexpr std::array<std::string_view, 2> kLibraries{"extension", "zend_extension"};
  for_each_part(lines, "\n", [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view name = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (std::ranges::find(kScripts, name) != kScripts.end()) add_url(value);
    if (std::ranges::find(kLibraries, name) != kLibraries.end()) add_module_file(value);
  });
}

void ArgumentWalk::script() {
  std::span<const std::string_view> rest = operands_;
  while (!rest.empty() && std::ranges::find(grammar_.skipped, rest.front()) != grammar_.skipped.end())
    rest = rest.subspan(1);
  if (has(kAllOperands)) {
    for (const std::string_view operand : rest) take(Role::file, operand);
    return;
  }
  if (has(kProgram)) return;
  if (rest.empty()) return add_effects(has(kNoInput) ? 0 : kInput);
  const bool is_searched =
      has(kSearched) && rest.front() != "-" && rest.front().find('/') == std::string_view::npos;
  if (!is_searched) take(Role::file, rest.front());
}

void ArgumentWalk::operands() {
  const std::string_view first = operands_.empty() ? std::string_view() : operands_.front();
  if (has(kCommand) || grammar_.operand == Operand::text) {
    if (!operands_.empty() && (has(kCommand) || !has(kProgram))) found_.is_inline = true;
    return;
  }
  switch (grammar_.operand) {
    case Operand::nothing:
    case Operand::text:
      return;
    case Operand::script:
      return script();
    case Operand::source_class:
      if (!has(kProgram) && (has(kOperandFile) || first.ends_with(".java"))) add_file(first);
      return;
    case Operand::program:
      return add_file(first);
    case Operand::module:
      for (const std::string_view operand : operands_) {
        if (is_path(operand)) add_file(operand);
        if (!has(kAllOperands)) break;
      }
      return;
  }
}

}  // namespace bansoko::identity
