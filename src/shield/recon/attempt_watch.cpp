// SPDX-License-Identifier: Apache-2.0
#include "shield/recon/attempt_watch.h"

#include <algorithm>

namespace bansoko::recon {
namespace {

using flow::Flow;
using flow::Side;
using packet::Packet;
using packet::TcpFlag;
using std::chrono::nanoseconds;

constexpr std::uint16_t kFirstFreePort = 1024;
constexpr nanoseconds kSettled = std::chrono::seconds(1);  // an answer comes within it, if one comes

/// Several receivers: 224.0.0.0/4, 255.255.255.255, ff00::/8.
bool goes_to_several(const packet::Address& dest) noexcept {
  constexpr std::uint8_t kFirstMulticast = 224;
  return dest.is_v4() ? dest.bytes[12] >= kFirstMulticast : dest.bytes[0] == 0xff;
}

/// Where traceroute sends its probes, which nobody is to answer.
bool is_traceroute(std::uint16_t port) noexcept { return port >= 33434 && port <= 33534; }

bool begins_tcp(const Flow& flow, const Packet& packet) noexcept {
  return !flow.midstream ||
         (!packet.has(TcpFlag::syn) && !packet.has(TcpFlag::ack) && !packet.has(TcpFlag::rst));
}

/// When an engine starts in the midst of traffic, or a table was full, answers look like first datagrams.
bool begins_udp(const Packet& packet) noexcept {
  const bool answers = packet.source_port < kFirstFreePort && packet.dest_port >= kFirstFreePort;
  return !answers && !goes_to_several(packet.dest) && !is_traceroute(packet.dest_port);
}

}  // namespace

AttemptWatch::AttemptWatch(std::uint32_t max_flows, nanoseconds answer_time, AttemptSink& sink)
    : answer_time_(answer_time),
      sink_(sink),
      stages_(std::max(max_flows, 1U)),
      watched_(answer_time.count() == 0 ? 0 : stages_.size()),
      waiting_(static_cast<std::uint32_t>(watched_.size())) {}

void AttemptWatch::look(const Flow& flow, Side side, const Packet& packet, bool created) noexcept {
  if (created) {
    if (watched_.size() == 0 || side != Side::client) return;
    if (packet.is_tcp() ? !begins_tcp(flow, packet) : !packet.is_udp() || !begins_udp(packet)) return;
    stages_[flow.slot] = Stage::asked;
    watched_[flow.slot] = {&flow, packet.arrived, 0};
    waiting_.push_back(0, flow.slot);
    return;
  }
  if (side == Side::server) return hear(flow, packet);
  if (stages_[flow.slot] != Stage::heard) return;
  const bool knows = packet.has(TcpFlag::ack) && packet.tcp.acknowledgement == watched_[flow.slot].proof;
  // One whose address was forged resets a connection that it knows nothing of, and so does a scanner that has
  // learnt what it wanted: a reset proves nothing.
  if (packet.has(TcpFlag::rst)) return decide(flow, Outcome::answered, packet.arrived);
  if (knows) decide(flow, Outcome::proven, packet.arrived);
}

void AttemptWatch::hear(const Flow& flow, const Packet& packet) noexcept {
  if (stages_[flow.slot] == Stage::heard) return;
  if (packet.is_tcp() && packet.has(TcpFlag::rst)) return decide(flow, Outcome::failed, packet.arrived);
  if (!packet.is_tcp() || !packet.has(TcpFlag::syn)) return decide(flow, Outcome::answered, packet.arrived);
  stages_[flow.slot] = Stage::heard;
  watched_[flow.slot].proof = packet.tcp.sequence + 1;
}

void AttemptWatch::decide(const Flow& flow, Outcome outcome, nanoseconds now) noexcept {
  forget(flow);
  sink_.on_attempt({.source = flow.key.client,
                    .dest = flow.key.server,
                    .source_port = flow.key.client_port,
                    .dest_port = flow.key.server_port,
                    .protocol = flow.key.protocol,
                    .outcome = outcome,
                    .flow_id = flow.id,
                    .time = now});
}

void AttemptWatch::time_is_up(const Flow& flow, nanoseconds now) noexcept {
  decide(flow, stages_[flow.slot] == Stage::heard ? Outcome::answered : Outcome::failed, now);
}

void AttemptWatch::forget(const Flow& flow) noexcept {
  stages_[flow.slot] = Stage::none;
  waiting_.remove(0, flow.slot);
}

void AttemptWatch::end(const Flow& flow) noexcept {
  if (stages_[flow.slot] != Stage::none) time_is_up(flow, flow.last_seen);
}

void AttemptWatch::expire(nanoseconds now) noexcept {
  for (int decided = 0; decided < kDecidedPerCall; ++decided) {
    const std::uint32_t slot = waiting_.front(0);
    if (slot == flow::kNoSlot) return;
    // A clock that was set back must not hold up all that begins from now on.
    const nanoseconds age = now - watched_[slot].began;
    if (age < answer_time_ && age > -answer_time_) return;
    time_is_up(*watched_[slot].flow, now);
  }
}

void AttemptWatch::finish(nanoseconds now) noexcept {
  while (waiting_.front(0) != flow::kNoSlot) {
    const Watched& first = watched_[waiting_.front(0)];
    if (now - first.began >= kSettled)
      time_is_up(*first.flow, now);
    else
      forget(*first.flow);
  }
}

}  // namespace bansoko::recon
