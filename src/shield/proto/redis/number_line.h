// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bansoko::proto::redis {

/// A short line with a number, which may come in parts.
class NumberLine {
 public:
  /// False: no number is that long.
  bool add(char c) noexcept {
    if (size_ == text_.size()) return false;
    text_[size_++] = c;
    return true;
  }
  void clear() noexcept { size_ = 0; }
  /// A number as Redis takes it: decimal, no plus, no zero in front.
  std::optional<std::int64_t> value() const noexcept {
    std::string_view digits(text_.data(), size_);
    const bool is_negative = digits.starts_with('-');
    if (is_negative) digits.remove_prefix(1);
    if (digits.empty() || digits.size() > 18 || (digits.front() == '0' && digits.size() > 1)) return {};
    std::int64_t number = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') return {};
      number = number * 10 + (c - '0');
    }
    return is_negative ? -number : number;
  }

 private:
  std::array<char, 20> text_{};
  std::size_t size_ = 0;
};

}  // namespace bansoko::proto::redis
