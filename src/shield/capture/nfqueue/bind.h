// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "shield/capture/capture.h"
#include "shield/capture/netlink_socket.h"

namespace bansoko::capture::nfqueue {

/// A socket that the kernel sends the packets of queue `number` to. Every setting has been acknowledged.
Result<NetlinkSocket> bind_queue(const Settings& settings, std::uint16_t number);

}  // namespace bansoko::capture::nfqueue
