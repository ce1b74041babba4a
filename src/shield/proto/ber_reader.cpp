// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ber_reader.h"

#include <algorithm>

namespace bansoko::proto {
namespace {

constexpr std::uint8_t kNumberFollows = 31;

/// Numbers above 30 have bytes of their own, seven bits each.
bool read_number(ByteReader& in, BerHeader& header) noexcept {
  header.number = header.first & kNumberFollows;
  if (header.number != kNumberFollows) return in.ok();
  header.number = 0;
  std::uint8_t byte = 0;
  do {
    byte = in.u8();
    if (header.number >> 25U != 0) return false;
    header.number = header.number << 7U | (byte & 0x7fU);
  } while ((byte & 0x80U) != 0 && in.ok());
  return in.ok();
}

bool read_size(ByteReader& in, BerHeader& header) noexcept {
  constexpr std::uint8_t kLongForm = 0x80;
  header.size = in.u8();
  if (header.size < kLongForm) return in.ok();
  const std::uint64_t digits = header.size & 0x7fU;
  header.size = 0;
  header.is_indefinite = digits == 0;
  if (header.is_indefinite) return header.is_constructed();
  if (digits > 8) return false;
  for (std::uint64_t i = 0; i < digits; ++i) header.size = header.size << 8U | in.u8();
  return in.ok();
}

}  // namespace

std::optional<BerHeader> read_ber_header(ByteReader& in) noexcept {
  BerHeader header;
  header.first = in.u8();
  if (!read_number(in, header) || !read_size(in, header)) return std::nullopt;
  return header;
}

BerElement BerReader::next() noexcept {
  const auto header = ok_ ? read_ber_header(in_) : std::nullopt;
  const std::size_t left = in_.rest().size();
  ok_ = header && !header->is_indefinite && (header->first & kNumberFollows) != kNumberFollows &&
        (header->size <= left || is_cutting_);
  if (!ok_) return {};
  return {.tag = header->first,
          .content = in_.take(static_cast<std::size_t>(std::min<std::uint64_t>(header->size, left)))};
}

Bytes BerReader::take(std::uint8_t expected) noexcept {
  const BerElement element = next();
  ok_ = ok_ && element.tag == expected;
  return ok_ ? element.content : Bytes{};
}

std::optional<Bytes> BerReader::take_if(std::uint8_t wanted) noexcept {
  if (at_end() || tag() != wanted) return std::nullopt;
  const Bytes content = take(wanted);
  return ok_ ? std::optional(content) : std::nullopt;
}

std::uint64_t BerReader::integer(std::uint8_t expected) noexcept {
  const Bytes digits = take(expected);
  ok_ = ok_ && !digits.empty() && digits.size() <= 8 && digits.front() < 0x80;
  std::uint64_t value = 0;
  if (ok_)
    for (const std::uint8_t digit : digits) value = value << 8 | digit;
  return value;
}

std::optional<std::uint32_t> read_int32(Bytes content) noexcept {
  if (content.empty() || content.size() > 5 || (content.size() == 5 && content.front() != 0))
    return std::nullopt;
  std::uint32_t value = content.front() < 0x80 ? 0 : 0xffffffffU;
  for (const std::uint8_t digit : content) value = value << 8U | digit;
  return value;
}

}  // namespace bansoko::proto
