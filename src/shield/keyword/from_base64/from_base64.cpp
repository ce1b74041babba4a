// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/base64.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::from_base64 {
namespace {

enum Mode : std::uint8_t {
  until_invalid,  // RFC 4648 section 3.3: what is not in the alphabet ends it
  skip_invalid,   // RFC 2045 section 6.8: it is passed over
  strict,         // all of it, padded, or nothing
};

constexpr std::array kModes{std::pair{std::string_view("rfc4648"), until_invalid},
                            std::pair{std::string_view("rfc2045"), skip_invalid},
                            std::pair{std::string_view("strict"), strict}};

/// What an argument says; Transform::key holds it.
struct Settings {
  Mode mode = until_invalid;
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;  // to decode; 0: all there are
};

std::string key_of(const Settings& settings) {
  std::string key(1, static_cast<char>(settings.mode));
  for (const std::uint32_t number : {settings.offset, settings.bytes})
    for (const unsigned shift : {24U, 16U, 8U, 0U}) key += static_cast<char>(number >> shift & 0xffU);
  return key;
}

Settings settings_of(std::string_view key) noexcept {
  ByteReader in(as_bytes(key));
  Settings settings;
  settings.mode = static_cast<Mode>(in.u8());
  settings.offset = in.u32();
  settings.bytes = in.u32();
  return settings;
}

bool is_strict(Bytes text) noexcept {
  if (text.empty() || text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.back() == '='; ++padding) text = text.first(text.size() - 1);
  return std::ranges::all_of(text, [](std::uint8_t sign) { return base64_value(sign) != kNotBase64; });
}

std::size_t decode_all(Bytes text, std::span<std::uint8_t> room) noexcept {
  std::size_t written = 0;
  Base64Digits digits;
  for (const std::uint8_t sign : text)
    if (const int value = base64_value(sign); value != kNotBase64 && digits.add(value))
      room[written++] = digits.byte();
  return written;
}

// Where nothing comes out the bytes stay as they are.
Bytes apply(const detect::Transform& self, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  const Settings settings = settings_of(self.key);
  if (settings.offset >= bytes.size()) return bytes;
  Bytes text = bytes.subspan(settings.offset);
  if (settings.bytes != 0) text = text.first(std::min<std::size_t>(settings.bytes, text.size()));
  if (settings.mode == strict && !is_strict(text)) return bytes;
  const std::size_t written =
      settings.mode == skip_invalid ? decode_all(text, room) : decode_base64(text, room);
  return written == 0 ? bytes : Bytes(room.first(written));
}

Result<> apply_setting(const Setting& setting, Settings& settings) {
  if (setting.name == "mode") {
    const auto* const known = std::ranges::find(kModes, setting.value, &decltype(kModes)::value_type::first);
    if (known == kModes.end()) return fail(Errc::invalid, "'{}' is not a mode", setting.value);
    settings.mode = known->second;
    return {};
  }
  const bool is_offset = setting.name == "offset";
  if (!is_offset && setting.name != "bytes")
    return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  BANSOKO_TRY(const auto number,
              number_within(setting.value, is_offset ? 0 : 1, std::numeric_limits<std::uint16_t>::max()));
  (is_offset ? settings.offset : settings.bytes) = static_cast<std::uint32_t>(number);
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  Settings settings;
  if (option.has_value)
    for (const std::string_view part : split(option.value))
      if (auto applied = apply_setting(split_setting(part), settings); !applied) return applied;
  std::string key = key_of(settings);
  return rule.transform({.name = "from_base64", .argument = key, .apply = apply, .key = key});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "from_base64",
                                           .help = "base64 decoded",
                                           .valid = "offset N, bytes N, mode rfc4648|rfc2045|strict",
                                           .value_optional = true,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::from_base64
