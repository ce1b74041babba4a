// SPDX-License-Identifier: Apache-2.0
// The destination's system and what becomes of overlaps (one byte), then a row of IP packets, each behind its
// size (two bytes) and how many seconds after the one before it arrives (one byte, whose top bit says that a
// datagram completed by it is refused). The last may be cut short.
#include "shield/packet/defragmenter.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace {

using bansoko::ByteReader;
using bansoko::Bytes;
using bansoko::packet::Defragmenter;
using bansoko::packet::HostTable;
using bansoko::packet::OnFault;
using bansoko::packet::Packet;
using bansoko::packet::System;
using Outcome = Defragmenter::Outcome;

std::shared_ptr<const HostTable> all_are(System system) {
  auto table = std::make_shared<HostTable>();
  for (const char* network : {"0.0.0.0/0", "::/0"})
    if (!table->set_system(network, system)) std::abort();
  return table;
}

const std::array kTables{all_are(System::first),       all_are(System::last), all_are(System::linux),
                         all_are(System::windows),     all_are(System::bsd),  all_are(System::solaris),
                         all_are(System::windows_2003)};

void require(bool claim) {
  if (!claim) std::abort();
}

bool is_inside(Bytes part, Bytes whole) {
  if (part.empty()) return true;
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// Touches every byte, for the sanitizer to see that it may be read.
unsigned sum(Bytes bytes) {
  unsigned total = 0;
  for (const std::uint8_t byte : bytes) total += byte;
  return total;
}

void check_completed(const Packet& packet) {
  const std::size_t fixed = packet.ip_version == 6 ? 40 : 20;
  require(packet.rebuilt && !packet.is_fragment && !packet.more_fragments);
  require(packet.ip.size() > fixed && packet.ip.size() <= 65535 + (packet.ip_version == 6 ? 40U : 0U));
  require(is_inside(packet.payload, packet.ip));
  require(packet.ip_version != 4 ||
          ((packet.ip[2] << 8U | packet.ip[3]) == static_cast<int>(packet.ip.size())));
  volatile unsigned const kept = sum(packet.ip);
  static_cast<void>(kept);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader(Bytes(data, size));
  const std::uint8_t choice = reader.u8();
  const bool arrives = (choice & 0x80) != 0;
  // Small limits, so that inputs reach them.
  Defragmenter defragmenter({.max_datagrams = 4,
                             .max_fragments = 6,
                             .memory = 16U << 10U,
                             .min_size = (choice & 0x20) != 0 ? 24U : 8U,
                             .on_overlap = (choice & 0x40) != 0 ? OnFault::pass : OnFault::drop,
                             .refused_arrives = arrives,
                             .hosts = kTables[choice % kTables.size()]},
                            {});
  std::chrono::nanoseconds now{};
  for (std::uint64_t number = 1; !reader.rest().empty(); ++number) {
    const std::size_t wanted = reader.u16();
    const std::uint8_t wait = reader.u8();
    const Bytes bytes = reader.take(std::min(wanted, reader.rest().size()));
    now += std::chrono::seconds(wait & 0x7f);
    Packet packet = bansoko::packet::decode(
        {.bytes = bytes, .link = bansoko::packet::Link::ip, .arrived = now, .checksums_trusted = true},
        number, {});
    const bool was_fragment = packet.is_fragment;
    const Outcome outcome = defragmenter.add(packet);
    require((outcome == Outcome::whole) == !was_fragment);
    require(packet.rebuilt <= (outcome == Outcome::completed || outcome == Outcome::completed_refused ||
                               outcome == Outcome::refused));
    require(outcome != Outcome::completed_refused || arrives);
    if (outcome == Outcome::completed || outcome == Outcome::completed_refused) check_completed(packet);
    if ((wait & 0x80) != 0) defragmenter.refuse_completed();
    if (wait == 0x7f) defragmenter.expire(now);
  }
  return 0;
}
