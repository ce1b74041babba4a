// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/snmp/ber_reader.h"

namespace bansoko::proto::snmp {

Bytes BerReader::take(std::uint8_t expected) noexcept {
  ok_ = ok_ && in_.u8() == expected && in_.ok();
  std::size_t length = in_.u8();
  if (length >= 0x80) {
    // The long form: so many bytes of length follow. None would mean that the end is marked.
    const std::size_t bytes = length & 0x7FU;
    ok_ = ok_ && bytes >= 1 && bytes <= 4;
    length = 0;
    for (std::size_t i = 0; ok_ && i < bytes; ++i) length = length << 8 | in_.u8();
  }
  return ok_ ? in_.take(length) : Bytes{};
}

std::uint64_t BerReader::integer() noexcept {
  const Bytes digits = take(kInteger);
  ok_ = ok_ && !digits.empty() && digits.size() <= 8 && digits.front() < 0x80;
  std::uint64_t value = 0;
  if (ok_)
    for (const std::uint8_t digit : digits) value = value << 8 | digit;
  return value;
}

}  // namespace bansoko::proto::snmp
