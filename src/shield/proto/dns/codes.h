// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::dns {

/// Types of resource records that the parser itself knows.
enum RecordType : std::uint16_t {
  type_ns = 2,
  type_cname = 5,
  type_soa = 6,
  type_ptr = 12,
  type_mx = 15,
  type_sig = 24,
  type_key = 25,
  type_opt = 41,
  type_rrsig = 46,
  type_tkey = 249,
  type_tsig = 250,
};

/// The words that rules may write instead of numbers.
std::span<const NamedValue> record_type_names() noexcept;
std::span<const NamedValue> response_code_names() noexcept;

}  // namespace bansoko::proto::dns
