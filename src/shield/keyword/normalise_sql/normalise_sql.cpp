// SPDX-License-Identifier: Apache-2.0
// Transact-SQL with one way to write what can be written in many: texts that are put together, signs by their
// numbers, comments.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::normalise_sql {
namespace {

constexpr bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@';
}
constexpr bool is_printable(std::uint8_t byte) noexcept { return byte >= ' ' && byte < 0x7F; }

/// What it writes is never longer than what it has read, but for the quote of a text without end.
class Normaliser {
 public:
  Normaliser(std::string_view text, std::span<std::uint8_t> room) noexcept : rest_(text), room_(room) {}

  Bytes run() noexcept {
    while (!rest_.empty())
      if (!skip_blanks() && !read_literal() && !read_quoted()) copy();
    return room_.first(size_);
  }

 private:
  /// What stands before: a text, a text and "+", or anything else.
  enum class Before : std::uint8_t { other, text, plus };

  void put(char c) noexcept { room_[size_++] = static_cast<std::uint8_t>(c); }

  bool skip_blanks() noexcept {
    std::size_t size = 0;
    if (rest_.starts_with("--"))
      size = rest_.find('\n');
    else if (rest_.starts_with("/*"))
      size = end_of_comment();
    else
      while (size < rest_.size() && is_blank(static_cast<std::uint8_t>(rest_[size]))) ++size;
    if (size == 0) return false;
    rest_.remove_prefix(std::min(size, rest_.size()));
    if (size_ > 0 && room_[size_ - 1] != ' ') put(' ');
    in_word_ = false;
    return true;
  }

  /// Comments stand in comments.
  std::size_t end_of_comment() const noexcept {
    std::size_t depth = 0;
    for (std::size_t at = 0; at + 1 < rest_.size(); ++at) {
      const std::string_view two = rest_.substr(at, 2);
      if (two == "/*") ++depth;
      if (two == "*/" && --depth == 0) return at + 2;
      if (two == "/*" || two == "*/") ++at;
    }
    return rest_.size();
  }

  bool read_literal() noexcept {
    if (rest_.starts_with('\'')) return read_text(1);
    if (in_word_) return false;
    if (rest_.size() > 1 && to_lower(rest_[0]) == 'n' && rest_[1] == '\'') return read_text(2);
    return read_sign() || read_hexadecimal();
  }

  bool read_text(std::size_t prefix) noexcept {
    rest_.remove_prefix(prefix);
    begin_text();
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\'' && !rest_.starts_with('\'')) break;
      put(c);
      if (c != '\'') continue;
      put(c);
      rest_.remove_prefix(1);
    }
    end_text();
    return true;
  }

  /// CHAR(120) and NCHAR(0x78).
  bool read_sign() noexcept {
    std::string_view at = rest_;
    if (!at.empty() && to_lower(at.front()) == 'n') at.remove_prefix(1);
    if (at.size() < 4 || !same_text(at.substr(0, 4), "char")) return false;
    at.remove_prefix(4);
    skip(at);
    if (!at.starts_with('(')) return false;
    at.remove_prefix(1);
    skip(at);
    const bool is_hexadecimal = at.size() > 1 && at[0] == '0' && to_lower(at[1]) == 'x';
    if (is_hexadecimal) at.remove_prefix(2);
    std::uint8_t number = 0;
    const auto read = std::from_chars(at.data(), at.data() + at.size(), number, is_hexadecimal ? 16 : 10);
    if (read.ec != std::errc() || !is_printable(number)) return false;
    at.remove_prefix(static_cast<std::size_t>(read.ptr - at.data()));
    skip(at);
    if (!at.starts_with(')')) return false;
    rest_ = at.substr(1);
    begin_text();
    put(static_cast<char>(number));
    end_text();
    return true;
  }

  static void skip(std::string_view& text) noexcept {
    while (!text.empty() && is_blank(static_cast<std::uint8_t>(text.front()))) text.remove_prefix(1);
  }

  /// 0x7870 if it is text, in characters of 8 or 16 bits.
  bool read_hexadecimal() noexcept {
    if (rest_.size() < 4 || rest_[0] != '0' || to_lower(rest_[1]) != 'x') return false;
    const auto is_digit = [](char c) { return digit_of(static_cast<std::uint8_t>(c)) >= 0; };
    const std::string_view from = rest_.substr(2);
    const auto end = std::ranges::find_if_not(from, is_digit);
    const std::string_view digits = from.substr(0, static_cast<std::size_t>(end - from.begin()));
    const auto byte_at = [digits](std::size_t at) {
      return static_cast<std::uint8_t>(digit_of(static_cast<std::uint8_t>(digits[2 * at])) * 16 +
                                       digit_of(static_cast<std::uint8_t>(digits[2 * at + 1])));
    };
    const std::size_t count = digits.size() / 2;
    if (count == 0 || digits.size() % 2 != 0) return false;
    const std::size_t step = count % 2 == 0 && byte_at(1) == 0 ? 2 : 1;
    for (std::size_t at = 0; at < count; ++at)
      if (at % step == 0 ? !is_printable(byte_at(at)) : byte_at(at) != 0) return false;
    rest_ = from.substr(digits.size());
    begin_text();
    for (std::size_t at = 0; at < count; at += step) put(static_cast<char>(byte_at(at)));
    end_text();
    return true;
  }

  void begin_text() noexcept {
    if (before_ == Before::plus)
      size_ = text_end_ - 1;
    else
      put('\'');
  }

  void end_text() noexcept {
    put('\'');
    text_end_ = size_;
    before_ = Before::text;
    in_word_ = false;
  }

  /// A name between quotes or brackets: what looks like a literal within it is none.
  bool read_quoted() noexcept {
    const char close = rest_.front() == '[' ? ']' : '"';
    if (rest_.front() != '[' && rest_.front() != '"') return false;
    const std::size_t end = rest_.find(close, 1);
    const std::size_t size = end == std::string_view::npos ? rest_.size() : end + 1;
    for (const char c : rest_.substr(0, size)) put(c);
    rest_.remove_prefix(size);
    before_ = Before::other;
    in_word_ = false;
    return true;
  }

  void copy() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    put(c);
    before_ = c == '+' && before_ == Before::text ? Before::plus : Before::other;
    in_word_ = is_word(c);
  }

  std::string_view rest_;
  std::span<std::uint8_t> room_;
  std::size_t size_ = 0;
  std::size_t text_end_ = 0;  // behind the last text's quote
  Before before_ = Before::other;
  bool in_word_ = false;
};

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  return Normaliser(as_text(bytes), room).run();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "normalise_sql", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "normalise_sql",
      .help = "Transact-SQL without comments, texts put together: 'a' + N'b', CHAR(99), 0x64 are 'abcd'",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::normalise_sql
