// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ntp {

enum Mode : std::uint8_t { mode_reserved = 0, mode_control = 6, mode_private = 7 };

/// One NTP message (RFC 5905 section 7.3), or one of control (RFC 9327), which has no more than version and
/// mode.
class NtpMessage final : public Transaction {
 public:
  static constexpr std::uint32_t kMalformed = 1;  // the bit of the one anomaly

  std::uint32_t read(Bytes bytes) noexcept;
  void reset() noexcept {}

  std::optional<std::uint64_t> version = {};
  std::optional<std::uint64_t> mode = {};
  std::optional<std::uint64_t> stratum = {};
  std::optional<Bytes> reference_id = {};
};

}  // namespace bansoko::proto::ntp
