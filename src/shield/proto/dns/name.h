// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "shield/proto/dns/anomaly.h"

namespace bansoko::proto::dns {

/// The longest name as text; dnsmasq's bound. RFC 1035 section 2.3.4 allows 255 bytes.
inline constexpr std::size_t kLongestName = 1025;

/// What following a name from label to label has found.
struct NameWalk {
  std::size_t end = 0;        // behind the name, where the message goes on
  std::uint16_t length = 0;   // as text
  std::uint16_t steps = 0;    // labels and pointers
  AnomalyBits anomalies = 0;  // what is odd about it
  bool is_broken = false;     // where the message goes on is not known
};

/// Follows the name at `start`, through compression pointers (RFC 1035 section 4.1.4). As text it has dots
/// between the labels, none at the end, and letters in the case they were sent in. As much of the text as
/// fits is written to `text`.
NameWalk walk_name(Bytes message, std::size_t start, std::span<std::uint8_t> text = {}) noexcept;

}  // namespace bansoko::proto::dns
