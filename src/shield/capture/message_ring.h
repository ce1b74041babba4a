// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <sys/socket.h>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::capture {

/// Receives several netlink messages in one call, each into a slot of its own. Nothing is allocated
/// afterwards.
class MessageRing {
 public:
  MessageRing(std::size_t slots, std::size_t most_bytes);
  MessageRing(const MessageRing&) = delete;
  MessageRing& operator=(const MessageRing&) = delete;

  /// How many messages came, at most `most`; waits up to `wait` for the first.
  Result<std::size_t> receive(int fd, std::size_t most, std::chrono::milliseconds wait) noexcept;

  /// Valid until the next receive().
  Bytes message(std::size_t i) const noexcept;

 private:
  std::size_t slot_size_;
  std::vector<std::uint8_t> bytes_;
  std::vector<iovec> slots_;
  std::vector<mmsghdr> headers_;
};

}  // namespace bansoko::capture
