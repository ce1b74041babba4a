// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/chunked_reader.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

int hex(std::uint8_t byte) noexcept {
  const char c = to_lower(static_cast<char>(byte));
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

ChunkedReader::Piece ChunkedReader::read(ByteReader& in) noexcept {
  while (!in.rest().empty()) {
    if (at_ == At::data) {
      const Bytes data = in.take(static_cast<std::size_t>(std::min<std::uint64_t>(rest_, in.rest().size())));
      rest_ -= data.size();
      if (rest_ == 0) at_ = At::data_end;
      return {Got::data, data};
    }
    const Got got = read_byte(in.u8());
    if (got == Got::invalid) return {got, Bytes(seen_).first(seen_size_)};
    if (got == Got::end) return {got, {}};
  }
  return {};
}

ChunkedReader::Got ChunkedReader::read_byte(std::uint8_t byte) noexcept {
  switch (at_) {
    case At::size:
    case At::digits:
      return read_size(byte);
    case At::after_size:
    case At::extension:
      read_extension(byte);
      return Got::nothing;
    case At::data_end:
      read_data_end(byte);
      return Got::nothing;
    case At::trailer:
      if (byte == '\n' && line_is_empty_) return Got::end;
      line_is_empty_ = byte == '\n' || (line_is_empty_ && byte == '\r');
      return Got::nothing;
    case At::data:
      break;
  }
  return Got::nothing;
}

ChunkedReader::Got ChunkedReader::read_size(std::uint8_t byte) noexcept {
  if (seen_size_ < seen_.size()) seen_[seen_size_++] = byte;
  const int digit = hex(byte);
  if (at_ == At::size) {
    rest_ = 0;
    if (byte == '\n') seen_size_ = 0;  // an empty line more than there should be
    const bool is_blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
    flaws_.size_ambiguous |= is_blank;
    if (is_blank && seen_size_ < seen_.size()) return Got::nothing;
    if (digit < 0) return Got::invalid;
    at_ = At::digits;
  }
  if (digit >= 0) {
    const bool is_beyond = rest_ > kMostSize / 16;
    rest_ = rest_ * 16 + static_cast<std::uint64_t>(digit);
    flaws_.size_overflow |= rest_ > kLargeSize;
    return is_beyond ? Got::invalid : Got::nothing;
  }
  at_ = At::after_size;
  return read_byte(byte);
}

/// The rest of a line that a size begins. RFC 9112 section 7.1.1 knows extensions, and blanks before them.
void ChunkedReader::read_extension(std::uint8_t byte) noexcept {
  flaws_.line_end |= after_return_ != (byte == '\n');
  after_return_ = byte == '\r';
  if (byte == '\n') {
    at_ = rest_ == 0 ? At::trailer : At::data;
    line_is_empty_ = true;
  } else if (at_ == At::after_size && byte == ';') {
    at_ = At::extension;
  } else if (at_ == At::after_size && byte != ' ' && byte != '\t' && byte != '\r') {
    flaws_.size_ambiguous = true;
  }
}

void ChunkedReader::read_data_end(std::uint8_t byte) noexcept {
  if (byte == '\n') {
    flaws_.line_end |= !after_return_;
    at_ = At::size;
    seen_size_ = 0;
  } else {
    flaws_.end_invalid |= after_return_ || byte != '\r';
  }
  after_return_ = byte == '\r';
}

std::uint64_t ChunkedReader::skip(std::uint64_t lost) noexcept {
  if (at_ != At::data) return lost;
  const auto data = std::min(lost, rest_);
  rest_ -= data;
  if (rest_ == 0) at_ = At::data_end;
  return lost - data;
}

}  // namespace bansoko::proto::http
