// SPDX-License-Identifier: Apache-2.0
// Lookups as Log4j 2 writes them: ${name}, ${name:-what it is otherwise}, one within another.
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::resolve_lookups {
namespace {

/// What stands behind the text when lookups were nested too deep.
constexpr std::string_view kTooDeep = "${too deep}";
static_assert(kTooDeep.size() <= detect::Transform::kRoom);

bool begins_with(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() && same_text(text.substr(0, word.size()), word);
}

/// Resolves lookups as it copies: an inner one is over before what it stands in.
class Resolver {
 public:
  /// Lookups open at one time. Beyond, the outermost is left as text.
  static constexpr std::size_t kMaxDepth = 64;

  explicit Resolver(std::span<std::uint8_t> room) noexcept : room_(room) {}

  void add(std::uint8_t byte) noexcept {
    room_[size_++] = byte;
    if (byte == '{' && size_ > 1 && room_[size_ - 2] == '$')
      open(size_ - 2);
    else if (byte == '}' && depth_ > 0)
      close();
  }

  Bytes finish() noexcept {
    if (is_too_deep_) {
      std::ranges::copy(kTooDeep, room_.begin() + static_cast<std::ptrdiff_t>(size_));
      size_ += kTooDeep.size();
    }
    return room_.first(size_);
  }

 private:
  void open(std::size_t at) noexcept {
    is_too_deep_ = is_too_deep_ || depth_ == kMaxDepth;
    depth_ = std::min(depth_ + 1, kMaxDepth);
    begins_[next_++ % kMaxDepth] = at;
  }

  void close() noexcept {
    --depth_;
    const std::size_t begin = begins_[--next_ % kMaxDepth];
    const auto inside = room_.subspan(begin + 2, size_ - begin - 3);
    const auto value = value_of(inside);
    if (!value) return;
    std::ranges::copy(*value, room_.begin() + static_cast<std::ptrdiff_t>(begin));
    size_ = begin + value->size();
  }

  /// A part of `inside`, perhaps changed; nothing where only the server knows it.
  static std::optional<std::span<std::uint8_t>> value_of(std::span<std::uint8_t> inside) noexcept {
    const std::string_view text = as_text(inside);
    const std::size_t otherwise = text.find(":-");
    const std::string_view name = text.substr(0, otherwise);
    if (begins_with(name, "jndi:")) return std::nullopt;
    if (begins_with(name, "lower:")) return lower(inside.subspan(6, name.size() - 6));
    if (begins_with(name, "upper:")) return upper(inside.subspan(6, name.size() - 6));
    if (begins_with(name, "date:")) return unquoted(inside.subspan(5, name.size() - 5));
    if (otherwise == std::string_view::npos) return std::nullopt;
    return inside.subspan(otherwise + 2);
  }

  static std::span<std::uint8_t> lower(std::span<std::uint8_t> text) noexcept {
    for (std::uint8_t& byte : text)
      if (byte >= 'A' && byte <= 'Z') byte = static_cast<std::uint8_t>(byte + ('a' - 'A'));
    return text;
  }

  // Two more letters become ones of ASCII: U+0131, an i without its dot, and U+017F, a long s.
  static std::span<std::uint8_t> upper(std::span<std::uint8_t> text) noexcept {
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::uint8_t byte = text[i];
      const std::uint8_t next = i + 1 < text.size() ? text[i + 1] : 0;
      if (byte >= 'a' && byte <= 'z') byte = static_cast<std::uint8_t>(byte - ('a' - 'A'));
      if ((byte == 0xC4 && next == 0xB1) || (byte == 0xC5 && next == 0xBF)) {
        byte = byte == 0xC4 ? 'I' : 'S';
        ++i;
      }
      text[written++] = byte;
    }
    return text.first(written);
  }

  // A pattern of a date: letters between quotes stand for themselves.
  static std::span<std::uint8_t> unquoted(std::span<std::uint8_t> pattern) noexcept {
    const auto end = std::remove(pattern.begin(), pattern.end(), std::uint8_t{'\''});
    return pattern.first(static_cast<std::size_t>(end - pattern.begin()));
  }

  std::span<std::uint8_t> room_;
  std::size_t size_ = 0;
  std::array<std::size_t, kMaxDepth> begins_ = {};  // of those that are open, used in turn
  std::size_t next_ = 0;
  std::size_t depth_ = 0;
  bool is_too_deep_ = false;
};

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  if (as_text(bytes).find("${") == std::string_view::npos) return bytes;
  Resolver resolver(room);
  for (const std::uint8_t byte : bytes) resolver.add(byte);
  return resolver.finish();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "resolve_lookups", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "resolve_lookups",
      .help = "nested lookups of Log4j resolved: ${lower:J}, ${env:X:-j}, ${::-j}; ${jndi:...} stays",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::resolve_lookups
