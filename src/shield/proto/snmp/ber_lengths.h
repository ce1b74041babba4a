// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::snmp {

/// What the lengths within a message in BER amount to (RFC 3417 section 8).
struct BerLengths {
  std::uint64_t overrun = 0;     // by how many bytes one reaches beyond what holds it, at most
  std::uint64_t oid_length = 0;  // the numbers of the longest object identifier
};

/// Goes through the element that the bytes begin with, and those within it, 8 deep.
BerLengths measure_ber(Bytes bytes) noexcept;

}  // namespace bansoko::proto::snmp
