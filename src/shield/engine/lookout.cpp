// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/lookout.h"

#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "shield/engine/judge.h"
#include "shield/engine/our_hosts.h"
#include "shield/engine/teller.h"

namespace bansoko::engine {
namespace {

using recon::Finding;
using recon::Shape;
using std::chrono::system_clock;

/// What an alert says of one shape; categories are those of the built-in classification.
struct Words {
  std::string_view signature;
  std::string_view category;
  std::uint32_t severity;
};
constexpr std::array<Words, recon::kShapes> kWords{
    {{"RECON port scan of one host", "Detection of a Network Scan", 3},
     {"RECON scan of many hosts for one port", "Detection of a Network Scan", 3},
     {"RECON worm-like fan-out to many hosts", "A Network Trojan was detected", 1}}};

/// The ports of fan_out and detail of `message`.
std::string message_of(const Finding& finding) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(finding.window).count();
  const std::string transport = transport_name(finding.last.protocol);
  std::string text;
  if (finding.shape == Shape::port_scan)
    text = fmt::format("{} or more ports of {} refused or did not answer within {} s", finding.count,
                       packet::to_text(finding.hosts[0]), seconds);
  else if (finding.shape == Shape::host_scan)
    text = fmt::format("{} or more hosts refused or did not answer on {} port {} within {} s", finding.count,
                       transport, finding.ports[0], seconds);
  else
    text = fmt::format("{} or more hosts were tried on {} port {} within {} s", finding.count, transport,
                       finding.ports[0], seconds);
  if (finding.again) text += "; told before, and now it is known that the source is not forged";
  return text;
}

std::string_view direction_of(const rule::AddressSet& home, const recon::Attempt& attempt) {
  if (home.is_any()) return "";  // then nobody has said what is ours
  const bool from_us = home.contains(attempt.source);
  const bool to_us = home.contains(attempt.dest);
  if (from_us) return to_us ? "internal" : "outbound";
  return to_us ? "inbound" : "external";
}

event::Recon recon_of(const Finding& finding, std::string_view direction, Isolation isolation) {
  event::Recon recon;
  recon.direction = direction;
  recon.count = finding.count;
  recon.window =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(finding.window).count());
  recon.quarantine = name_of(isolation);
  const bool of_one_host = finding.shape == Shape::port_scan;
  const std::size_t hosts = of_one_host ? 1 : finding.examples;
  const std::size_t ports = of_one_host ? finding.examples : 1;
  for (std::size_t i = 0; i < hosts; ++i) recon.hosts.push_back(packet::to_text(finding.hosts[i]));
  recon.ports.assign(finding.ports.begin(), finding.ports.begin() + static_cast<std::ptrdiff_t>(ports));
  return recon;
}

}  // namespace

Lookout::Lookout(const ShieldSettings& settings, Quarantine::Gate gate, std::uint64_t seed)
    : settings_(settings.recon),
      mode_(settings.mode),
      detector_settings_(detector_settings(settings.recon, settings.variables)),
      home_(home_net(settings)),
      detector_(detector_settings_, seed),
      quarantine_(settings, std::move(gate)) {}

void Lookout::know_home(const ShieldSettings& settings) {
  rule::AddressSet home = home_net(settings);
  const std::scoped_lock lock(home_mutex_);
  home_ = std::move(home);
}

bool Lookout::take(Ring<recon::Attempt>& attempts, std::uint64_t generation, const Tell& tell) {
  recon::Attempt attempt;
  std::size_t taken = 0;
  for (; taken < attempts.capacity() && attempts.take(attempt); ++taken) {
    findings_.clear();
    detector_.take(attempt, findings_);
    for (const Finding& finding : findings_)
      tell(event_of(finding, quarantine_.consider(finding), generation), finding.proven);
  }
  return taken != 0;
}

void Lookout::begin_again() { detector_.forget(); }

void Lookout::add_to(Totals& totals) const {
  const auto add = [](Named& into, std::string name, std::uint64_t amount) {
    if (amount != 0) into[std::move(name)] += amount;
  };
  for (std::size_t i = 0; i < recon::kShapes; ++i)
    add(totals.recon, std::string(recon::name_of(static_cast<Shape>(i)).substr(6)),
        detector_.counters().findings[i].value());
  add(totals.recon, "attempts", detector_.counters().attempts.value());
  add(totals.recon, "failed", detector_.counters().failed.value());
  for (std::size_t i = 1; i < kIsolations; ++i)
    add(totals.recon, fmt::format("quarantine_{}", name_of(static_cast<Isolation>(i))),
        quarantine_.count_of(static_cast<Isolation>(i)));
  add(totals.limits, "recon_tracked", detector_.given_up());
  add(totals.limits, "recon_quarantined", quarantine_.count_of(Isolation::full));
}

event::Event Lookout::event_of(const Finding& finding, Isolation isolation, std::uint64_t generation) {
  const auto time =
      system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(finding.last.time));
  const Words& words = kWords[static_cast<std::size_t>(finding.shape)];
  const bool shut_out = isolation == Isolation::done || isolation == Isolation::observed;
  event::Event event;
  event.type = "alert";
  event.time = time;
  event.id = fmt::format("{:%Y%m%d-%H%M%S}-r{}-{:x}", fmt::gmtime(system_clock::to_time_t(time)), ++told_,
                         static_cast<std::uint64_t>(finding.last.time.count()) & 0xffffffffU);
  event.flow_id = finding.last.flow_id;
  event.source = {packet::to_text(finding.last.source), finding.last.source_port};
  event.dest = {packet::to_text(finding.last.dest), finding.last.dest_port};
  event.transport = transport_name(finding.last.protocol);
  event.name = recon::name_of(finding.shape);
  event.message = message_of(finding);
  event.alert = event::Alert{.action = isolation == Isolation::done ? "blocked" : "allowed",
                             .gid = kReconGid,
                             .signature_id = static_cast<std::uint32_t>(finding.shape) + 1,
                             .rev = 1,
                             .signature = std::string(words.signature),
                             .category = std::string(words.category),
                             .severity = words.severity,
                             .references = {},
                             .metadata = {}};
  event.verdict =
      event::Verdict{.action = std::string(shut_out ? kReconAction : name_of(packet::Action::accept)),
                     .reason = std::string(kReconReason),
                     .mode = std::string(name_of(mode_)),
                     .refused_packets = 0};
  event.rule_generation = generation;
  const std::scoped_lock lock(home_mutex_);
  event.recon = recon_of(finding, direction_of(home_, finding.last), isolation);
  return event;
}

}  // namespace bansoko::engine
