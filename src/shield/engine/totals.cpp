// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/totals.h"

#include <cstddef>

#include <fmt/core.h>

namespace bansoko::engine {
namespace {

void add(Named& into, std::string_view name, std::uint64_t amount) {
  if (amount != 0) into[std::string(name)] += amount;
}

void add_limits(Named& limits, const Worker& worker) {
  const Pipeline& pipeline = worker.pipeline();
  const capture::Counters captured = worker.captured();
  add(limits, "capture_lost", captured.lost);
  add(limits, "capture_truncated", captured.truncated);
  add(limits, "capture_errors", captured.errors);
  add(limits, "events_lost", pipeline.counters().events_lost.value());
  add(limits, "recon_lost", pipeline.counters().attempts_lost.value());
  add(limits, "claims_full", pipeline.claims().full.value());
  add(limits, "claims_many", pipeline.claims().many.value());
  add(limits, "claims_lost", pipeline.claims().lost.value());
  add(limits, "evidence_lost", pipeline.evidence_lost());
  add(limits, "flows_refused", pipeline.flows().refused.value());
  add(limits, "flows_evicted", pipeline.flows().evicted.value());
  add(limits, "expected_flows", pipeline.expected_forgotten().value());
  add(limits, "fragments", pipeline.fragments().limit_reached.value());
  add(limits, "tunnels",
      pipeline.counters().anomalies[static_cast<std::size_t>(packet::Anomaly::tunnel_too_deep)].value());
  add(limits, "stream_memory", pipeline.streams().memory_limit.value());
  add(limits, "stream_segments", pipeline.streams().segment_limit.value());
  const detect::InspectorCounters& inspection = pipeline.inspection();
  add(limits, "pcre", inspection.pcre_limit.value());
  add(limits, "steps", inspection.step_limit.value());
  add(limits, "matches", inspection.match_limit.value());
  add(limits, "candidates", inspection.candidate_limit.value());
  add(limits, "transforms", inspection.transform_limit.value());
  add(limits, "transactions", inspection.transaction_limit.value());
  add(limits, "tracked", inspection.tracked_limit.value());
  add(limits, "xbits", inspection.mark_limit.value());
  add(limits, "slow_rules", inspection.slow_rules.value());
  add(limits, "suspended_rules", inspection.suspended.value());
  add(limits, "slow_parsers", pipeline.counters().slow_parsers.value());
  add(limits, "clock_jumps", pipeline.counters().clock_jumps.value());
}

void add_applications(Totals& totals, const Pipeline& pipeline,
                      std::span<const proto::Protocol* const> protocols) {
  for (std::size_t i = 0; i < protocols.size(); ++i) {
    const std::string_view name = protocols[i]->name;
    const ApplicationCounters& seen = pipeline.applications()[i];
    add(totals.transactions, name, seen.transactions.value());
    add(totals.limits, fmt::format("{}_parsers", name), seen.without_parser.value());
    add(totals.anomalies, fmt::format("{}.malformed", name), seen.malformed.value());
    for (std::size_t k = 0; k < seen.anomalies.size(); ++k)
      add(totals.anomalies, protocols[i]->anomalies[k], seen.anomalies[k].value());
  }
}

}  // namespace

void add(Totals& totals, const Worker& worker, std::span<const proto::Protocol* const> protocols) {
  const Pipeline& pipeline = worker.pipeline();
  const PipelineCounters& counters = pipeline.counters();
  totals.packets += counters.packets.value();
  totals.bytes += counters.bytes.value();
  totals.tunnelled += counters.tunnelled.value();
  totals.refused_packets += counters.refused_packets.value();
  totals.alerts += counters.alerts.value();
  totals.flows += pipeline.flows().created.value();
  totals.active_flows += pipeline.flows().active.value();
  totals.streams += pipeline.streams().sessions.value();
  totals.stream_bytes += pipeline.streams().delivered_bytes.value();
  totals.sealed_bytes += pipeline.inspection().sealed_bytes.value();
  totals.candidates += pipeline.inspection().candidates.value();
  totals.matches += pipeline.inspection().matches.value();
  for (std::size_t i = 0; i < counters.told.size(); ++i) {
    add(totals.verdicts, name_of(static_cast<packet::Action>(i)), counters.told[i].value());
    add(totals.enforced, name_of(static_cast<packet::Action>(i)), counters.enforced[i].value());
  }
  for (std::size_t i = 0; i < kReasonCount; ++i)
    add(totals.reasons, name_of(static_cast<Reason>(i)), counters.reasons[i].value());
  for (std::size_t i = 0; i < packet::kAnomalyCount; ++i)
    add(totals.anomalies, packet::name_of(static_cast<packet::Anomaly>(i)), counters.anomalies[i].value());
  for (const detect::InspectedBuffer& buffer : pipeline.inspected())
    add(totals.inspected,
        fmt::format("{} {}", buffer.name, buffer.side == flow::Side::client ? "to_server" : "to_client"),
        buffer.bytes.value());
  add_limits(totals.limits, worker);
  add_applications(totals, pipeline, protocols);
}

bool limits_reached(const Totals& totals) noexcept { return !totals.limits.empty(); }

}  // namespace bansoko::engine
