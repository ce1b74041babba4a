// SPDX-License-Identifier: Apache-2.0
// The two forms of a replay's summary.
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "shield/engine/replay.h"

namespace bansoko::engine {
namespace {

constexpr double kGiga = 1e9;

double seconds(const ReplaySummary& summary) { return static_cast<double>(summary.spent.count()) / kGiga; }

double gigabits_per_second(const ReplaySummary& summary) {
  const double spent = seconds(summary);
  return spent > 0 ? static_cast<double>(summary.totals.bytes) * 8 / spent / kGiga : 0;
}

class Table {
 public:
  void line(std::string_view name, std::uint64_t value) {
    text_ += fmt::format("{:<34}{:>16}\n", name, value);
  }
  void section(std::string_view title, const Named& counts) {
    if (counts.empty()) return;
    text_ += fmt::format("\n{}\n", title);
    for (const auto& [name, count] : counts) line(fmt::format("  {}", name), count);
  }
  void text(std::string_view more) { text_ += more; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string to_table(const ReplaySummary& summary) {
  const Totals& totals = summary.totals;
  Table table;
  table.line("captures", summary.captures);
  table.line("packets", totals.packets);
  table.line("bytes", totals.bytes);
  if (totals.tunnelled != 0) table.line("packets inside tunnels", totals.tunnelled);
  table.line("flows", totals.flows);
  table.line("TCP streams", totals.streams);
  table.line("stream bytes in order", totals.stream_bytes);
  if (totals.sealed_bytes != 0) table.line("stream bytes encrypted", totals.sealed_bytes);
  table.line("alerts", totals.alerts);
  table.line("packets refused in blocked flows", totals.refused_packets);
  table.section("transactions", totals.transactions);
  table.section("verdicts given", totals.verdicts);
  if (totals.verdicts != totals.enforced) table.section("verdicts in mode enforce", totals.enforced);
  table.section("reasons", totals.reasons);
  table.section("anomalies", totals.anomalies);
  table.section("reconnaissance", totals.recon);
  table.section("infected hosts", totals.infected);
  table.section("limits reached", totals.limits);
  table.section("bytes searched for patterns", totals.inspected);
  if (!summary.rules.empty()) table.text("\nalerts by rule\n");
  for (const auto& [key, tally] : summary.rules)
    table.text(fmt::format("  {:>10}  {}:{} {}\n", tally.alerts, key.first, key.second, tally.message));
  table.text(fmt::format("\n{:.3f} s, {:.3f} Gbit/s\n", seconds(summary), gigabits_per_second(summary)));
  return table.take();
}

std::string to_json(const ReplaySummary& summary) {
  const Totals& totals = summary.totals;
  nlohmann::json rules = nlohmann::json::array();
  for (const auto& [key, tally] : summary.rules)
    rules.push_back(
        {{"gid", key.first}, {"sid", key.second}, {"msg", tally.message}, {"alerts", tally.alerts}});
  const nlohmann::json json{{"captures", summary.captures},
                            {"failures", summary.failures},
                            {"packets", totals.packets},
                            {"bytes", totals.bytes},
                            {"tunnelled_packets", totals.tunnelled},
                            {"flows", totals.flows},
                            {"streams", totals.streams},
                            {"stream_bytes", totals.stream_bytes},
                            {"sealed_bytes", totals.sealed_bytes},
                            {"inspected_bytes", totals.inspected},
                            {"candidates", totals.candidates},
                            {"matches", totals.matches},
                            {"alerts", totals.alerts},
                            {"refused_packets", totals.refused_packets},
                            {"transactions", totals.transactions},
                            {"verdicts", totals.verdicts},
                            {"enforced", totals.enforced},
                            {"reasons", totals.reasons},
                            {"anomalies", totals.anomalies},
                            {"recon", totals.recon},
                            {"infected", totals.infected},
                            {"limits", totals.limits},
                            {"rules", std::move(rules)},
                            {"seconds", seconds(summary)},
                            {"gigabits_per_second", gigabits_per_second(summary)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace bansoko::engine
