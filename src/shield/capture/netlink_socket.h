// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::capture {

/// What the kernel says to one message: error 0 is an acknowledgement.
struct NetlinkAnswer {
  std::uint32_t sequence = 0;
  int error = 0;
};

/// A netlink socket to netfilter.
class NetlinkSocket {
 public:
  /// `buffer` bytes may wait in each direction.
  static Result<NetlinkSocket> open(std::uint32_t buffer);

  int fd() const noexcept { return fd_.get(); }

  Result<> send(Bytes message) const;

  /// The next message that is waiting; empty when none is.
  Result<Bytes> receive(std::span<std::uint8_t> into) const;

  /// The next acknowledgement or error that is waiting; none when nothing is. Other messages are passed over.
  Result<std::optional<NetlinkAnswer>> next_error() const;

 private:
  UniqueFd fd_;
};

/// Reads an NLMSG_ERROR message; none when `message` is something else or cut short.
std::optional<NetlinkAnswer> parse_netlink_answer(Bytes message) noexcept;

}  // namespace bansoko::capture
