// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "shield/packet/decode.h"
#include "shield/packet/defragmenter.h"
#include "tests/cases.h"
#include "tests/traffic/frames.h"

/// For tests of Defragmenter.
namespace bansoko::packet {

using namespace std::chrono_literals;
using traffic::ethernet;
using traffic::ip_packet;
using traffic::IpFields;
using traffic::Octets;
using traffic::udp_packet;
using traffic::v6;
using Outcome = Defragmenter::Outcome;

inline const IpFields kFour{.id = 7};
inline const IpFields kSix{.source = v6(1), .dest = v6(2), .id = 7};

/// Decodes and adds one IP packet that arrives at `time`.
inline Outcome add(Defragmenter& defragmenter, const Octets& bytes, Packet& packet,
                   std::chrono::nanoseconds time = {}) {
  packet = decode({.bytes = bytes, .link = Link::ip, .arrived = time}, 1, {});
  return defragmenter.add(packet);
}

inline Outcome add(Defragmenter& defragmenter, const Octets& bytes, std::chrono::nanoseconds time = {}) {
  Packet packet;
  return add(defragmenter, bytes, packet, time);
}

/// 'w': whole, 'h': held, 'c': completed, 'r': refused.
inline char letter_of(Outcome outcome) { return "whcr"[static_cast<std::size_t>(outcome)]; }

inline std::string text(std::size_t size) {
  std::string all(size, ' ');
  for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<char>('a' + i % 26);
  return all;
}

}  // namespace bansoko::packet
