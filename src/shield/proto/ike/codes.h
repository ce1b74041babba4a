// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/protocol.h"

namespace bansoko::proto::ike {

/// Of version 1 (RFC 2408 section 3.1; 132 is of vendors), and of 2 (RFC 7296 section 3.2, RFC 7383).
enum PayloadType : std::uint8_t {
  association_1 = 1,
  key_exchange_1 = 4,
  nonce_1 = 10,
  notify_1 = 11,
  vendor_1 = 13,
  fragment_1 = 132,

  association = 33,
  key_exchange_payload = 34,
  nonce_payload = 40,
  notify = 41,
  vendor_id = 43,
  encrypted = 46,
  encrypted_fragment = 53,
};

inline constexpr std::array kExchangeNames{
    NamedValue{"base", 1},
    NamedValue{"identity_protection", 2},
    NamedValue{"authentication_only", 3},
    NamedValue{"aggressive", 4},
    NamedValue{"informational_v1", 5},
    NamedValue{"quick_mode", 32},
    NamedValue{"new_group", 33},
    NamedValue{"ike_sa_init", 34},
    NamedValue{"ike_auth", 35},
    NamedValue{"create_child_sa", 36},
    NamedValue{"informational", 37},
};

}  // namespace bansoko::proto::ike
