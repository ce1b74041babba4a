// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::capture::nflog {

/// The kernel copies no more of a packet: an attribute's size is 16 bits.
inline constexpr std::size_t kMaxCopy = 65531;

/// A copy of one packet, as its message tells it.
struct CopiedPacket {
  std::optional<std::uint32_t> sequence = {};
  std::chrono::nanoseconds arrived{};  // zero: the kernel did not say
  Bytes payload = {};
};

/// Reads an NFULNL_MSG_PACKET message; none when it is another message or cut short.
std::optional<CopiedPacket> parse_copy(Bytes message) noexcept;

/// How long a packet was before it was copied. The kernel does not say, so a copy that is as long as it can
/// be is asked what its IP header says.
std::uint32_t wire_size(Bytes packet) noexcept;

/// Whether the checksum of TCP or UDP is for a card to fill in, and wrong until then: it holds the sum of the
/// addresses alone. So it does in what this machine sends, and in what it has merged from several packets
/// whose checksums it has verified. The kernel does not say this of a copy either.
bool is_checksum_unfilled(Bytes packet) noexcept;

/// Counts the copies that are missing between those that came.
class Gaps {
 public:
  /// Told of every copy's number, in order. The kernel begins with 0.
  void see(std::uint32_t sequence) noexcept {
    const auto step = static_cast<std::int32_t>(sequence - next_);  // numbers wrap around
    if (step < 0) return;
    missing_ += static_cast<std::uint64_t>(step);
    next_ = sequence + 1;
  }
  std::uint64_t missing() const noexcept { return missing_; }

 private:
  std::uint32_t next_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace bansoko::capture::nflog
