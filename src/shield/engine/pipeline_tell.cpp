// SPDX-License-Identifier: Apache-2.0
// What a pipeline tells about a packet, after its verdict is known.
#include <algorithm>
#include <optional>

#include "shield/engine/pipeline.h"

namespace bansoko::engine {
namespace {

using packet::Packet;

/// Refused, and neither by a rule nor because it was refused before.
bool is_refusal(const Decision& decision) noexcept {
  return decision.enforced == packet::Action::drop && decision.reason != Reason::rule &&
         decision.reason != Reason::flow_blocked;
}

}  // namespace

void Pipeline::tell(const Packet& packet, const Decision& decision, std::size_t cut) noexcept {
  if (decision.reason == Reason::pass_rule) return;
  const bool speaks = std::ranges::any_of(matches_, &detect::Match::alert);
  evidence_.see(packet, cut, flow_, decision, speaks ? std::optional(next_record_) : std::nullopt);
  for (const detect::Match& match : matches_) {
    if (!match.alert) continue;
    Record record = record_of(packet, decision, RecordKind::alert);
    record.match = match;
    put(record);
    counters_.alerts.add();
  }
  if (is_refusal(decision) && is_news(packet, decision.reason)) put_anomaly(packet, decision);
}

void Pipeline::put_anomaly(const Packet& packet, const Decision& decision) noexcept {
  Record record = record_of(packet, decision, RecordKind::anomaly);
  if (packet.anomalies.has(packet::Anomaly::stream_conflicting_retransmission))
    record.conflict = tracker_.conflict();
  else if (packet.anomalies.has(packet::Anomaly::fragment_overlap))
    record.conflict = defragmenter_.conflict();
  put(record);
}

/// One event for each flow and reason; of what has no flow, one a second for each reason.
bool Pipeline::is_news(const Packet& packet, Reason reason) noexcept {
  const auto which = static_cast<std::size_t>(reason);
  if (flow_ != nullptr) {
    std::uint32_t& told = notes_[flow_->slot].told;
    const std::uint32_t bit = std::uint32_t{1} << which;
    if ((told & bit) != 0) return false;
    told |= bit;
    return true;
  }
  if (packet.arrived - last_told_[which] < std::chrono::seconds(1) && last_told_[which].count() != 0)
    return false;
  last_told_[which] = packet.arrived;
  return true;
}

Record Pipeline::record_of(const Packet& packet, const Decision& decision, RecordKind kind) noexcept {
  Record record;
  record.kind = kind;
  record.side = side_;
  record.has_flow = flow_ != nullptr;
  record.protocol = packet.protocol;
  record.reason = decision.reason;
  record.action = decision.enforced;
  record.source_port = packet.source_port;
  record.dest_port = packet.dest_port;
  record.number = next_record_;
  record.packet_number = packet.number;
  record.time = packet.arrived;
  record.generation = rules_ == nullptr ? 0 : rules_->generation();
  record.source = packet.source;
  record.dest = packet.dest;
  record.anomalies = packet.anomalies;
  record.evidence = evidence_.of(flow_);
  next_record_ += record_step_;
  if (flow_ == nullptr) return record;
  record.application = applications_.protocol_of(*flow_);
  record.flow_id = flow_->id;
  record.refused_packets = notes_[flow_->slot].refused_packets;
  return record;
}

void Pipeline::put(const Record& record) noexcept {
  if (!records_.put(record)) counters_.events_lost.add();
}

}  // namespace bansoko::engine
