// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <linux/netlink.h>

#include "base/result.h"
#include "shield/capture/netlink_socket.h"

namespace bansoko::capture {

/// One message that configures a queue or a log group. Each setting travels alone: the kernel rejects a whole
/// message for one part that it does not know, and a copy mode lost that way would lose traffic in silence.
class NetlinkSetting {
 public:
  /// `type` is subsystem and message; `name`, which must outlive the setting, is for errors.
  NetlinkSetting(std::uint16_t type, std::uint16_t number, std::string_view name);

  template <class T>
  NetlinkSetting& put(std::uint16_t type, const T& value) {
    put(type, &value, sizeof value);
    return *this;
  }

  /// Sends it and waits for the acknowledgement.
  Result<> apply(const NetlinkSocket& socket) const;

 private:
  void put(std::uint16_t type, const void* value, std::size_t size);

  std::string_view name_;
  alignas(nlmsghdr) std::array<char, 128> buffer_{};
};

}  // namespace bansoko::capture
