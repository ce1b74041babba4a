// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shield/proto/ber_reader.h"

namespace bansoko::proto::tls {

/// The tags that certificates are made of (ITU-T X.690).
enum DerTag : std::uint8_t {
  der_boolean = 0x01,
  der_integer = 0x02,
  der_bit_string = 0x03,
  der_octet_string = 0x04,
  der_object_id = 0x06,
  der_utf8_string = 0x0c,
  der_utc_time = 0x17,
  der_generalized_time = 0x18,
  der_bmp_string = 0x1e,
  der_sequence = 0x30,
  der_set = 0x31,
};

/// Seconds since 1970 of a UTCTime or GeneralizedTime, 0 for what lies before.
std::optional<std::uint64_t> der_time(const BerElement& element) noexcept;

}  // namespace bansoko::proto::tls
