// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::url_decode {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  if (as_text(bytes).find_first_of("%+") == std::string_view::npos) return bytes;
  std::size_t written = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::uint8_t byte = bytes[i] == '+' ? ' ' : bytes[i];
    if (byte == '%' && bytes.size() - i > 2) {
      const int high = digit_of(bytes[i + 1]);
      const int low = digit_of(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
      }
    }
    room[written++] = byte;
  }
  return room.first(written);
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "url_decode", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "url_decode", .help = "%XX and + decoded as in a form", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::url_decode
