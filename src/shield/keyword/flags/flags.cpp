// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::flags {
namespace {

enum class Test : std::uint64_t { equal, all, any, not_all };

struct FlagLetter {
  char letter;
  std::uint8_t bit;
};
// 1 and 2 are the older names of CWR and ECE.
constexpr std::array kLetters{FlagLetter{'F', packet::fin},
                              FlagLetter{'S', packet::syn},
                              FlagLetter{'R', packet::rst},
                              FlagLetter{'P', packet::psh},
                              FlagLetter{'A', packet::ack},
                              FlagLetter{'U', packet::urg},
                              FlagLetter{'E', packet::ece},
                              FlagLetter{'C', packet::cwr},
                              FlagLetter{'1', packet::cwr},
                              FlagLetter{'2', packet::ece},
                              FlagLetter{'0', 0}};

Result<std::uint8_t> read_flags(std::string_view text) {
  std::uint8_t bits = 0;
  for (const char c : text) {
    const auto found = std::ranges::find(kLetters, c, &FlagLetter::letter);
    if (found == kLetters.end()) return fail(Errc::invalid, "'{}' is not a TCP flag", c);
    bits = static_cast<std::uint8_t>(bits | found->bit);
  }
  if (text.empty()) return fail(Errc::invalid, "no flag is named");
  return bits;
}

// Numbers: the flags asked for, the flags to ignore, the test.
bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  if (!at.packet.is_tcp()) return false;
  const std::uint64_t flags = at.packet.tcp.flags & ~numbers[1];
  switch (static_cast<Test>(numbers[2])) {
    case Test::equal:
      return flags == numbers[0];
    case Test::all:
      return (flags & numbers[0]) == numbers[0];
    case Test::any:
      return (flags & numbers[0]) != 0;
    case Test::not_all:
      return (flags & numbers[0]) != numbers[0];
  }
  return false;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() > 2) return fail(Errc::invalid, "'{}' has more than flags and a mask", option.value);
  std::string_view text = parts[0];
  Test test = Test::equal;
  for (const auto& [sign, meaning] : {std::pair{'+', Test::all}, {'*', Test::any}, {'!', Test::not_all}}) {
    if (text.starts_with(sign)) {
      test = meaning;
      text.remove_prefix(1);
    } else if (text.ends_with(sign)) {
      test = meaning;
      text.remove_suffix(1);
    }
  }
  BANSOKO_TRY(const auto wanted, read_flags(text));
  std::uint8_t ignored = 0;
  if (parts.size() == 2) {
    BANSOKO_TRY(ignored, read_flags(parts[1]));
  }
  rule.add_check({.holds = holds, .numbers = {wanted, ignored, static_cast<std::uint64_t>(test)}});
  rule.need_packet();
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "flags",
                                           .help = "the TCP flags of the packet",
                                           .valid = "[+*!]FLAGS[,IGNORED] with flags of F S R P A U E C or 0",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flags
