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
    case At::extension:
      if (byte != '\n') return Got::nothing;
      if (rest_ == 0) return Got::end;
      at_ = At::data;
      return Got::nothing;
    case At::data_end:
      if (byte == '\n') at_ = At::size;
      seen_size_ = 0;
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
    if (is_blank && seen_size_ < seen_.size()) return Got::nothing;
    if (digit < 0) return Got::invalid;
    at_ = At::digits;
  }
  if (digit >= 0) {
    rest_ = rest_ * 16 + static_cast<std::uint64_t>(digit);
    return rest_ > kMostSize ? Got::invalid : Got::nothing;
  }
  at_ = At::extension;
  return read_byte(byte);
}

std::uint64_t ChunkedReader::skip(std::uint64_t lost) noexcept {
  if (at_ != At::data) return lost;
  const auto data = std::min(lost, rest_);
  rest_ -= data;
  if (rest_ == 0) at_ = At::data_end;
  return lost - data;
}

}  // namespace bansoko::proto::http
