// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::proto::snmp {

/// Reads ASN.1 elements in BER one after the other, as far as SNMP uses it (RFC 3417 section 8): tags of one
/// byte, lengths that are stated. Failure is sticky, as with ByteReader.
class BerReader {
 public:
  explicit BerReader(Bytes bytes) noexcept : in_(bytes) {}

  static constexpr std::uint8_t kInteger = 0x02, kOctets = 0x04, kSequence = 0x30;

  /// Of the next element; 0: there is none.
  std::uint8_t tag() const noexcept { return in_.rest().empty() ? std::uint8_t{0} : in_.rest().front(); }
  /// The contents of the next element, whose tag is as expected.
  Bytes take(std::uint8_t expected) noexcept;
  /// A whole number that is not negative.
  std::uint64_t integer() noexcept;
  void skip() noexcept { take(tag()); }

  bool ok() const noexcept { return ok_ && in_.ok(); }
  Bytes rest() const noexcept { return in_.rest(); }

 private:
  ByteReader in_;
  bool ok_ = true;
};

}  // namespace bansoko::proto::snmp
