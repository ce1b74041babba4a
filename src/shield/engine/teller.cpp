// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/teller.h"

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "shield/detect/hit_policy.h"
#include "shield/engine/engine_event.h"
#include "shield/keyword/arguments.h"
#include "shield/packet/packet.h"

namespace bansoko::engine {
namespace {

using std::chrono::system_clock;

system_clock::time_point time_of(std::chrono::nanoseconds since_epoch) {
  return system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(since_epoch));
}

event::Alert alert_of(const detect::RuleInfo& rule, bool blocked) {
  std::vector<std::pair<std::string, std::string>> metadata;
  for (const std::string_view each : keyword::split(rule.metadata)) {
    const keyword::Setting setting = keyword::split_setting(each);
    if (!each.empty()) metadata.emplace_back(setting.name, setting.value);
  }
  return {.action = blocked ? "blocked" : "allowed",
          .gid = rule.gid,
          .signature_id = rule.sid,
          .rev = rule.rev,
          .signature = std::string(rule.message),
          .category = std::string(rule.category),
          .severity = rule.priority,
          .references = {rule.references.begin(), rule.references.end()},
          .metadata = std::move(metadata)};
}

event::Matched matched_of(const detect::Match& match, Payload payload) {
  event::Matched matched{.buffer = std::string(match.buffer),
                         .offset = match.offset,
                         .size = match.size,
                         .bytes = {},
                         .fields = {}};
  if (payload != Payload::none) matched.bytes = as_text(Bytes(match.sample).first(match.sample_size));
  for (const detect::ComparedField& field : match.compared())
    matched.fields.emplace_back(field.name, field.value);
  return matched;
}

/// Of a record that is neither about a rule nor an anomaly.
EngineEvent engine_event_of(RecordKind kind) noexcept {
  switch (kind) {
    case RecordKind::rule_slow:
      return EngineEvent::rule_slow;
    case RecordKind::rule_suspended:
      return EngineEvent::rule_suspended;
    case RecordKind::rule_resumed:
      return EngineEvent::rule_resumed;
    case RecordKind::parser_stopped:
      return EngineEvent::parser_stopped;
    case RecordKind::clock_jumped:
      return EngineEvent::clock_jumped;
    default:
      return EngineEvent::flow_blocked_until_end;
  }
}

double in_ms(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::int64_t in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

event::Conflict conflict_of(const packet::Conflict& conflict, Payload payload) {
  event::Conflict told{.offset = conflict.offset, .earlier = {}, .later = {}};
  if (payload == Payload::none) return told;
  told.earlier = as_text(conflict.earlier_bytes());
  told.later = as_text(conflict.later_bytes());
  return told;
}

/// Null: it is not one that is excepted, or its rules are not known any more.
const detect::Exception* exception_of(const Record& record, const detect::RuleSet* rules) {
  if (record.kind != RecordKind::excepted || rules == nullptr) return nullptr;
  const auto& exceptions = rules->hits().exceptions;
  const auto which = static_cast<std::size_t>(record.match.exception);
  return which < exceptions.size() ? &exceptions[which] : nullptr;
}

bool is_refused(packet::Action action) noexcept {
  return action != packet::Action::accept && action != packet::Action::release;
}

}  // namespace

std::string event_id(std::chrono::nanoseconds time, std::uint64_t flow_id, std::uint64_t record) {
  const std::time_t seconds = system_clock::to_time_t(time_of(time));
  constexpr std::uint64_t kShort = 0xffffff;
  // The high bits are those of the run, the low ones count its flows.
  const std::uint64_t flow = (flow_id ^ flow_id >> 40U) & kShort;
  return fmt::format("{:%Y%m%d-%H%M%S}-{:x}-{}", fmt::gmtime(seconds), flow, record);
}

std::string transport_name(std::uint8_t protocol) {
  switch (protocol) {
    case packet::Protocol::tcp:
      return "TCP";
    case packet::Protocol::udp:
      return "UDP";
    case packet::Protocol::icmp:
      return "ICMP";
    case packet::Protocol::icmpv6:
      return "IPv6-ICMP";
    case packet::Protocol::sctp:
      return "SCTP";
    case packet::Protocol::gre:
      return "GRE";
    case packet::Protocol::ipv4:
      return "IPIP";
    case packet::Protocol::ipv6:
      return "IPv6";
    default:
      return fmt::format("{:03}", protocol);
  }
}

Teller::Teller(const ShieldSettings& settings, std::span<const proto::Protocol* const> protocols)
    : payload_(settings.evidence.payload), protocols_(protocols) {}

void Teller::know(std::shared_ptr<const detect::RuleSet> rules) {
  const std::scoped_lock lock(mutex_);
  known_.push_back(std::move(rules));
  if (known_.size() > kGenerations) known_.pop_front();
}

std::shared_ptr<const detect::RuleSet> Teller::rules_of(std::uint64_t generation) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& rules : known_)
    if (rules->generation() == generation) return rules;
  return nullptr;
}

event::Event Teller::event_of(const Record& record) const {
  event::Event event;
  event.time = time_of(record.time);
  event.id = event_id(record.time, record.flow_id, record.number);
  event.packet_number = record.packet_number;
  event.flow_id = record.flow_id;
  event.source = {packet::to_text(record.source), record.source_port};
  event.dest = {packet::to_text(record.dest), record.dest_port};
  event.transport = transport_name(record.protocol);
  if (record.application < protocols_.size()) event.app_protocol = protocols_[record.application]->name;
  if (record.has_flow) event.direction = record.side == flow::Side::client ? "to_server" : "to_client";
  if (record.tunnel.depth != 0)
    event.tunnel = event::Tunnel{.source = {packet::to_text(record.tunnel.source), record.tunnel.source_port},
                                 .dest = {packet::to_text(record.tunnel.dest), record.tunnel.dest_port},
                                 .transport = transport_name(record.tunnel.protocol),
                                 .depth = record.tunnel.depth};
  event.verdict = event::Verdict{.action = std::string(name_of(record.action)),
                                 .reason = std::string(name_of(record.reason)),
                                 .mode = std::string(name_of(record.mode)),
                                 .refused_packets = record.refused_packets};
  event.rule_generation = record.generation;
  if (record.kind == RecordKind::alert || record.kind == RecordKind::excepted) {
    event.type = record.kind == RecordKind::alert ? "alert" : "exception";
    event.matched = matched_of(record.match, payload_);
    if (record.match.has_transaction) event.transaction = record.match.transaction;
    const auto rules = rules_of(record.generation);
    if (rules != nullptr && record.match.rule < rules->rules().size())
      event.alert = alert_of(rules->rules()[record.match.rule],
                             record.mode == Mode::enforce && is_refused(record.action));
    if (const auto* const exception = exception_of(record, rules.get())) {
      event.name = exception->name;
      event.message = exception->reason;
    }
  } else if (record.kind == RecordKind::anomaly) {
    event.type = "anomaly";
    event.name = cause_of(record.reason, record.anomalies);
    if (record.conflict.size > 0) event.conflict = conflict_of(record.conflict, payload_);
  } else if (record.kind == RecordKind::flow_end) {
    event.type = "engine";
    event.name = name_of(engine_event_of(record.kind));
    event.message = fmt::format("the blocked flow is over; {} packets were refused by the engine itself",
                                record.refused_packets);
  } else {
    tell_failure(record, event);
  }
  return event;
}

/// What is not about a packet's fate: its verdict says nothing.
void Teller::tell_failure(const Record& record, event::Event& event) const {
  event.type = "engine";
  const EngineEvent what = engine_event_of(record.kind);
  event.name = name_of(what);
  if (record.kind == RecordKind::clock_jumped) {
    event = engine_event(what, fmt::format("by {} s", in_seconds(record.spent)), record.generation);
    return;
  }
  event.verdict.reset();
  const std::string rule = fmt::format("rule {}", sid_of(record).value_or(0));
  if (record.kind == RecordKind::rule_resumed)
    event.message = fmt::format("{} is tried again", rule);
  else if (record.kind == RecordKind::parser_stopped)
    event.message =
        fmt::format("the parser took {:.1f} ms and follows this flow no further", in_ms(record.spent));
  else
    event.message = fmt::format("{} took {:.1f} ms", rule, in_ms(record.spent));
}

std::optional<std::uint32_t> Teller::sid_of(const Record& record) const {
  const auto rules = rules_of(record.generation);
  if (rules == nullptr || record.match.rule >= rules->rules().size()) return std::nullopt;
  return rules->rules()[record.match.rule].sid;
}

}  // namespace bansoko::engine
