// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::tftp {

/// One TFTP packet (RFC 1350). Rules have no parts of it to look into: what they say is about its payload.
class TftpMessage final : public Transaction {
 public:
  static constexpr std::uint32_t kMalformed = 1;  // the bit of the one anomaly

  std::uint32_t read(Bytes bytes) noexcept;
  void reset() noexcept {}
};

/// Of a known operation, and long enough for it.
bool is_packet(Bytes bytes) noexcept;

/// A request to read or write: operation, file name, mode, options (RFC 2347).
bool is_request(Bytes bytes) noexcept;

}  // namespace bansoko::proto::tftp
