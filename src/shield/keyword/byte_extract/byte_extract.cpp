// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::byte_extract {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() < 3) return fail(Errc::invalid, "a size, an offset and a variable's name are needed");
  detect::NumberExtract extract;
  BANSOKO_TRY(extract.number.size, size_of_number(parts[0], rule));
  BANSOKO_TRY(extract.number.offset, rule.amount(parts[1]));
  for (std::size_t i = 3; i < parts.size(); ++i) {
    const Setting setting = split_setting(parts[i]);
    if (setting.name == "multiplier") {
      BANSOKO_TRY(extract.multiplier, number_within(setting.value, 1, 65535));
      continue;
    }
    if (setting.name == "align") {
      BANSOKO_TRY(const auto align, number_within(setting.value, 2, 4));
      if (align == 3) return fail(Errc::invalid, "a number is aligned to 2 or 4 bytes");
      extract.align = static_cast<std::uint8_t>(align);
      continue;
    }
    BANSOKO_TRY(const bool taken, apply_number_setting(setting, extract.number));
    if (!taken) return fail(Errc::invalid, "'{}' is not a setting", parts[i]);
  }
  BANSOKO_CHECK(check_number(extract.number));
  BANSOKO_TRY(extract.variable, rule.define_variable(parts[2]));
  rule.add(extract);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "byte_extract",
      .help = "keeps a number in the traffic under a name for later options",
      .valid =
          "BYTES,OFFSET,NAME[,relative][,multiplier N][,little|dce][,string,hex|dec|oct][,align "
          "2|4][,bitmask "
          "MASK]",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::byte_extract
