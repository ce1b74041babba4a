// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/status.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bansoko::engine {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes kLately{10};

constexpr std::string_view name_of_health(Health health) noexcept {
  if (health == Health::ok) return "ok";
  return health == Health::warning ? "warning" : "critical";
}

void flatten(const json& value, const std::string& name, std::string& text) {
  if (value.is_object()) {
    for (const auto& [key, below] : value.items())
      flatten(below, name.empty() ? key : fmt::format("{}.{}", name, key), text);
    return;
  }
  const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
  if (!shown.empty()) text += fmt::format("{:<44} {}\n", name, shown);
}

json totals_json(const Totals& totals) {
  return {{"packets", totals.packets},
          {"bytes", totals.bytes},
          {"tunnelled_packets", totals.tunnelled},
          {"refused_packets", totals.refused_packets},
          {"alerts", totals.alerts},
          {"flows", totals.flows},
          {"active_flows", totals.active_flows},
          {"streams", totals.streams},
          {"stream_bytes", totals.stream_bytes},
          {"sealed_bytes", totals.sealed_bytes},
          {"inspected_bytes", totals.inspected},
          {"transactions", totals.transactions},
          {"verdicts", totals.verdicts},
          {"enforced", totals.enforced},
          {"reasons", totals.reasons},
          {"anomalies", totals.anomalies},
          {"recon", totals.recon},
          {"infected", totals.infected},
          {"limits", totals.limits}};
}

json exceptions_json(const std::vector<ExceptionStatus>& exceptions) {
  json all = json::object();
  for (const ExceptionStatus& each : exceptions)
    all[each.name] = {
        {"about", each.about}, {"until", each.until}, {"ended", each.has_ended}, {"hits", each.hits}};
  return all;
}

}  // namespace

HealthReport check(const Status& status) {
  HealthReport report;
  const auto say = [&report](Health health, std::string reason) {
    report.health = std::max(report.health, health);
    report.reasons.push_back(std::move(reason));
  };
  if (!status.failure.empty()) say(Health::critical, "a worker has stopped: " + status.failure);
  if (!status.firewall_fault.empty())
    say(Health::critical, "the firewall tables are gone: " + status.firewall_fault);
  if (status.rules.rules == 0 && !status.rules.may_be_empty) say(Health::critical, "no rules are in force");
  if (!status.reload.ok) say(Health::critical, "the last reload failed: " + status.reload.message);
  if (!status.spool_fault.empty()) say(Health::critical, "events are being lost: " + status.spool_fault);
  if (!status.evidence_fault.empty())
    say(Health::critical, "evidence is being lost: " + status.evidence_fault);
  if (status.mode == Mode::observe) say(Health::warning, "mode observe: nothing is blocked");
  if (status.rules.refused != 0)
    say(Health::warning, fmt::format("{} faults in rules", status.rules.refused));
  if (!status.rules.need_restart.empty())
    say(Health::warning,
        fmt::format("changed settings need a restart: {}", fmt::join(status.rules.need_restart, ", ")));
  if (!status.suspended_rules.empty())
    say(Health::warning,
        fmt::format("rules suspended since they are slow: {}", fmt::join(status.suspended_rules, ", ")));
  if (status.restarts.count != 0 && status.uptime < kLately)
    say(Health::warning,
        fmt::format("started anew, {} times by now: {}", status.restarts.count, status.restarts.reason));
  for (const auto& [name, count] : status.recent_limits)
    say(Health::warning, fmt::format("limit reached lately: {} {}", name, count));
  if (status.spool_lost != 0)
    say(Health::warning, fmt::format("{} events lost by the spool", status.spool_lost));
  return report;
}

std::string to_json(const Status& status) {
  const HealthReport report = check(status);
  json answer = totals_json(status.totals);
  answer["ok"] = true;
  answer["health"] = {{"code", static_cast<int>(report.health)},
                      {"name", name_of_health(report.health)},
                      {"reasons", report.reasons}};
  answer["mode"] = name_of(status.mode);
  answer["driver"] = status.driver;
  answer["workers"] = status.workers;
  answer["uptime_seconds"] = status.uptime.count();
  answer["rules"] = {{"generation", status.rules.generation},
                     {"in_force", status.rules.rules},
                     {"refused", status.rules.refused},
                     {"files", status.rules.files}};
  answer["patches"] = {{"enforced", status.rules.patches.enforced},
                       {"observed", status.rules.patches.observed},
                       {"off", status.rules.patches.off}};
  answer["exceptions"] = exceptions_json(status.exceptions);
  answer["need_restart"] = status.rules.need_restart;
  answer["latency_ns"] = {{"p50", status.latency.p50},
                          {"p90", status.latency.p90},
                          {"p99", status.latency.p99},
                          {"max", status.latency.max}};
  answer["recent_limits"] = status.recent_limits;
  answer["spool_lost"] = status.spool_lost;
  answer["quarantined"] = status.quarantined;
  answer["quarantined_packets"] = status.quarantined_packets;
  if (!status.spool_fault.empty()) answer["spool_fault"] = status.spool_fault;
  if (!status.evidence_fault.empty()) answer["evidence_fault"] = status.evidence_fault;
  if (!status.suspended_rules.empty()) answer["suspended_rules"] = status.suspended_rules;
  if (status.restarts.count != 0)
    answer["restarts"] = {{"count", status.restarts.count}, {"reason", status.restarts.reason}};
  answer["kernel_refused_packets"] = status.kernel_refused;
  if (!status.failure.empty()) answer["failure"] = status.failure;
  if (!status.firewall_fault.empty()) answer["firewall"] = status.firewall_fault;
  if (status.reload.any)
    answer["last_reload"] = {
        {"ok", status.reload.ok}, {"time", status.reload.time}, {"message", status.reload.message}};
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string status_table(const std::string& text) {
  const json answer = json::parse(text, nullptr, false);
  std::string table;
  if (answer.is_discarded()) return "the answer cannot be read\n";
  flatten(answer, "", table);
  return table;
}

CheckResult check_answer(const std::string& text) {
  const json answer = json::parse(text, nullptr, false);
  if (!answer.is_object() || !answer.contains("health") || !answer["health"].is_object())
    return {.line = "critical: the answer cannot be read"};
  const json& health = answer["health"];
  const json code = health.value("code", json());
  if (!code.is_number_integer()) return {.line = "critical: the answer cannot be read"};
  CheckResult result{.code = std::clamp(code.get<int>(), 0, 2), .line = {}};
  result.line = name_of_health(static_cast<Health>(result.code));
  const json reasons = health.value("reasons", json::array());
  std::string_view separator = ": ";
  for (const json& reason : reasons) {
    if (!reason.is_string()) continue;
    result.line += separator;
    result.line += reason.get_ref<const std::string&>();
    separator = "; ";
  }
  return result;
}

}  // namespace bansoko::engine
