// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/defragmenter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/lazy_array.h"
#include "shield/packet/checksum.h"
#include "shield/packet/datagram_table.h"
#include "shield/packet/layers.h"
#include "shield/packet/tunnel.h"

namespace bansoko::packet {
namespace {

using Entry = DatagramTable::Entry;
using Added = PartialDatagram::Added;

constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kFragmentHeader = 8;
constexpr std::size_t kMaxLength = 65535;  // IPv4: of the datagram; IPv6: of what follows its fixed header
constexpr std::uint16_t kVlanIdentifier = 0x0fff;

DatagramKey key_of(const Packet& packet) noexcept {
  return {.source = packet.source,
          .dest = packet.dest,
          .network = packet.network,
          .id = packet.fragment_id,
          .vlan = {static_cast<std::uint16_t>(packet.vlan[0] & kVlanIdentifier),
                   static_cast<std::uint16_t>(packet.vlan[1] & kVlanIdentifier)},
          .version = packet.ip_version,
          .protocol = packet.ip_version == 6 ? std::uint8_t{0} : packet.protocol};
}

/// What stands before the fragment's data and would stand before the whole datagram's.
Bytes header_of(const Packet& packet) noexcept {
  const std::size_t size = packet.ip.size() - packet.payload.size();
  return packet.ip.first(packet.ip_version == 6 ? size - kFragmentHeader : size);
}

/// How much of `header` counts against kMaxLength.
std::size_t counted(std::uint8_t version, std::size_t header) noexcept {
  return version == 6 ? header - kIpv6Header : header;
}

/// Whether a receiver would throw this fragment away by itself, so that it must not be mixed in.
bool is_unusable(const Packet& packet) noexcept {
  const AnomalySet& has = packet.anomalies;
  return packet.checksum_bad || has.has(Anomaly::frame_truncated) || has.has(Anomaly::ipv4_total_length) ||
         has.has(Anomaly::ipv6_payload_length);
}

std::size_t depth_of(const Packet& packet) noexcept {
  return std::min<std::size_t>(packet.depth, kMostTunnels);
}

/// What is wrong with a fragment seen alone.
AnomalySet faults_of(const Packet& packet, std::size_t min_size) noexcept {
  constexpr std::size_t kUnit = 8;  // every fragment but the last ends on one
  const std::size_t size = packet.payload.size();
  const std::size_t header = counted(packet.ip_version, header_of(packet).size());
  AnomalySet faults;
  if (size == 0 || (packet.more_fragments && size < std::max(kUnit, min_size)))
    faults.add(Anomaly::fragment_too_small);
  else if (packet.more_fragments && size % kUnit != 0)
    faults.add(Anomaly::fragment_length_mismatch);
  if (header + packet.fragment_offset + size > kMaxLength) faults.add(Anomaly::fragment_beyond_datagram);
  if (!faults.empty()) return faults;
  if (header_of(packet).size() > Entry{}.header.size()) return {Anomaly::fragment_limit};
  if (packet.ip_version == 6 && packet.fragment_offset == 0 &&
      !holds_whole_chain(packet.protocol, packet.payload))
    return {Anomaly::fragment_header_chain};
  return {};
}

/// Says of a fragment why its datagram was refused before it.
void inherit(Packet& packet, const AnomalySet& reasons) noexcept {
  packet.inherited = reasons.without(packet.anomalies);
  packet.anomalies.merge(reasons);
}

/// Keeps what only the first fragment may say (RFC 8200 section 4.5).
void keep_header(Entry& entry, const Packet& packet) noexcept {
  const Bytes header = header_of(packet);
  std::copy(header.begin(), header.end(), entry.header.begin());
  entry.header_size = static_cast<std::uint8_t>(header.size());
  entry.protocol = packet.protocol;
}

void set_u16(std::span<std::uint8_t> at, std::size_t value) noexcept {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

/// Turns the first fragment's IPv4 header into that of the whole datagram.
void mend_ipv4(std::span<std::uint8_t> datagram, std::size_t header) noexcept {
  set_u16(datagram.subspan(2), datagram.size());
  set_u16(datagram.subspan(6), 0);
  set_u16(datagram.subspan(10), 0);
  Checksum checksum;
  checksum.add(datagram.first(header));
  set_u16(datagram.subspan(10), checksum.value());
}

/// The same for IPv6; `header` is without the fragment header, whose successor is `protocol`.
void mend_ipv6(std::span<std::uint8_t> datagram, std::size_t header, std::uint8_t protocol) noexcept {
  set_u16(datagram.subspan(4), datagram.size() - kIpv6Header);
  datagram[last_next_header(datagram.first(header))] = protocol;
}

Anomaly anomaly_of(Added added) noexcept {
  switch (added) {
    case Added::overlap:
      return Anomaly::fragment_overlap;
    case Added::length_mismatch:
      return Anomaly::fragment_length_mismatch;
    default:
      return Anomaly::fragment_limit;
  }
}

}  // namespace

struct Defragmenter::State {
  State(const DefragSettings& wanted, const DecodeSettings& decode_wanted, std::uint64_t seed)
      : settings(wanted),
        decode(decode_wanted),
        pool(wanted.memory),
        table(wanted.max_datagrams, wanted.max_fragments, seed),
        whole(kMaxWhole * kDepths) {
    completed.fill(DatagramTable::kNone);
  }

  static constexpr std::size_t kDepths = kMostTunnels + 1;
  static constexpr std::size_t kMaxWhole = sizeof(Entry::header) + PartialDatagram::kMaxSize;

  bool is_over(const Entry& entry, std::chrono::nanoseconds now) const noexcept {
    return now - entry.started > settings.timeout * (entry.key.version == 6 ? 2 : 1);
  }

  void forget(std::uint32_t index) noexcept {
    table.at(index).data.clear(pool);
    table.erase(index);
    std::ranges::replace(completed, index, DatagramTable::kNone);
  }

  void forget_completed() noexcept {
    for (const std::uint32_t index : completed)
      if (index != DatagramTable::kNone) forget(index);
    has_completed = false;
  }

  void expire(std::uint8_t version, std::chrono::nanoseconds now) noexcept {
    for (auto i = table.oldest(version); i != DatagramTable::kNone && is_over(table.at(i), now);
         i = table.oldest(version)) {
      if (!table.at(i).is_refused) counters.timed_out.add();
      forget(i);
    }
  }

  void refuse(Entry& entry) noexcept {
    entry.is_refused = true;
    entry.data.clear(pool);
  }

  Outcome refused(Packet& packet, const AnomalySet& reasons) noexcept {
    packet.anomalies.merge(reasons);
    counters.dropped.add();
    if (reasons.has(Anomaly::fragment_limit)) counters.limit_reached.add();
    return Outcome::refused;
  }

  Outcome broken(Packet& packet, Entry& entry, const AnomalySet& reasons) noexcept {
    entry.reasons.merge(reasons);
    refuse(entry);
    return refused(packet, reasons);
  }

  std::uint32_t entry_for(Packet& packet) noexcept;
  Added keep(Packet& packet, Entry& entry) noexcept;
  void mark_small(Packet& packet) const noexcept;
  Outcome take(Packet& packet, Entry& entry) noexcept;
  Outcome complete(Packet& packet, Entry& entry) noexcept;

  DefragSettings settings;
  DecodeSettings decode;
  DefragCounters counters;
  BlockPool pool;
  DatagramTable table;
  LazyArray<std::uint8_t> whole;  // the datagrams that the last frame completed, by depth
  std::array<std::uint32_t, kDepths> completed{};
  bool has_completed = false;  // any of these
  Conflict conflict;           // of the packet at hand
};

/// The datagram this fragment belongs to, begun if need be; kNone when there is no room.
std::uint32_t Defragmenter::State::entry_for(Packet& packet) noexcept {
  const DatagramKey key = key_of(packet);
  std::uint32_t index = table.find(key);
  if (index != DatagramTable::kNone && is_over(table.at(index), packet.arrived)) {
    packet.anomalies.add(Anomaly::fragment_timeout);
    if (!table.at(index).is_refused) counters.timed_out.add();
    forget(index);
    index = DatagramTable::kNone;
  }
  if (index != DatagramTable::kNone) return index;
  expire(packet.ip_version, packet.arrived);
  return table.insert(key, packet.arrived);
}

/// As its receiver does. An overlap that may not be is noted in the entry, unless it ends here.
Added Defragmenter::State::keep(Packet& packet, Entry& entry) noexcept {
  const std::uint32_t offset = packet.fragment_offset;
  const bool strict = packet.ip_version == 6;
  if (settings.on_overlap == OnFault::drop && !settings.refused_arrives) {
    const Added added = entry.data.add(offset, packet.payload, !packet.more_fragments, strict, pool);
    if (added == Added::overlap) conflict = entry.data.conflict_with(offset, packet.payload, pool);
    return added;
  }
  const System system =
      settings.hosts == nullptr ? HostView{}.system : settings.hosts->of(packet.dest).system;
  conflict = entry.data.conflict_with(offset, packet.payload, pool);
  if (conflict.size > 0 || (strict && entry.data.overlaps(offset, packet.payload))) {
    const bool passes = settings.on_overlap == OnFault::pass && !strict && system != System::linux;
    if (!passes && !settings.refused_arrives) return Added::overlap;
    packet.anomalies.add(Anomaly::fragment_overlap);
    if (!passes) entry.reasons.add(Anomaly::fragment_overlap);
  }
  return entry.data.add_as(system, offset, packet.payload, !packet.more_fragments, pool);
}

Defragmenter::Outcome Defragmenter::State::take(Packet& packet, Entry& entry) noexcept {
  const Added added = keep(packet, entry);
  if (added > Added::duplicate) return broken(packet, entry, {anomaly_of(added)});
  if (packet.fragment_offset == 0 && entry.header_size == 0) keep_header(entry, packet);
  if (added == Added::complete) return complete(packet, entry);
  if (!entry.reasons.empty()) {
    inherit(packet, entry.reasons);
    counters.dropped.add();
    return Outcome::refused;
  }
  counters.held.add();
  return Outcome::held;
}

void Defragmenter::State::mark_small(Packet& packet) const noexcept {
  if (packet.more_fragments && packet.payload.size() < settings.min_size)
    packet.anomalies.add(Anomaly::fragment_too_small);
}

Defragmenter::Outcome Defragmenter::State::complete(Packet& packet, Entry& entry) noexcept {
  const std::size_t header = entry.header_size;
  if (counted(packet.ip_version, header) + entry.data.size() > kMaxLength)
    return broken(packet, entry, {Anomaly::fragment_beyond_datagram});
  const auto datagram = whole.part(kMaxWhole * depth_of(packet), header + entry.data.size());
  std::copy_n(entry.header.begin(), header, datagram.begin());
  entry.data.copy_to(datagram.subspan(header), pool);
  if (packet.ip_version == 6)
    mend_ipv6(datagram, header, entry.protocol);
  else
    mend_ipv4(datagram, header);
  packet.is_fragment = packet.more_fragments = false;
  packet.fragment_offset = 0;
  packet.rebuilt = true;
  decode_network(packet, {.bytes = datagram, .verify = decode.verify_checksums});
  // A fragment of fragments: Linux refuses it, and nothing else sends it.
  if (packet.is_fragment) return broken(packet, entry, {Anomaly::ipv6_extension_order});
  counters.completed.add();
  if (entry.reasons.empty()) return Outcome::completed;
  inherit(packet, entry.reasons);
  return Outcome::completed_refused;
}

Defragmenter::Defragmenter(const DefragSettings& settings, const DecodeSettings& decode, std::uint64_t seed)
    : state_(std::make_unique<State>(settings, decode, seed)) {}

Defragmenter::~Defragmenter() = default;

Defragmenter::Outcome Defragmenter::add(Packet& packet) noexcept {
  State& state = *state_;
  // What a frame carries is looked at after itself, and a verdict about that is one about both.
  if (packet.depth == 0 && state.has_completed) state.forget_completed();
  state.conflict.size = 0;
  if (!packet.is_fragment) return Outcome::whole;
  if (is_unusable(packet)) {
    state.counters.dropped.add();
    return Outcome::refused;
  }
  const std::uint32_t index = state.entry_for(packet);
  if (index == DatagramTable::kNone) return state.refused(packet, {Anomaly::fragment_limit});
  Entry& entry = state.table.at(index);
  const bool small_may_be = state.settings.on_small == OnFault::pass;
  const AnomalySet faults = faults_of(packet, small_may_be ? 0 : state.settings.min_size);
  if (entry.is_refused) {
    packet.anomalies.merge(faults);
    inherit(packet, entry.reasons);
    state.counters.dropped.add();
    return Outcome::refused;
  }
  if (!faults.empty()) return state.broken(packet, entry, faults);
  if (small_may_be) state.mark_small(packet);
  const Outcome outcome = state.take(packet, entry);
  if (outcome == Outcome::completed || outcome == Outcome::completed_refused) {
    state.completed[depth_of(packet)] = index;
    state.has_completed = true;
  }
  return outcome;
}

void Defragmenter::refuse_completed() noexcept {
  State& state = *state_;
  for (std::uint32_t& index : state.completed)
    if (index != DatagramTable::kNone)
      state.refuse(state.table.at(std::exchange(index, DatagramTable::kNone)));
}

const Conflict& Defragmenter::conflict() const noexcept { return state_->conflict; }

void Defragmenter::expire(std::chrono::nanoseconds now) noexcept {
  state_->expire(4, now);
  state_->expire(6, now);
}

const DefragCounters& Defragmenter::counters() const noexcept { return state_->counters; }

}  // namespace bansoko::packet
