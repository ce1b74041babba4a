// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/flow_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "base/keyed_hash.h"
#include "base/lazy_array.h"
#include "shield/flow/slot_lists.h"

namespace bansoko::flow {
namespace {

using packet::Packet;
using packet::Protocol;
using packet::TcpFlag;
using std::chrono::nanoseconds;

constexpr int kEndedPerCall = 64;  // by expire(), of each list

/// What decides how long a silent flow is kept, and whether it may give way to a new one.
enum class Class : std::uint8_t {
  tcp_opening,
  tcp_closed,
  udp_opening,
  other_opening,
  last_that_gives_way = other_opening,
  tcp_established,
  udp_established,
  other_established,
  blocked,
  none = 0xff,
};
constexpr std::size_t kClasses = static_cast<std::size_t>(Class::blocked) + 1;

Class class_of(const Flow& flow) noexcept {
  if (flow.standing == Standing::blocked) return Class::blocked;
  const bool opening = flow.phase == Phase::opening;
  if (flow.key.protocol == Protocol::udp) return opening ? Class::udp_opening : Class::udp_established;
  if (!flow.is_tcp()) return opening ? Class::other_opening : Class::other_established;
  if (flow.phase == Phase::closed) return Class::tcp_closed;
  return opening ? Class::tcp_opening : Class::tcp_established;
}

struct Endpoint {
  std::array<std::uint64_t, 2> address{};
  std::uint16_t port = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

Endpoint endpoint(const packet::Address& address, std::uint16_t port) noexcept {
  return {std::bit_cast<std::array<std::uint64_t, 2>>(address.bytes), port};
}

/// A packet's place in the table: the same for both directions once the ends are put in order.
struct Place {
  Endpoint low, high;
  std::uint64_t network = 0;
  std::uint32_t vlan = 0;
  std::uint8_t protocol = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

bool has_ports(std::uint8_t protocol) noexcept {
  return protocol == Protocol::tcp || protocol == Protocol::udp || protocol == Protocol::sctp;
}

bool has_flow(const Packet& packet) noexcept {
  if (!packet.is_ip() || packet.is_fragment) return false;
  const bool needs_transport = packet.protocol == Protocol::tcp || packet.protocol == Protocol::udp;
  return packet.has_transport || !needs_transport;
}

Place place_of(const Packet& packet) noexcept {
  const bool ports = has_ports(packet.protocol);
  const Endpoint source = endpoint(packet.source, ports ? packet.source_port : std::uint16_t{0});
  const Endpoint dest = endpoint(packet.dest, ports ? packet.dest_port : std::uint16_t{0});
  // The priority bits of a tag (802.1Q) may differ between packets of one conversation.
  const std::uint32_t vlan = (packet.vlan[0] & 0x0fffU) | (packet.vlan[1] & 0x0fffU) << 12U;
  const bool ordered = std::tie(source.address, source.port) <= std::tie(dest.address, dest.port);
  return {ordered ? source : dest, ordered ? dest : source, packet.network, vlan, packet.protocol};
}

/// The SYN's sender is the client. Midstream, a well-known port tells who is not.
bool sent_by_client(const Packet& packet) noexcept {
  if (!packet.is_tcp()) return true;
  if (packet.has(TcpFlag::syn)) return !packet.has(TcpFlag::ack);
  return packet.source_port >= 1024 || packet.dest_port < 1024;
}

FlowKey key_of(const Packet& packet, const Place& place, bool from_client) noexcept {
  FlowKey key{.client = packet.source,
              .server = packet.dest,
              .vlan = place.vlan,
              .network = place.network,
              .protocol = place.protocol};
  if (has_ports(packet.protocol)) {
    key.client_port = packet.source_port;
    key.server_port = packet.dest_port;
  }
  if (from_client) return key;
  std::swap(key.client, key.server);
  std::swap(key.client_port, key.server_port);
  return key;
}

bool opens_connection(const Packet& packet) noexcept {
  return packet.is_tcp() && packet.has(TcpFlag::syn) && !packet.has(TcpFlag::ack) &&
         !packet.has(TcpFlag::rst);
}

}  // namespace

struct FlowTable::State {
  State(const FlowSettings& settings, std::uint64_t seed, FlowListener& told)
      : listener(told),
        hosts(settings.hosts),
        hash(seed),
        last_id((seed & 0xfffU) << 40U),
        flows(std::max(settings.max_flows, 1U)),
        entries(flows.size()),
        buckets(std::bit_ceil(flows.size()) * 2, kNoSlot),
        lists(static_cast<std::uint32_t>(flows.size())),
        timeouts{settings.tcp_opening,     settings.tcp_closed, settings.udp,   settings.other,
                 settings.tcp_established, settings.udp,        settings.other, settings.tcp_established} {}

  struct Entry {
    Place place;
    std::uint32_t hash = 0;
    std::uint32_t next = kNoSlot;  // in its bucket, or among the free
    Class listed = Class::none;
  };

  std::uint32_t hash_of(const Place& place) const noexcept {
    const std::uint64_t rest = std::uint64_t{place.low.port} << 48U | std::uint64_t{place.high.port} << 32U |
                               std::uint64_t{place.vlan} << 8U | place.protocol;
    const std::array<std::uint64_t, 6> words{
        place.low.address[0], place.low.address[1], place.high.address[0], place.high.address[1], rest,
        place.network};
    // Most traffic is in no tunnel and need not pay for them.
    return static_cast<std::uint32_t>(hash(std::span(words).first(place.network == 0 ? 5 : 6)));
  }

  std::uint32_t& bucket(std::uint32_t hashed) noexcept { return buckets[hashed & (buckets.size() - 1)]; }

  std::uint32_t find(const Place& place, std::uint32_t hashed) noexcept {
    std::uint32_t slot = bucket(hashed);
    while (slot != kNoSlot && (entries[slot].hash != hashed || !(entries[slot].place == place)))
      slot = entries[slot].next;
    return slot;
  }

  /// Puts a flow on the list that its phase and standing call for, as the one seen last.
  void enlist(std::uint32_t slot) noexcept {
    const Class wanted = class_of(flows[slot]);
    Class& listed = entries[slot].listed;
    if (listed == wanted) return lists.touch(static_cast<std::size_t>(wanted), slot);
    if (listed != Class::none) lists.remove(static_cast<std::size_t>(listed), slot);
    lists.push_back(static_cast<std::size_t>(wanted), slot);
    listed = wanted;
  }

  /// Phase and standing of the flow tracked last may have changed since, and there may be no further packet.
  void catch_up() noexcept {
    if (latest != kNoSlot && class_of(flows[latest]) != entries[latest].listed) enlist(latest);
  }

  void end(std::uint32_t slot) noexcept {
    listener.on_flow_end(flows[slot]);
    Entry& entry = entries[slot];
    std::uint32_t* link = &bucket(entry.hash);
    while (*link != slot) link = &entries[*link].next;
    *link = entry.next;
    lists.remove(static_cast<std::size_t>(entry.listed), slot);
    entry.listed = Class::none;
    entry.next = first_free;
    first_free = slot;
    if (latest == slot) latest = kNoSlot;
    counters.active.subtract();
  }

  /// The oldest flow that is not established, or none.
  std::uint32_t weakest() const noexcept {
    std::uint32_t oldest = kNoSlot;
    for (std::size_t list = 0; list <= static_cast<std::size_t>(Class::last_that_gives_way); ++list) {
      const std::uint32_t slot = lists.front(list);
      if (slot == kNoSlot) continue;
      if (oldest == kNoSlot || flows[slot].last_seen < flows[oldest].last_seen) oldest = slot;
    }
    return oldest;
  }

  bool make_room() noexcept {
    if (first_free != kNoSlot || unused < flows.size()) return true;
    const std::uint32_t slot = weakest();
    if (slot == kNoSlot) return false;
    end(slot);
    counters.evicted.add();
    return true;
  }

  /// Needs make_room(). One that was used before is at hand already, a further one the kernel has yet to
  /// give.
  std::uint32_t take_slot() noexcept {
    if (first_free == kNoSlot) return unused++;
    return std::exchange(first_free, entries[first_free].next);
  }

  Flow& create(const Packet& packet, const Place& place, std::uint32_t hashed) noexcept {
    const std::uint32_t slot = take_slot();
    Entry& entry = entries[slot];
    entry = {place, hashed, bucket(hashed), Class::none};
    bucket(hashed) = slot;
    Flow& flow = flows[slot];
    flow = Flow{.id = ++last_id, .slot = slot, .key = key_of(packet, place, sent_by_client(packet))};
    flow.midstream = packet.is_tcp() && !opens_connection(packet);
    if (hosts != nullptr) flow.hosts = {hosts->of(flow.key.client), hosts->of(flow.key.server)};
    // How far it is to the end of a tunnel says nothing about who is behind it.
    if (packet.depth != 0) flow.hosts[0].hops = flow.hosts[1].hops = 0;
    flow.started = flow.last_seen = packet.arrived;
    counters.created.add();
    counters.active.add();
    return flow;
  }

  void note(Flow& flow, Side side, const Packet& packet) noexcept {
    // A capture may hold packets out of order; time must not run back for a list sorted by it.
    flow.last_seen = std::max(flow.last_seen, packet.arrived);
    Flow::Traffic& traffic = flow.traffic[index(side)];
    ++traffic.packets;
    traffic.bytes += packet.ip.size();
    if (!flow.is_tcp() && flow.traffic[index(other(side))].packets > 0) flow.phase = Phase::established;
    enlist(flow.slot);
    latest = flow.slot;
  }

  void expire(std::size_t list, nanoseconds now) noexcept {
    for (int ended = 0; ended < kEndedPerCall; ++ended) {
      const std::uint32_t slot = lists.front(list);
      if (slot == kNoSlot || now - flows[slot].last_seen < timeouts[list]) return;
      if (static_cast<std::size_t>(class_of(flows[slot])) != list) {
        enlist(slot);
        continue;
      }
      end(slot);
      counters.timed_out.add();
    }
  }

  FlowListener& listener;
  std::shared_ptr<const packet::HostTable> hosts;
  KeyedHash hash;
  std::uint64_t last_id;
  LazyArray<Flow> flows;
  LazyArray<Entry> entries;
  std::vector<std::uint32_t> buckets;
  SlotLists<kClasses> lists;
  std::array<nanoseconds, kClasses> timeouts;
  std::uint32_t first_free = kNoSlot;  // among those used before
  std::uint32_t unused = 0;            // this slot and all behind it were never used
  std::uint32_t latest = kNoSlot;
  FlowCounters counters;
};

FlowTable::FlowTable(const FlowSettings& settings, std::uint64_t seed, FlowListener& listener)
    : state_(std::make_unique<State>(settings, seed, listener)) {}
FlowTable::~FlowTable() = default;

FlowTable::Found FlowTable::track(Packet& packet) noexcept {
  if (!has_flow(packet)) return {};
  State& state = *state_;
  state.catch_up();
  const Place place = place_of(packet);
  const std::uint32_t hashed = state.hash_of(place);
  std::uint32_t slot = state.find(place, hashed);
  bool follows_another = false;
  if (slot != kNoSlot && opens_connection(packet)) {
    const Flow& old = state.flows[slot];
    // A blocked flow stays blocked whatever its ends send. While one end may still speak, a SYN is not
    // believed: the answer to it will tell.
    if (old.phase == Phase::closed && old.standing != Standing::blocked) {
      state.end(slot);
      slot = kNoSlot;
      follows_another = true;
    }
  }
  const bool created = slot == kNoSlot;
  if (created && !state.make_room()) {
    packet.anomalies.add(packet::Anomaly::flow_limit);
    state.counters.refused.add();
    return {};
  }
  Flow& flow = created ? state.create(packet, place, hashed) : state.flows[slot];
  if (follows_another) flow.is_successor = true;
  const bool ports_tell = has_ports(packet.protocol);
  const bool from_client =
      packet.source == flow.key.client && (!ports_tell || packet.source_port == flow.key.client_port);
  // One host talking to itself from a port to the same port: there is no telling, and no need.
  const Side side = from_client ? Side::client : Side::server;
  state.note(flow, side, packet);
  return {&flow, side, created};
}

void FlowTable::expire(nanoseconds now) noexcept {
  state_->catch_up();
  for (std::size_t list = 0; list < kClasses; ++list) state_->expire(list, now);
}

void FlowTable::clear() noexcept {
  for (std::size_t list = 0; list < kClasses; ++list)
    while (state_->lists.front(list) != kNoSlot) state_->end(state_->lists.front(list));
}

std::uint32_t FlowTable::capacity() const noexcept {
  return static_cast<std::uint32_t>(state_->flows.size());
}
const FlowCounters& FlowTable::counters() const noexcept { return state_->counters; }

}  // namespace bansoko::flow
