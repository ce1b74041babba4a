// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/smtp/transfer_decoder.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::smtp {
namespace {

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// What a decoder has made so far.
class Made {
 public:
  explicit Made(TransferDecoder::Output& out) noexcept : out_(out) {}
  void add(int byte) noexcept {
    if (size_ < out_.size()) out_[size_++] = static_cast<std::uint8_t>(byte);
  }
  Bytes bytes() const noexcept { return Bytes(out_).first(size_); }

 private:
  TransferDecoder::Output& out_;
  std::size_t size_ = 0;
};

}  // namespace

Coding coding_of(std::string_view name) noexcept {
  name = trim(name.substr(0, name.find(';')));
  if (same_text(name, "base64")) return Coding::base64;
  return same_text(name, "quoted-printable") ? Coding::quoted_printable : Coding::none;
}

Bytes TransferDecoder::decode(std::string_view in, Output& out) noexcept {
  switch (coding_) {
    case Coding::base64:
      return decode_base64(in, out);
    case Coding::quoted_printable:
      return decode_quoted(in, out);
    case Coding::none:
      break;
  }
  return as_bytes(in);
}

// What is no digit is passed over, as receivers do (RFC 2045 section 6.8); padding ends a group, and where
// encoded pieces were joined another follows.
Bytes TransferDecoder::decode_base64(std::string_view in, Output& out) noexcept {
  Made made(out);
  for (const char c : in) {
    const int value = base64_value(static_cast<std::uint8_t>(c));
    if (c == '=') {
      is_invalid_ = is_invalid_ || digits_.digits() == 1;
      digits_.clear();
    } else if (value != kNotBase64) {
      if (digits_.add(value)) made.add(digits_.byte());
    } else if (!is_blank(c)) {
      is_invalid_ = true;
    }
  }
  return made.bytes();
}

// RFC 2045 section 6.7: "=3D" is a byte, an equals sign at the end of a line joins it with the next. What is
// neither stands as it is.
Bytes TransferDecoder::decode_quoted(std::string_view in, Output& out) noexcept {
  Made made(out);
  for (const char c : in) {
    if (held_size_ == 0) {
      if (c == '=') {
        held_[held_size_++] = c;
      } else {
        made.add(static_cast<unsigned char>(c));
      }
      continue;
    }
    if (held_size_ == 1) {
      if (c == '\n') {
        held_size_ = 0;
      } else if (hex_digit(c) >= 0) {
        held_[held_size_++] = c;
      } else if (!is_blank(c)) {  // blanks may stand before a joined line end
        is_invalid_ = true;
        held_size_ = 0;
        made.add('=');
        made.add(static_cast<unsigned char>(c));
      }
      continue;
    }
    held_size_ = 0;
    if (hex_digit(c) >= 0) {
      made.add(hex_digit(held_[1]) * 16 + hex_digit(c));
      continue;
    }
    is_invalid_ = true;
    made.add('=');
    made.add(static_cast<unsigned char>(held_[1]));
    made.add(static_cast<unsigned char>(c));
  }
  return made.bytes();
}

}  // namespace bansoko::proto::smtp
