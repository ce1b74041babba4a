// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "shield/capture/capture.h"
#include "shield/capture/netlink_socket.h"

namespace bansoko::capture::nflog {

/// A socket that the kernel sends copies of the packets of log group `number` to. Every setting has been
/// acknowledged. Errc::unsupported: the kernel has no log groups.
Result<NetlinkSocket> bind_group(const Settings& settings, std::uint16_t number);

}  // namespace bansoko::capture::nflog
