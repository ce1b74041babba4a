// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::ike {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"payloads", "payloads looked into of one message", 64, 4, 1024},
    Limit{"transforms", "transforms looked into of one message's proposals", 256, 4, 16384},
    Limit{"vendor_size", "bytes looked into of one message's vendor ids", 1 << 10, 64, 64 << 10, true},
};

struct Limits {
  std::size_t payloads = 0, transforms = 0, vendor = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept {
    const auto at = [values](std::size_t i) {
      return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
    };
    return {at(0), at(1), at(2)};
  }
};

/// What can be wrong: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  malformed_data,
  payload_extra_data,
  payload_limit,
  transform_limit,
  vendor_limit,
  multiple_server_proposal,
  no_encryption,
  weak_crypto_enc,
  weak_crypto_prf,
  weak_crypto_auth,
  weak_crypto_dh,
};

/// Those that have a like among the events of Suricata's rule language bear its name.
inline constexpr std::array<std::string_view, 11> kAnomalies{
    "ike.malformed_data",      // no header, or a payload that reaches beyond what it is in
    "ike.payload_extra_data",  // bytes behind the last payload
    "ike.payload_limit",
    "ike.transform_limit",
    "ike.vendor_limit",
    "ike.multiple_server_proposal",  // an answer with more than one proposal
    "ike.no_encryption",             // a proposal without it
    "ike.weak_crypto_enc",
    "ike.weak_crypto_prf",
    "ike.weak_crypto_auth",
    "ike.weak_crypto_dh",
};

constexpr std::uint32_t bit(Anomaly anomaly) noexcept { return 1U << static_cast<unsigned>(anomaly); }

}  // namespace bansoko::proto::ike
