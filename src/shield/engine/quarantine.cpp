// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/quarantine.h"

#include <array>
#include <utility>

namespace bansoko::engine {
namespace {

using packet::Address;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr auto kNames =
    std::to_array<std::string_view>({"none", "done", "observed", "unproven", "exempt", "full", "failed"});
static_assert(kNames.size() == kIsolations);

}  // namespace

std::string_view name_of(Isolation isolation) noexcept { return kNames[static_cast<std::size_t>(isolation)]; }

Isolation decide(const IsolationFacts& facts, bool require_handshake, Mode mode) noexcept {
  if (!facts.wanted) return Isolation::none;
  if (facts.exempt) return Isolation::exempt;
  if (require_handshake && !facts.proven) return Isolation::unproven;
  if (facts.full) return Isolation::full;
  return mode == Mode::observe ? Isolation::observed : Isolation::done;
}

bool is_nobody(const Address& address) noexcept {
  constexpr std::uint8_t kFirstMulticast = 224;
  constexpr std::uint8_t kLoopback = 127;
  if (address.is_v4()) {
    const std::uint8_t first = address.bytes[12];
    return first == 0 || first == kLoopback || first >= kFirstMulticast;
  }
  constexpr Address kLoopback6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  return address == Address{} || address == kLoopback6 || address.bytes[0] == 0xff;
}

Quarantine::Quarantine(const ShieldSettings& settings, Gate gate)
    : settings_(settings.recon),
      confined_for_(settings.infection.quarantine_time),
      mode_(settings.mode),
      except_(detector_settings(settings.recon, settings.variables).except),
      gate_(std::move(gate)) {}

Isolation Quarantine::consider(const recon::Finding& finding) {
  const std::scoped_lock lock(mutex_);
  const Address& source = finding.last.source;
  const nanoseconds now = finding.last.time;
  forget_past(now);
  Isolation isolation = decide({.wanted = settings_.action == ReconAction::quarantine,
                                .exempt = is_exempt(source),
                                .proven = finding.proven,
                                .full = is_full_for({source, Shut::all})},
                               settings_.require_handshake, mode_);
  if (isolation == Isolation::done &&
      !hold({source, Shut::all}, std::string(recon::name_of(finding.shape)), now))
    isolation = Isolation::failed;
  counts_[static_cast<std::size_t>(isolation)].add();
  return isolation;
}

Isolation Quarantine::confine(const Address& host, bool proven, nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  forget_past(now);
  const Key key{host, Shut::egress};
  Isolation isolation = decide({.wanted = true,
                                .exempt = is_nobody(host) || except_.contains(host),
                                .proven = proven,
                                .full = is_full_for(key)},
                               settings_.require_handshake, mode_);
  if (isolation == Isolation::done && !hold(key, "host.infected", now)) isolation = Isolation::failed;
  counts_[static_cast<std::size_t>(isolation)].add();
  return isolation;
}

Result<> Quarantine::add(const Address& address, nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  forget_past(now);
  if (mode_ == Mode::observe) return fail(Errc::denied, "mode observe: nobody is shut out");
  if (is_exempt(address))
    return fail(Errc::denied, "{} is an exception, our own, or no host's", packet::to_text(address));
  if (is_full_for({address, Shut::all}))
    return fail(Errc::limit, "{} addresses are shut out, and max_quarantined allows no more", held_.size());
  return hold({address, Shut::all}, "by hand", now);
}

Result<> Quarantine::release(const Address& address, nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  forget_past(now);
  bool any = false;
  for (const Shut shut : {Shut::all, Shut::egress}) {
    const auto held = held_.find({address, shut});
    if (held == held_.end()) continue;
    // Errc::unsupported: the kernel has let it in already, its time was up.
    if (gate_.let_in)
      if (auto done = gate_.let_in(address, shut); !done && done.error().code != Errc::unsupported)
        return done;
    held_.erase(held);
    any = true;
  }
  if (!any) return fail(Errc::not_found, "{} is not shut out", packet::to_text(address));
  return {};
}

std::vector<Quarantined> Quarantine::list(nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  forget_past(now);
  std::vector<Quarantined> all;
  for (const auto& [key, held] : held_) all.push_back({key.first, held.why, held.until});
  return all;
}

Result<> Quarantine::restore(nanoseconds now) {
  const std::scoped_lock lock(mutex_);
  forget_past(now);
  if (!gate_.shut_out) return {};
  for (const auto& [key, held] : held_)
    BANSOKO_CHECK(gate_.shut_out(key.first, key.second, std::chrono::ceil<seconds>(held.until - now)));
  return {};
}

bool Quarantine::is_exempt(const Address& address) const {
  return is_nobody(address) || except_.contains(address) || (gate_.is_ours && gate_.is_ours(address));
}

void Quarantine::forget_past(nanoseconds now) {
  std::erase_if(held_, [now](const auto& one) { return one.second.until <= now; });
}

bool Quarantine::is_full_for(const Key& key) const {
  return held_.size() >= settings_.max_quarantined && !held_.contains(key);
}

Result<> Quarantine::hold(const Key& key, std::string why, nanoseconds now) {
  // One that is shut out stays so until its time is up: the kernel does not lengthen it.
  if (held_.contains(key)) return {};
  const seconds time = key.second == Shut::egress ? confined_for_ : settings_.quarantine_time;
  if (gate_.shut_out) BANSOKO_CHECK(gate_.shut_out(key.first, key.second, time));
  held_[key] = {std::move(why), now + time};
  return {};
}

}  // namespace bansoko::engine
