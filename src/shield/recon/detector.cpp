// SPDX-License-Identifier: Apache-2.0
#include "shield/recon/detector.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace bansoko::recon {
namespace {

using packet::Address;
using std::chrono::nanoseconds;
using Key = KeyedTable<int>::Key;

constexpr nanoseconds kFanOutWindow = std::chrono::minutes(1);
constexpr auto kNames =
    std::to_array<std::string_view>({"recon.port_scan", "recon.host_scan", "recon.fan_out"});
static_assert(kNames.size() == kShapes);

std::array<std::uint64_t, 2> words_of(const Address& address) noexcept {
  return std::bit_cast<std::array<std::uint64_t, 2>>(address.bytes);
}

Key key_of(const Address& source) noexcept {
  const auto from = words_of(source);
  return {from[0], from[1], 0, 0, 0};
}
Key key_with_host(const Attempt& attempt) noexcept {
  const auto from = words_of(attempt.source);
  const auto to = words_of(attempt.dest);
  return {from[0], from[1], to[0], to[1], 0};
}
Key key_with_port(const Attempt& attempt) noexcept {
  const auto from = words_of(attempt.source);
  return {from[0], from[1], 0, 0, std::uint64_t{attempt.protocol} << 16U | attempt.dest_port};
}
Port port_of(const Attempt& attempt) noexcept { return {attempt.dest_port, attempt.protocol}; }

// One seed, four tables: what collides in one tells nothing about the others.
constexpr std::uint64_t kPortsKey = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kHostsKey = 0xbf58476d1ce4e5b9;
constexpr std::uint64_t kFanOutKey = 0x94d049bb133111eb;

}  // namespace

std::string_view name_of(Shape shape) noexcept { return kNames[static_cast<std::size_t>(shape)]; }

Detector::Detector(const Settings& settings, std::uint64_t seed)
    : settings_(settings),
      ports_(settings.max_tracked, settings.port_scan, settings.window, true, seed ^ kPortsKey),
      hosts_(settings.max_tracked, settings.host_scan, settings.window, true, seed ^ kHostsKey),
      fan_out_(settings.max_tracked, settings.fan_out, kFanOutWindow, false, seed ^ kFanOutKey),
      sources_(settings.max_tracked, seed) {}

std::uint64_t Detector::given_up() const noexcept {
  return ports_.given_up() + hosts_.given_up() + fan_out_.given_up() + sources_.given_up();
}

void Detector::take(const Attempt& attempt, std::vector<Finding>& findings) {
  // A clock that was set back would make the window as long as the way back.
  if (attempt.time < now_ - settings_.window) forget();
  now_ = std::max(now_, attempt.time);
  counters_.attempts.add();
  if (settings_.except.contains(attempt.source)) return;
  if (attempt.outcome == Outcome::failed) {
    counters_.failed.add();
    if (ports_.add(key_with_host(attempt), port_of(attempt), now_)) find(port_scan(attempt), findings);
    if (hosts_.add(key_with_port(attempt), attempt.dest, now_))
      find(hosts_of(Shape::host_scan, attempt), findings);
  } else {
    ports_.oppose(key_with_host(attempt), port_of(attempt), now_);
    hosts_.oppose(key_with_port(attempt), attempt.dest, now_);
  }
  if (attempt.outcome == Outcome::proven) note_proof(attempt, findings);
  if (is_fan_out_port(attempt) && fan_out_.add(key_with_port(attempt), attempt.dest, now_))
    find(hosts_of(Shape::fan_out, attempt), findings);
}

void Detector::forget() noexcept {
  ports_.clear();
  hosts_.clear();
  fan_out_.clear();
  sources_.clear();
  now_ = {};
}

bool Detector::is_fan_out_port(const Attempt& attempt) const noexcept {
  return std::ranges::find(settings_.fan_out_ports, port_of(attempt)) != settings_.fan_out_ports.end();
}

bool Detector::lies_within(nanoseconds time) const noexcept {
  return time.count() != 0 && now_ - time < settings_.window;
}

/// A source that was told is kept before one of which only a handshake is known.
Detector::Source& Detector::source_of(const Address& address) noexcept {
  const std::size_t index = sources_.claim(key_of(address), [this](const Source& source) {
    using Weight = std::pair<int, std::int64_t>;
    if (!lies_within(source.used)) return Weight{};
    const bool told =
        std::ranges::any_of(source.told, [this](nanoseconds time) { return lies_within(time); });
    return Weight{told ? 2 : 1, source.used.count()};
  });
  sources_[index].used = now_;
  return sources_[index];
}

void Detector::note_proof(const Attempt& attempt, std::vector<Finding>& findings) {
  Source& source = source_of(attempt.source);
  source.proven = now_;
  if (!std::exchange(source.waits_for_proof, false)) return;
  if (!lies_within(source.told[static_cast<std::size_t>(source.unproven.shape)])) return;
  Finding finding = source.unproven;
  finding.last = attempt;
  finding.proven = finding.again = true;
  findings.push_back(finding);
}

void Detector::find(Finding finding, std::vector<Finding>& findings) {
  Source& source = source_of(finding.last.source);
  nanoseconds& told = source.told[static_cast<std::size_t>(finding.shape)];
  if (lies_within(told)) return;
  told = now_;
  finding.proven = lies_within(source.proven);
  if (!finding.proven && settings_.tell_proof) {
    source.unproven = finding;
    source.waits_for_proof = true;
  }
  counters_.findings[static_cast<std::size_t>(finding.shape)].add();
  findings.push_back(finding);
}

Finding Detector::port_scan(const Attempt& last) noexcept {
  Finding finding{.shape = Shape::port_scan, .last = last, .count = settings_.port_scan};
  finding.window = settings_.window;
  finding.hosts[0] = last.dest;
  for (const Seen<Port>& seen : ports_.of(key_with_host(last)))
    if (finding.examples < Finding::kExamples) finding.ports[finding.examples++] = seen.what.number;
  return finding;
}

Finding Detector::hosts_of(Shape shape, const Attempt& last) noexcept {
  const bool scan = shape == Shape::host_scan;
  Finding finding{.shape = shape, .last = last, .count = scan ? settings_.host_scan : settings_.fan_out};
  finding.window = scan ? settings_.window : kFanOutWindow;
  finding.ports[0] = last.dest_port;
  for (const Seen<Address>& seen : (scan ? hosts_ : fan_out_).of(key_with_port(last)))
    if (finding.examples < Finding::kExamples) finding.hosts[finding.examples++] = seen.what;
  return finding;
}

}  // namespace bansoko::recon
