// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::packet {

/// What a frame's first byte belongs to.
enum class Link : std::uint8_t {
  ethernet,
  ip,
  null,             // BSD loopback: an address family in the byte order of either machine
  linux_cooked,     // "any" device of Linux, version 1
  linux_cooked_v2,  // version 2
  ppp,
  hdlc,  // Cisco's
  mpls,
};

/// One packet as a driver hands it over. The bytes stay the driver's own.
struct Frame {
  Bytes bytes = {};
  Link link = Link::ethernet;
  std::chrono::nanoseconds arrived{};  // since 1970-01-01 UTC
  std::uint32_t id = 0;                // the driver's name for it
  std::uint32_t wire_size = 0;         // before the driver cut it; bytes.size() when whole
  bool checksums_trusted = false;      // the kernel has verified them, or a card will fill them in later
  bool may_be_unsegmented = false;     // from a file: of TCP, a length of 0 may be one that a card fills in
};

/// What is to become of a frame, and of the flow it belongs to.
enum class Action : std::uint8_t {
  accept,   // this packet may pass
  release,  // it may pass, and the kernel need not show us the rest of its flow
  drop,     // this packet may not pass
  block,    // nor may the rest of its flow, even if we die now
  reject,   // the same, and both ends are told
};

/// The answer to one frame, and which rule said so (a signature id; 0: none).
struct Verdict {
  Action action = Action::accept;
  std::uint32_t rule = 0;
};

}  // namespace bansoko::packet
