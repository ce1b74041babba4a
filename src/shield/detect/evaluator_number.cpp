// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "shield/detect/evaluator.h"

namespace bansoko::detect {
namespace {

constexpr std::int64_t kMostDigits = 23;

std::uint64_t binary_number(Bytes bytes, bool little_endian) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t byte = little_endian ? bytes[bytes.size() - 1 - i] : bytes[i];
    value = value << 8U | byte;
  }
  return value;
}

int digit_of(std::uint8_t c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

bool is_blank(std::uint8_t c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// As strtoull reads: blanks, then digits up to the first other byte; hexadecimal may begin with 0x.
bool text_number(Bytes bytes, int base, std::uint64_t& value) noexcept {
  std::size_t i = 0;
  while (i < bytes.size() && is_blank(bytes[i])) ++i;
  if (base == 16 && i + 1 < bytes.size() && bytes[i] == '0' && (bytes[i + 1] | 0x20) == 'x') i += 2;
  value = 0;
  bool any = false;
  for (; i < bytes.size(); ++i) {
    const int digit = digit_of(bytes[i]);
    if (digit >= base) break;
    if (value > (~std::uint64_t{0} - static_cast<std::uint64_t>(digit)) / static_cast<std::uint64_t>(base))
      return false;
    value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
    any = true;
  }
  return any;
}

std::uint64_t masked(std::uint64_t value, std::uint64_t mask) noexcept {
  if (mask == 0) return value;
  return (value & mask) >> static_cast<unsigned>(std::countr_zero(mask));
}

bool compare(NumberTest::Operator op, std::uint64_t left, std::uint64_t right) noexcept {
  switch (op) {
    case NumberTest::Operator::less:
      return left < right;
    case NumberTest::Operator::greater:
      return left > right;
    case NumberTest::Operator::equal:
      return left == right;
    case NumberTest::Operator::less_or_equal:
      return left <= right;
    case NumberTest::Operator::greater_or_equal:
      return left >= right;
    case NumberTest::Operator::bits_and:
      return (left & right) != 0;
    case NumberTest::Operator::bits_xor:
      return (left ^ right) != 0;
  }
  return false;
}

std::uint64_t aligned(std::uint64_t value, std::uint64_t to) noexcept {
  return to == 0 || value % to == 0 ? value : value + to - value % to;
}

}  // namespace

bool Evaluator::read(const NumberForm& form, std::size_t at, std::uint64_t& value,
                     std::size_t& end) const noexcept {
  const auto size = static_cast<std::int64_t>(look_.bytes.size());
  const std::int64_t first = (form.relative ? static_cast<std::int64_t>(at) : 0) + value_of(form.offset);
  std::int64_t width = value_of(form.size);
  // Digits as far as they go.
  if (width == 0 && form.base != NumberForm::Base::binary)
    width = std::clamp<std::int64_t>(size - first, 0, kMostDigits);
  if (first < 0 || width < 0 || first > size || width > size - first) return false;
  const Bytes bytes = look_.bytes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(width));
  end = static_cast<std::size_t>(first + width);
  if (form.base == NumberForm::Base::binary) {
    if (width > 8) return false;
    value = binary_number(bytes, form.stated_order ? little_endian_ : form.little_endian);
  } else if (!text_number(bytes, static_cast<int>(form.base), value)) {
    return false;
  }
  value = masked(value, form.mask);
  return true;
}

Evaluator::Answer Evaluator::try_test(const NumberTest& test, std::size_t step, std::size_t at) noexcept {
  std::uint64_t value = 0;
  std::size_t end = 0;
  if (!read(test.number, at, value, end)) return Answer::no;
  if (compare(test.op, value, static_cast<std::uint64_t>(value_of(test.value))) == test.negated)
    return Answer::no;
  return next(step, at);
}

Evaluator::Answer Evaluator::try_jump(const NumberJump& jump, std::size_t step, std::size_t at) noexcept {
  std::uint64_t value = 0;
  std::size_t end = 0;
  if (!read(jump.number, at, value, end)) return Answer::no;
  const std::uint64_t stride = aligned(value * jump.multiplier, jump.align ? 4 : 0);
  const auto size = static_cast<std::int64_t>(look_.bytes.size());
  auto from = static_cast<std::int64_t>(end);
  if (jump.from == NumberJump::From::beginning) from = 0;
  if (jump.from == NumberJump::From::end) from = size;
  // A number so large would wrap: it cannot lie in the buffer.
  if (stride > std::uint64_t{1} << 40U) return Answer::no;
  const std::int64_t to = from + static_cast<std::int64_t>(stride) + value_of(jump.post_offset);
  if (to > size) return Answer::no;
  // Back beyond the start is the start.
  return next(step, static_cast<std::size_t>(std::max<std::int64_t>(to, 0)));
}

Evaluator::Answer Evaluator::try_extract(const NumberExtract& extract, std::size_t step,
                                         std::size_t at) noexcept {
  std::uint64_t value = 0;
  std::size_t end = 0;
  if (!read(extract.number, at, value, end)) return Answer::no;
  variables_[extract.variable] = aligned(value * extract.multiplier, extract.align);
  return next(step, end);
}

Evaluator::Answer Evaluator::try_math(const NumberMath& math, std::size_t step, std::size_t at) noexcept {
  std::uint64_t value = 0;
  std::size_t end = 0;
  if (!read(math.number, at, value, end)) return Answer::no;
  const auto right = static_cast<std::uint64_t>(value_of(math.value));
  switch (math.op) {
    case NumberMath::Operator::add:
      value += right;
      break;
    case NumberMath::Operator::subtract:
      value -= right;
      break;
    case NumberMath::Operator::multiply:
      value *= right;
      break;
    case NumberMath::Operator::divide:
      if (right == 0) return Answer::no;
      value /= right;
      break;
    case NumberMath::Operator::shift_left:
      value = right < 64 ? value << right : 0;
      break;
    case NumberMath::Operator::shift_right:
      value = right < 64 ? value >> right : 0;
      break;
  }
  variables_[math.variable] = value;
  return next(step, end);
}

}  // namespace bansoko::detect
