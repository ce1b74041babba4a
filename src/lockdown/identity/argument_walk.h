// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lockdown/identity/argument_grammar.h"
#include "lockdown/identity/arguments.h"
#include "lockdown/identity/code_names.h"

namespace bansoko::identity {

/// Goes through words by a grammar and adds what they say to `found`. All of what it is given must outlive
/// it.
class ArgumentWalk {
 public:
  ArgumentWalk(const Grammar& grammar, std::span<const std::string_view> words, CodeArguments& found);

  /// Options, up to where they end.
  void options();
  /// What the others say; after options().
  void operands();

  std::span<const std::string_view> rest() const noexcept { return operands_; }
  /// argv[0] of the program that the loader starts, if it is another than its path.
  std::string_view name() const noexcept { return name_; }

 private:
  bool is_option(std::string_view word) const noexcept;
  bool is_end(std::string_view word) const noexcept;
  std::string_view next() noexcept;
  bool whole_word(std::string_view word);
  void long_value(const Option& option, std::string_view with_equals);
  void cluster(std::string_view letters);
  std::string_view letter(const Option& option, std::string_view rest);
  void apply(const Option& option, std::string_view value);
  void add_effects(std::uint16_t effects) noexcept;
  bool has(std::uint16_t effect) const noexcept { return (effects_ & effect) != 0; }

  void script();

  const Grammar& grammar_;
  std::span<const std::string_view> words_;
  CodeArguments& found_;
  CodeNames names_;
  std::vector<std::string_view> operands_;
  std::string_view name_;
  std::size_t at_ = 0;
  std::uint16_t effects_ = 0;
};

}  // namespace bansoko::identity
