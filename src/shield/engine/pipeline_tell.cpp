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

void Pipeline::tell(const Packet& packet, const Decision& decision) noexcept {
  if (decision.reason == Reason::pass_rule) return;
  const bool any_speaks = std::ranges::any_of(matches_, [this](const auto& match) { return speaks(match); });
  const std::size_t cut = packet.rebuilt ? 0 : packet.cut;
  if (any_speaks && flow_ != nullptr && wants_more(detect::Tag::Of::flow)) evidence_.renew(*flow_);
  evidence_.see(packet, cut, flow_, decision, any_speaks ? std::optional(next_record_) : std::nullopt);
  if (any_speaks) follow_hosts(packet);
  const Decision pardon{.reason = Reason::exception, .mode = policy_.mode};
  for (const detect::Match& match : matches_) {
    if (!match.alert) continue;
    const bool excepted = is_excepted(match);
    Record record = excepted ? record_of(packet, pardon, RecordKind::excepted)
                             : record_of(packet, decision, RecordKind::alert);
    record.match = match;
    put(record);
    (excepted ? counters_.excepted : counters_.alerts).add();
  }
  if (is_refusal(decision) && is_news(decision.reason)) put_anomaly(packet, decision);
}

/// Whether a rule that speaks has such a tag.
bool Pipeline::wants_more(detect::Tag::Of of) const noexcept {
  return std::ranges::any_of(matches_, [&](const detect::Match& match) {
    const auto& tags = rules_->rules()[match.rule].tags;
    return speaks(match) && std::ranges::find(tags, of, &detect::Tag::of) != tags.end();
  });
}

void Pipeline::follow_hosts(const Packet& packet) noexcept {
  for (const detect::Match& match : matches_)
    if (speaks(match))
      for (const detect::Tag& tag : rules_->rules()[match.rule].tags) evidence_.follow(tag, packet, flow_);
}

void Pipeline::put_anomaly(const Packet& packet, const Decision& decision) noexcept {
  Record record = record_of(packet, decision, RecordKind::anomaly);
  if (packet.anomalies.has(packet::Anomaly::stream_conflicting_retransmission))
    record.conflict = tracker_.conflict();
  else if (packet.anomalies.has(packet::Anomaly::fragment_overlap))
    record.conflict = defragmenter_.conflict();
  put(record);
}

void Pipeline::tell_slow(const Packet& packet, const Decision& decision) noexcept {
  for (const detect::SlowRule& slow : slow_rules_) {
    const RecordKind held = suspends_ ? RecordKind::rule_suspended : RecordKind::rule_slow;
    Record record = record_of(packet, decision, slow.resumed ? RecordKind::rule_resumed : held);
    record.match.rule = slow.rule;
    record.spent = slow.spent;
    put(record);
  }
  if (slow_parser_.count() == 0) return;
  Record record = record_of(packet, decision, RecordKind::parser_stopped);
  record.spent = slow_parser_;
  put(record);
}

/// One event for each flow and reason; of what has no flow, one a second for each reason.
bool Pipeline::is_news(Reason reason) noexcept {
  const auto which = static_cast<std::size_t>(reason);
  if (flow_ != nullptr) {
    std::uint32_t& told = notes_[flow_->slot].told;
    const std::uint32_t bit = std::uint32_t{1} << which;
    if ((told & bit) != 0) return false;
    told |= bit;
    return true;
  }
  if (line_.now() - last_told_[which] < std::chrono::seconds(1) && last_told_[which].count() != 0)
    return false;
  last_told_[which] = line_.now();
  return true;
}

Record Pipeline::record_of(const Packet& packet, const Decision& decision, RecordKind kind) noexcept {
  Record record;
  record.kind = kind;
  record.side = side_;
  record.has_flow = flow_ != nullptr;
  record.protocol = packet.protocol;
  record.reason = decision.reason;
  record.mode = decision.mode;
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
  if (packet.depth != 0) record.tunnel = tunnel_;
  record.evidence = evidence_.of(flow_);
  next_record_ += record_step_;
  if (flow_ == nullptr) return record;
  record.application = applications_.protocol_of(*flow_);
  record.flow_id = flow_->id;
  record.refused_packets = notes_[flow_->slot].refused_packets;
  return record;
}

void Pipeline::on_attempt(const recon::Attempt& attempt) noexcept {
  recon::Attempt told = attempt;
  told.time = line_.wall_of(attempt.time);
  if (!attempts_->put(told)) counters_.attempts_lost.add();
}

bool Pipeline::on_claim(const claim::Claim& claim) noexcept {
  claim::Claim told = claim;
  told.time = line_.wall_of(claim.time);
  return claims_->put(told);
}

void Pipeline::put(const Record& record) noexcept {
  if (!records_.put(record)) counters_.events_lost.add();
}

}  // namespace bansoko::engine
