// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/explanation.h"

#include <string_view>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "app/bansoko/output.h"

namespace bansoko::app {
namespace {

std::string line(std::string_view name, std::string_view value) {
  return fmt::format("{:<12}{}\n", name, value);
}

std::string_view what_became(std::string_view action) {
  if (action == "block") return "the packet was dropped, and with it the rest of its flow";
  if (action == "reject")
    return "the packet was dropped, the rest of its flow refused, and both ends were told";
  if (action == "drop") return "the packet was dropped";
  if (action == "quarantine")
    return "what the source sends, or of an infected host begins, is dropped for a time";
  if (action == "release") return "the packet passed, and the rest of its flow goes by uninspected";
  return "the packet passed";
}

/// Why a source was shut out or not.
std::string_view isolation_text(std::string_view word) {
  if (word == "done") return "the source is shut out for a time";
  if (word == "observed") return "mode enforce would have shut the source out";
  if (word == "unproven")
    return "the source was not shut out: it has completed no handshake, so its address may be forged";
  if (word == "exempt") return "the source is never shut out: an exception, or one of our own addresses";
  if (word == "full") return "the source was not shut out: max_quarantined are";
  if (word == "failed") return "the source was not shut out: the firewall refused";
  return "the settings ask for this event only";
}

std::string recon_text(const event::Recon& recon) {
  const auto add = [](std::string& list, std::string_view word) {
    if (!list.empty()) list += ", ";
    list += printable(word);
  };
  std::string hosts;
  for (const std::string& host : recon.hosts) add(hosts, host);
  std::string ports;
  for (const std::uint16_t port : recon.ports) add(ports, std::to_string(port));
  std::string text;
  if (!recon.direction.empty()) text += line("direction", printable(recon.direction));
  text += line("hosts", hosts) + line("ports", ports);
  return text + line("quarantine", isolation_text(recon.quarantine));
}

std::string infected_text(const event::Infected& infected) {
  return line("host", printable(infected.host)) +
         line("sign", fmt::format("{}, by rule {}", printable(infected.kind), infected.sid)) +
         line("quarantine", isolation_text(infected.quarantine));
}

std::string verdict_text(const event::Event& event) {
  const event::Verdict& verdict = *event.verdict;
  std::string text = line("verdict", fmt::format("{} ({})", verdict.action, verdict.reason));
  if (verdict.mode == "observe" && verdict.action != "accept")
    text += line(
        "", fmt::format("mode observe: the packet passed; in mode enforce {}", what_became(verdict.action)));
  else
    text += line("", what_became(verdict.action));
  if (verdict.refused_packets != 0)
    text += line("", fmt::format("{} packets of the flow had been refused before", verdict.refused_packets));
  return text;
}

std::string rule_text(const event::Alert& alert) {
  std::string text = line("rule", fmt::format("{}:{}:{} {}", alert.gid, alert.signature_id, alert.rev,
                                              printable(alert.signature)));
  if (!alert.category.empty())
    text += line("", fmt::format("{}, severity {}", printable(alert.category), alert.severity));
  for (const std::string& reference : alert.references) text += line("", printable(reference));
  return text;
}

std::string matched_text(const event::Matched& matched) {
  std::string text = line(
      "field", matched.buffer.empty() ? "none: the rule compares numbers or headers only" : matched.buffer);
  if (matched.size == 0) return text;
  text += line("matched", fmt::format("{} bytes at offset {}", matched.size, matched.offset));
  if (!matched.bytes.empty())
    text += line("value", fmt::format("\"{}\"{}", printable(matched.bytes),
                                      matched.bytes.size() < matched.size ? " …" : ""));
  return text;
}

}  // namespace

std::string explain(const event::Event& event, const std::optional<event::Event>& flow_end) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(event.time);
  std::string text = line("event", fmt::format("{} ({})", event.id, event.type));
  text += line("time", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds)));
  if (!event.name.empty()) text += line("what", printable(event.name));
  if (!event.message.empty()) text += line("", printable(event.message));
  if (event.type == "engine" && event.flow_id == 0) return text;
  const std::string number = event.recon ? "the last: " : fmt::format("number {}: ", event.packet_number);
  text += line(event.recon ? "attempt" : "packet",
               fmt::format("{}{} {} port {} to {} port {}", number, event.transport, event.source.address,
                           event.source.port, event.dest.address, event.dest.port));
  if (event.flow_id != 0)
    text += line("flow",
                 fmt::format("{}{}{}", event.flow_id, event.direction.empty() ? "" : ", ", event.direction));
  if (!event.app_protocol.empty()) text += line("protocol", event.app_protocol);
  if (event.transaction) text += line("transaction", fmt::format("number {}", *event.transaction));
  if (event.recon) text += recon_text(*event.recon);
  if (event.infected) text += infected_text(*event.infected);
  if (event.matched) text += matched_text(*event.matched);
  if (event.alert) text += rule_text(*event.alert);
  if (event.verdict) text += verdict_text(event);
  if (flow_end) text += line("later", printable(flow_end->message));
  text += line("rules", fmt::format("generation {}", event.rule_generation));
  return text;
}

}  // namespace bansoko::app
