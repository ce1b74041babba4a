// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/infection.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "shield/engine/judge.h"
#include "shield/engine/kill_switch.h"
#include "shield/engine/lookout.h"
#include "shield/engine/patch_rules.h"

namespace bansoko::engine {
namespace {

using packet::Address;
using std::chrono::nanoseconds;

struct SignWords {
  std::string_view name;
  std::string_view signature;
  std::string_view message;  // behind the host's address
};
constexpr std::array<SignWords, kInfectionSigns> kSigns{
    {{"exploit", "HOST INFECTED it sends an exploit", "sent what a virtual patch refuses"},
     {"answer", "HOST INFECTED it answers as a backdoor does", "answered as only an infected host does"},
     {"fan_out", "HOST INFECTED it spreads like a worm", "tried more hosts than anybody but a worm"},
     {"kill_switch", "HOST INFECTED it asks for a kill-switch domain",
      "asked for a domain that ends malware"}}};

/// The end that a rule names by `metadata:shows infected_server` or `infected_client`.
const event::Endpoint* shown_by_rule(const event::Event& told) {
  const bool from_client = told.direction == "to_server";
  for (const auto& [key, value] : told.alert->metadata) {
    if (key != "shows") continue;
    if (value == "infected_client") return from_client ? &told.source : &told.dest;
    if (value == "infected_server") return from_client ? &told.dest : &told.source;
  }
  return nullptr;
}

/// What whoever began the conversation does shows something about him; what is answered may be his doing too.
std::optional<InfectionSign> shown_by_source(const event::Event& told) {
  const event::Alert& alert = *told.alert;
  if (alert.gid == kReconGid)
    return alert.signature_id == static_cast<std::uint32_t>(recon::Shape::fan_out) + 1
               ? std::optional(InfectionSign::fan_out)
               : std::nullopt;
  if (told.direction != "to_server") return std::nullopt;
  if (alert.gid == kInfectionGid) return InfectionSign::kill_switch;
  const bool is_refused = told.verdict && told.verdict->reason == name_of(Reason::rule);
  if (is_of_patch(alert.gid, alert.signature_id) && is_refused) return InfectionSign::exploit;
  return std::nullopt;
}

recon::KeyedTable<nanoseconds>::Key key_of(const Suspicion& suspicion) noexcept {
  recon::KeyedTable<nanoseconds>::Key key{};
  std::memcpy(key.data(), suspicion.host.bytes.data(), suspicion.host.bytes.size());
  key.back() = static_cast<std::uint64_t>(suspicion.sign);
  return key;
}

}  // namespace

std::string_view name_of(InfectionSign sign) noexcept { return kSigns[static_cast<std::size_t>(sign)].name; }

std::optional<Suspicion> suspicion_of(const event::Event& told) {
  if (told.type != "alert" || !told.alert || told.infected) return std::nullopt;
  auto sign = std::optional(InfectionSign::answer);
  const event::Endpoint* end = shown_by_rule(told);
  if (end == nullptr) {
    end = &told.source;
    sign = shown_by_source(told);
  }
  if (!sign) return std::nullopt;
  const auto host = packet::parse_address(end->address);
  return host ? std::optional(Suspicion{*sign, *host}) : std::nullopt;
}

InfectionWatch::InfectionWatch(const ShieldSettings& settings, Quarantine& quarantine, std::uint64_t seed)
    : settings_(settings.infection),
      mode_(settings.mode),
      except_(address_set(settings.infection.except, settings.variables)
                  .value_or(rule::AddressSet(std::vector<rule::AddressSet::Range>{}))),
      our_hosts_(settings),
      quarantine_(quarantine),
      told_(settings.infection.max_tracked, seed) {}

void InfectionWatch::know_home(const ShieldSettings& settings) {
  OurHosts hosts(settings);
  const std::scoped_lock lock(home_mutex_);
  our_hosts_ = std::move(hosts);
}

std::optional<event::Event> InfectionWatch::look(const event::Event& told, bool proven) {
  const auto suspicion = suspicion_of(told);
  const auto now = std::chrono::duration_cast<nanoseconds>(told.time.time_since_epoch());
  if (!suspicion || except_.contains(suspicion->host) || !is_ours(*suspicion) || !is_news(*suspicion, now))
    return std::nullopt;
  counts_[static_cast<std::size_t>(suspicion->sign)].add();
  // Kept from the domain, the malware would go on.
  const bool wanted =
      settings_.quarantine == InfectionQuarantine::egress && suspicion->sign != InfectionSign::kill_switch;
  const Isolation isolation = wanted ? quarantine_.confine(suspicion->host, proven, now) : Isolation::none;
  return event_of(*suspicion, told, isolation);
}

/// Where nobody can say who is ours, an attack may be anybody's against us, and an answer is ours.
bool InfectionWatch::is_ours(const Suspicion& suspicion) {
  const std::scoped_lock lock(home_mutex_);
  if (our_hosts_.are_known()) return our_hosts_.contains(suspicion.host);
  return suspicion.sign == InfectionSign::answer || suspicion.sign == InfectionSign::kill_switch;
}

bool InfectionWatch::is_news(const Suspicion& suspicion, nanoseconds now) {
  const auto is_past = [&](nanoseconds when) { return now - when >= settings_.repeat; };
  const std::size_t before = told_.find(key_of(suspicion));
  if (before != told_.kNone && !is_past(told_[before])) return false;
  const std::size_t index =
      told_.claim(key_of(suspicion), [&](nanoseconds when) { return is_past(when) ? nanoseconds{} : when; });
  told_[index] = now;
  return true;
}

event::Event InfectionWatch::event_of(const Suspicion& suspicion, const event::Event& told,
                                      Isolation isolation) const {
  const SignWords& words = kSigns[static_cast<std::size_t>(suspicion.sign)];
  const bool confined = isolation == Isolation::done || isolation == Isolation::observed;
  event::Event event = told;
  event.id += "-infected";
  event.name = "host.infected";
  event.message =
      fmt::format("{} {}: {}", packet::to_text(suspicion.host), words.message, told.alert->signature);
  event.alert = event::Alert{.action = isolation == Isolation::done ? "blocked" : "allowed",
                             .gid = kInfectionGid,
                             .signature_id = static_cast<std::uint32_t>(suspicion.sign) + 1,
                             .rev = 1,
                             .signature = std::string(words.signature),
                             .category = "A Network Trojan was detected",
                             .severity = 1,
                             .references = told.alert->references,
                             .metadata = {}};
  event.verdict = event::Verdict{.action = confined ? "quarantine" : "accept",
                                 .reason = std::string(kInfectionReason),
                                 .mode = std::string(name_of(mode_)),
                                 .refused_packets = 0};
  event.infected = event::Infected{.host = packet::to_text(suspicion.host),
                                   .kind = std::string(name_of(suspicion.sign)),
                                   .sid = told.alert->signature_id,
                                   .quarantine = std::string(name_of(isolation))};
  event.matched.reset();
  event.recon.reset();
  return event;
}

void InfectionWatch::add_to(Totals& totals) const {
  for (std::size_t i = 0; i < kInfectionSigns; ++i)
    if (const std::uint64_t count = counts_[i].value(); count != 0)
      totals.infected[std::string(name_of(static_cast<InfectionSign>(i)))] += count;
  if (told_.given_up() != 0) totals.limits["infection_tracked"] += told_.given_up();
}

}  // namespace bansoko::engine
