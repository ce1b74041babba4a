// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/redis/command_reader.h"

namespace bansoko::proto::redis {
namespace {

bool is_blank(std::uint8_t c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0; }

int digit_of(std::uint8_t c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = c | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

bool WordReader::next() noexcept {
  while (!rest_.empty() && is_blank(rest_.front())) rest_ = rest_.subspan(1);
  return ok_ && !rest_.empty();
}

std::optional<std::uint8_t> WordReader::byte() noexcept {
  if (quote_ != 0) return quoted_byte();
  if (rest_.empty() || is_blank(rest_.front())) return {};
  const std::uint8_t c = rest_.front();
  rest_ = rest_.subspan(1);
  if (c != '"' && c != '\'') return c;
  quote_ = c;
  return quoted_byte();
}

std::optional<std::uint8_t> WordReader::quoted_byte() noexcept {
  if (rest_.empty()) {
    ok_ = false;
    return {};
  }
  const std::uint8_t c = rest_.front();
  rest_ = rest_.subspan(1);
  if (c == quote_) {
    quote_ = 0;
    ok_ = ok_ && (rest_.empty() || is_blank(rest_.front()));
    return {};
  }
  if (c != '\\' || rest_.empty()) return c;
  if (quote_ == '"') return escaped();
  if (rest_.front() != '\'') return c;
  rest_ = rest_.subspan(1);
  return std::uint8_t{'\''};
}

std::uint8_t WordReader::escaped() noexcept {
  const std::uint8_t c = rest_.front();
  if (c == 'x' && rest_.size() >= 3 && digit_of(rest_[1]) >= 0 && digit_of(rest_[2]) >= 0) {
    const auto value = static_cast<std::uint8_t>(digit_of(rest_[1]) * 16 + digit_of(rest_[2]));
    rest_ = rest_.subspan(3);
    return value;
  }
  rest_ = rest_.subspan(1);
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'a':
      return '\a';
    default:
      return c;
  }
}

}  // namespace bansoko::proto::redis
