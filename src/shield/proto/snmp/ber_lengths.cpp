// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/snmp/ber_lengths.h"

#include <algorithm>

#include "shield/proto/ber_reader.h"

namespace bansoko::proto::snmp {
namespace {

constexpr unsigned kMostDepth = 8;  // a message of version 3 has 6

/// The first byte holds two of the numbers, and each number ends with a byte below 128.
std::uint64_t numbers_in(Bytes oid) noexcept {
  const auto ends = std::count_if(oid.begin(), oid.end(), [](std::uint8_t byte) { return byte < 0x80; });
  return oid.empty() ? 0 : static_cast<std::uint64_t>(ends) + 1;
}

void measure_all(Bytes bytes, unsigned depth, BerLengths& found) noexcept;

/// Takes an element off the front. False: nothing behind it can be found.
bool measure_one(Bytes& bytes, unsigned depth, BerLengths& found) noexcept {
  constexpr std::uint8_t kObjectId = 0x06;
  ByteReader in(bytes);
  const auto header = read_ber_header(in);
  if (!header) {
    found.overrun = std::max<std::uint64_t>(found.overrun, 1);
    return false;
  }
  const std::size_t left = in.rest().size();
  if (header->size > left) found.overrun = std::max(found.overrun, header->size - left);
  const Bytes content = header->is_indefinite
                            ? in.rest()
                            : in.take(static_cast<std::size_t>(std::min<std::uint64_t>(header->size, left)));
  if (header->first == kObjectId) found.oid_length = std::max(found.oid_length, numbers_in(content));
  if (header->is_constructed() && depth < kMostDepth) measure_all(content, depth + 1, found);
  bytes = in.rest();
  return !header->is_indefinite;
}

void measure_all(Bytes bytes, unsigned depth, BerLengths& found) noexcept {
  while (!bytes.empty() && measure_one(bytes, depth, found)) {
  }
}

}  // namespace

BerLengths measure_ber(Bytes bytes) noexcept {
  BerLengths found;
  measure_one(bytes, 1, found);
  return found;
}

}  // namespace bansoko::proto::snmp
