// SPDX-License-Identifier: Apache-2.0
#include "patches/expression.h"

#include <charconv>
#include <limits>

#include "base/text.h"

namespace bansoko::patches {
namespace {

constexpr int kMaxDepth = 32;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

class Reading {
 public:
  Reading(std::string_view text, const Names& names) : whole_(text), rest_(text), names_(names) {}

  Result<std::int64_t> all() {
    BANSOKO_TRY(const std::int64_t value, sum());
    if (!rest().empty()) return fail(Errc::invalid, "'{}' was not expected in '{}'", rest_, whole_);
    return value;
  }

 private:
  std::string_view rest() {
    rest_ = trim(rest_);
    return rest_;
  }
  bool take(char sign) {
    if (!rest().starts_with(sign)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view take_word() {
    std::size_t size = 0;
    const std::string_view text = rest();
    while (size < text.size() && is_letter(text[size])) ++size;
    rest_.remove_prefix(size);
    return text.substr(0, size);
  }

  Result<std::int64_t> sum() {
    BANSOKO_TRY(std::int64_t value, product());
    while (true) {
      const bool plus = take('+');
      if (!plus && !take('-')) return value;
      BANSOKO_TRY(const std::int64_t other, product());
      const bool over =
          plus ? __builtin_add_overflow(value, other, &value) : __builtin_sub_overflow(value, other, &value);
      if (over) return fail(Errc::limit, "'{}' is beyond 64 bits", whole_);
    }
  }

  Result<std::int64_t> product() {
    BANSOKO_TRY(std::int64_t value, term());
    while (true) {
      const char sign = rest().empty() ? '\0' : rest_.front();
      if (sign != '*' && sign != '/' && sign != '%') return value;
      rest_.remove_prefix(1);
      BANSOKO_TRY(const std::int64_t other, term());
      if (sign == '*') {
        if (__builtin_mul_overflow(value, other, &value))
          return fail(Errc::limit, "'{}' is beyond 64 bits", whole_);
        continue;
      }
      if (other <= 0) return fail(Errc::invalid, "'{}' divides by {}", whole_, other);
      value = sign == '/' ? value / other : value % other;
    }
  }

  Result<std::int64_t> term() {
    if (++depth_ > kMaxDepth) return fail(Errc::limit, "'{}' is nested too deep", whole_);
    Result<std::int64_t> value = term_here();
    --depth_;
    return value;
  }

  Result<std::int64_t> term_here() {
    if (take('-')) {
      BANSOKO_TRY(const std::int64_t value, term());
      if (value == std::numeric_limits<std::int64_t>::min())
        return fail(Errc::limit, "'{}' is beyond 64 bits", whole_);
      return -value;
    }
    if (take('(')) {
      BANSOKO_TRY(const std::int64_t value, sum());
      if (!take(')')) return fail(Errc::invalid, "a parenthesis is missing in '{}'", whole_);
      return value;
    }
    const std::string_view word = take_word();
    if (word.empty()) return fail(Errc::invalid, "a number is missing in '{}'", whole_);
    if (word.front() >= '0' && word.front() <= '9') return number(word);
    if (!take('(')) return names_.number(word);
    const std::string_view block = take_word();
    if (block.empty() || !take(')')) return fail(Errc::invalid, "{}() takes the name of a block", word);
    return names_.of_block(word, block);
  }

  static Result<std::int64_t> number(std::string_view word) {
    const bool is_hex = word.starts_with("0x");
    const std::string_view digits = is_hex ? word.substr(2) : word;
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size())
      return fail(Errc::invalid, "'{}' is not a number", word);
    return value;
  }

  std::string_view whole_, rest_;
  const Names& names_;
  int depth_ = 0;
};

}  // namespace

Result<std::int64_t> evaluate(std::string_view text, const Names& names) {
  return Reading(text, names).all();
}

}  // namespace bansoko::patches
