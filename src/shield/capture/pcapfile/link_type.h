// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "shield/packet/frame.h"

namespace bansoko::capture::pcapfile {

/// How the packets of a capture begin.
enum class LinkType : std::uint8_t { ethernet, ip, null, linux_cooked, linux_cooked_v2 };

/// From the number in a capture's header, or libpcap's own. The error names a type that we cannot read.
Result<LinkType> link_type(std::uint32_t number);

/// What a frame is once a header that we do not hand on is taken away.
struct Stripped {
  packet::Link link = packet::Link::ip;
  std::size_t header_size = 0;  // how much was taken away
};

/// None when the packet is not IP and its link header says so in a way that a frame cannot carry on, or is
/// cut short.
std::optional<Stripped> strip(LinkType type, Bytes bytes) noexcept;

}  // namespace bansoko::capture::pcapfile
