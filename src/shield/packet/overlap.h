// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which copy of a byte a receiver keeps when two pieces of one datagram, or two segments of one stream that
// it has not handed over yet, cover it. What it has handed over nothing changes.
//
//               | fragments: the later piece wins if it  | segments: the later one wins if it
//  first        | never                                  | never
//  last         | always                                 | always
//  linux        | begins before, or at the same byte (1) | begins before, or there and is longer (3)
//  windows      | covers it, beginning before and        | never (5)
//               | ending behind (2)                      |
//  windows-2003 | as windows                             | begins before (4)
//  bsd          | begins before (1)                      | begins before (4)
//  solaris      | covers it, beginning before (2)        | ends behind it, or covers it (4)
//
// (1) Shankar and Paxson, "Active Mapping: Resisting NIDS Evasion Without Altering Traffic", 2003, table 1.
//     Linux until 4.18; since then (commit 7969e5c40dfd, 2018) it gives the whole datagram up, as every
//     system does with IPv6 (RFC 5722), unless a piece is an exact repetition.
// (2) Novak, "Target-Based Fragmentation Reassembly", 2005, and what frag3 and Suricata made of it.
// (3) Linux net/ipv4/tcp_input.c, tcp_data_queue_ofo(): sorted by where a segment began, whatever was cut
// off. (4) Novak and Sturges, "Target-Based TCP Stream Reassembly", 2007. windows-2003 is Windows 95 to 2003.
//     Solaris keeps the first of two with the same ends where the byte before is missing; here the later
//     wins.
// (5) The same with its amendments: Windows Vista, Server 2008 and later.

#include "shield/packet/host.h"

namespace bansoko::packet {

/// Where a piece begins, and the byte behind it.
template <class Offset>
struct Extent {
  Offset begin = 0;
  Offset end = 0;
};

/// Of two overlapping fragments of one datagram.
template <class Offset>
constexpr bool later_fragment_wins(System system, const Extent<Offset>& later,
                                   const Extent<Offset>& earlier) noexcept {
  switch (system) {
    case System::first:
      return false;
    case System::last:
      return true;
    case System::linux:
      return later.begin <= earlier.begin;
    case System::bsd:
      return later.begin < earlier.begin;
    case System::windows:
    case System::windows_2003:
      return later.begin < earlier.begin && later.end > earlier.end;
    case System::solaris:
      return later.begin < earlier.begin && later.end >= earlier.end;
  }
  return false;
}

/// Of two overlapping segments of one stream.
template <class Offset>
constexpr bool later_segment_wins(System system, const Extent<Offset>& later,
                                  const Extent<Offset>& earlier) noexcept {
  switch (system) {
    case System::first:
    case System::windows:
      return false;
    case System::last:
      return true;
    case System::linux:
      return later.begin < earlier.begin || (later.begin == earlier.begin && later.end > earlier.end);
    case System::bsd:
    case System::windows_2003:
      return later.begin < earlier.begin;
    case System::solaris:
      return earlier.begin < later.begin ? later.end > earlier.end : later.end >= earlier.end;
  }
  return false;
}

/// Whether where each segment began matters, and not only that it came.
constexpr bool minds_segment_ends(System system) noexcept {
  return system != System::first && system != System::last && system != System::windows;
}

}  // namespace bansoko::packet
