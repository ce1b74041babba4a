// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/ber_reader.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::snmp {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t { malformed_data, unknown_security_model, version_mismatch };

inline constexpr std::array<std::string_view, 3> kAnomalies{
    "snmp.malformed_data",          // not what BER or the version has there
    "snmp.unknown_security_model",  // of SNMPv3: another than the user-based one
    "snmp.version_mismatch",        // another version than the flow's first message
};

/// Whether the bytes begin like a message, whatever is wrong behind that.
bool begins_message(Bytes bytes) noexcept;

/// One SNMP message (RFC 1157, RFC 1901, RFC 3412). What a version does not have is nothing, and so is what
/// is encrypted.
class SnmpMessage final : public Transaction {
 public:
  /// A bit per anomaly.
  std::uint32_t read(Bytes bytes) noexcept;
  void reset() noexcept { first_version_.reset(); }

  std::optional<std::uint64_t> version = {};  // 1, 2 (2c) or 3
  std::optional<Bytes> community = {};
  std::optional<Bytes> user = {};
  std::optional<std::uint64_t> pdu_type = {};
  std::optional<std::uint64_t> trap_type = {};
  std::optional<std::uint64_t> overrun = {};
  std::optional<std::uint64_t> oid_length = {};

 private:
  void measure(Bytes bytes) noexcept;
  bool read_version_3(BerReader& in) noexcept;
  bool read_user(Bytes parameters) noexcept;
  bool read_pdu(BerReader& in) noexcept;

  std::optional<std::uint64_t> first_version_ = {};
  std::uint32_t anomalies_ = 0;
};

}  // namespace bansoko::proto::snmp
