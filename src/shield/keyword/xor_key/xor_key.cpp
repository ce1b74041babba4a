// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::xor_key {
namespace {

constexpr std::size_t kLongestKey = 255;

Bytes apply(const detect::Transform& self, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  const Bytes key = as_bytes(self.key);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    room[i] = static_cast<std::uint8_t>(bytes[i] ^ key[i % key.size()]);
  return room.first(bytes.size());
}

Result<std::string> key_of(std::string_view text) {
  if (text.empty() || text.size() % 2 != 0 || text.size() > 2 * kLongestKey)
    return fail(Errc::invalid, "the key has {} hexadecimal digits, not an even number from 2 to {}",
                text.size(), 2 * kLongestKey);
  std::string key;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit_of(static_cast<std::uint8_t>(text[i]));
    const int low = digit_of(static_cast<std::uint8_t>(text[i + 1]));
    if (high < 0 || low < 0)
      return fail(Errc::invalid, "'{}' is not a hexadecimal number", text.substr(i, 2));
    key += static_cast<char>(high * 16 + low);
  }
  return key;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const std::string text, unquoted(option.value));
  BANSOKO_TRY(std::string key, key_of(text));
  return rule.transform({.name = "xor", .argument = text, .apply = apply, .key = std::move(key)});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "xor",
                                           .help = "each byte combined with a byte of a key by exclusive or",
                                           .valid = "hexadecimal digits of the key: \"0d0ac8ff\"",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::xor_key
