// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::byte_jump {
namespace {

Result<bool> apply_jump_setting(const Setting& setting, detect::NumberJump& jump,
                                const detect::RuleBuilder& rule) {
  using From = detect::NumberJump::From;
  if (setting.name == "multiplier") {
    BANSOKO_TRY(jump.multiplier, number_within(setting.value, 1, 65535));
  } else if (setting.name == "align") {
    jump.align = true;
  } else if (setting.name == "from_beginning") {
    jump.from = From::beginning;
  } else if (setting.name == "from_end") {
    jump.from = From::end;
  } else if (setting.name == "post_offset") {
    BANSOKO_TRY(jump.post_offset, rule.amount(setting.value));
  } else {
    return false;
  }
  return true;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() < 2) return fail(Errc::invalid, "a size and an offset are needed");
  detect::NumberJump jump;
  BANSOKO_TRY(jump.number.size, size_of_number(parts[0], rule));
  BANSOKO_TRY(jump.number.offset, rule.amount(parts[1]));
  for (std::size_t i = 2; i < parts.size(); ++i) {
    const Setting setting = split_setting(parts[i]);
    BANSOKO_TRY(bool taken, apply_jump_setting(setting, jump, rule));
    if (!taken) {
      BANSOKO_TRY(taken, apply_number_setting(setting, jump.number));
    }
    if (!taken) return fail(Errc::invalid, "'{}' is not a setting", parts[i]);
  }
  BANSOKO_CHECK(check_number(jump.number));
  rule.add(jump);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "byte_jump",
                                           .help = "moves the position by a number in the traffic",
                                           .valid =
                                               "BYTES,OFFSET[,relative][,multiplier "
                                               "N][,little|dce][,align][,string,hex|dec|oct][,from_beginning|"
                                               "from_end][,post_offset N][,bitmask MASK]",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::byte_jump
