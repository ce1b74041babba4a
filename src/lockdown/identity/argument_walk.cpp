// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/argument_walk.h"

#include <algorithm>
#include <string>

namespace bansoko::identity {
namespace {

bool is_letter(const Option& option) noexcept { return option.name.size() == 1; }
bool is_beginning(const Option& option) noexcept {
  return option.name.ends_with(':') || option.name.ends_with('=');
}

/// Node takes "_" for "-" in the names of long options.
bool is_same_name(std::string_view one, std::string_view other) noexcept {
  return std::ranges::equal(one, other, [](char a, char b) { return (a == '_' ? '-' : a) == b; });
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hexadecimal(char c) noexcept { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

std::string_view without_digits(std::string_view text) noexcept {
  return {std::ranges::find_if_not(text, is_digit), text.end()};
}

std::string_view without_number(std::string_view text) noexcept {
  if (text.size() < 2 || (text[0] | 0x20) != 'x' || !is_hexadecimal(text[1])) return without_digits(text);
  return {std::find_if_not(text.begin() + 1, text.end(), is_hexadecimal), text.end()};
}

}  // namespace

ArgumentWalk::ArgumentWalk(const Grammar& grammar, std::span<const std::string_view> words,
                           CodeArguments& found)
    : grammar_(grammar),
      words_(words),
      found_(found),
      names_(found, grammar.has_urls),
      effects_(grammar.effects) {}

bool ArgumentWalk::is_end(std::string_view word) const noexcept {
  return word == "--" || (grammar_.dash_ends && word == "-");
}

bool ArgumentWalk::is_option(std::string_view word) const noexcept {
  if (grammar_.has_bare_options) return true;
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
    if (!whole_word(word)) cluster(word.substr(word.starts_with('-') || word.starts_with('+') ? 1 : 0));
  }
  operands_.insert(operands_.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
}

bool ArgumentWalk::whole_word(std::string_view word) {
  if (grammar_.has_argument_files && word.starts_with('@')) {  // "@@" is a "@" of the argument's own
    if (!word.starts_with("@@")) names_.take(Role::file, word.substr(1));
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
    if (abbreviated == nullptr && grammar_.abbreviates && is_long && name.size() > 2 &&
        option.name.starts_with(name))
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
  if (option.value == Value::rest_or_next) return apply(option, next());
  if (option.value != Value::optional_next) return apply(option, {});
  if (at_ < words_.size() && !words_[at_].starts_with('-')) apply(option, next());
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
    case Value::octal:
      rest = without_digits(rest);
      break;
    case Value::number:
      rest = without_number(rest);
      break;
    case Value::one_letter:
      rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
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
  if (value.empty()) return;
  if (option.role == Role::long_option)
    whole_word("--" + std::string(value));
  else if (option.role == Role::name)
    name_ = value;
  else
    names_.take(option.role, value);
}

void ArgumentWalk::script() {
  std::span<const std::string_view> rest = operands_;
  if (has(kNoOperands) || (has(kDashIsNone) && !rest.empty() && rest.front().starts_with('-'))) rest = {};
  while (!rest.empty() && std::ranges::find(grammar_.skipped, rest.front()) != grammar_.skipped.end()) {
    names_.take(Role::file, rest.front());  // other versions take it for the script itself
    rest = rest.subspan(1);
  }
  if (has(kAllOperands)) {
    for (const std::string_view operand : rest) names_.take(Role::file, operand);
    return;
  }
  if (has(kProgram)) return;
  if (rest.empty()) return add_effects(has(kNoInput) ? 0 : kInput);
  const bool is_searched =
      has(kSearched) && rest.front() != "-" && rest.front().find('/') == std::string_view::npos;
  if (!is_searched) names_.take(Role::file, rest.front());
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
      if (!has(kProgram) && (has(kOperandFile) || first.ends_with(".java"))) names_.take(Role::file, first);
      return;
    case Operand::program:
      return names_.take(Role::file, first);
    case Operand::module:
      for (const std::string_view operand : operands_) {
        names_.take(Role::module_file, operand);
        if (!has(kAllOperands)) break;
      }
      return;
  }
}

}  // namespace bansoko::identity
