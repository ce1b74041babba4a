// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/evaluator.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::base64_decode {
namespace {

Result<> apply_setting(const Setting& setting, detect::Base64Decode& decode,
                       const detect::RuleBuilder& rule) {
  if (setting.name == "relative" && setting.value.empty()) {
    decode.relative = true;
  } else if (setting.name == "bytes") {
    BANSOKO_TRY(const std::uint64_t bytes, number_within(setting.value, 1, detect::Evaluator::kMaxDecoded));
    decode.bytes.value = static_cast<std::int64_t>(bytes);
  } else if (setting.name == "offset") {
    BANSOKO_TRY(decode.offset, rule.amount(setting.value));
    if (decode.offset.value < 0 || decode.offset.value > 65535)
      return fail(Errc::invalid, "{} is not within 0 to 65535", decode.offset.value);
  } else {
    return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  detect::Base64Decode decode;
  if (option.has_value)
    for (const std::string_view part : split(option.value))
      BANSOKO_CHECK(apply_setting(split_setting(part), decode, rule));
  rule.add(std::move(decode));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "base64_decode",
                                           .help = "decodes base64 in the buffer at hand, for base64_data",
                                           .valid = "[bytes N][,offset N][,relative]",
                                           .value_optional = true,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::base64_decode
