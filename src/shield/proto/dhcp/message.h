// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::dhcp {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t { malformed_options, truncated_options, malformed_data };

inline constexpr std::array<std::string_view, 3> kAnomalies{
    "dhcp.malformed_options",  // a time that is not of four bytes
    "dhcp.truncated_options",  // they end within one, or without the end mark
    "dhcp.malformed_data",     // shorter than a header, or without the mark
};

/// One DHCP message (RFC 2131 section 2), with the times among its options (RFC 2132 section 9).
class DhcpMessage final : public Transaction {
 public:
  /// A bit per anomaly.
  std::uint32_t read(Bytes bytes) noexcept;
  void reset() noexcept {}

  std::optional<std::uint64_t> lease_time = {};
  std::optional<std::uint64_t> renewal_time = {};
  std::optional<std::uint64_t> rebinding_time = {};

 private:
  void read_options(Bytes bytes) noexcept;
  void take_option(std::uint8_t code, Bytes value) noexcept;

  std::uint8_t overload_ = 0;
  std::uint32_t anomalies_ = 0;
};

}  // namespace bansoko::proto::dhcp
