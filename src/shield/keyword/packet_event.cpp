// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/packet_event.h"

#include <algorithm>
#include <optional>
#include <string>

namespace bansoko::keyword {
namespace {

using packet::Anomaly;

std::optional<std::size_t> own_anomaly(std::string_view name) {
  for (std::size_t i = 0; i < packet::kAnomalyCount; ++i)
    if (packet::name_of(static_cast<Anomaly>(i)) == name) return i;
  return std::nullopt;
}

}  // namespace

Result<> add_event(std::string_view name, std::string_view prefix, std::span<const PacketEvent> table,
                   bool (*holds)(const detect::EvalContext&, const detect::CheckNumbers&) noexcept,
                   detect::RuleBuilder& rule) {
  const auto row = std::ranges::find(table, name, &PacketEvent::name);
  auto index = static_cast<std::size_t>(row - table.begin());
  if (row == table.end()) {
    const auto own = own_anomaly(std::string(prefix).append(name));
    if (!own) return fail(Errc::invalid, "'{}' is not an event that is noticed here", name);
    index = table.size() + *own;
  }
  rule.add_check({.holds = holds, .numbers = {index}});
  rule.about_anomaly();
  return {};
}

bool was_raised(const packet::Packet& packet, std::span<const PacketEvent> table,
                const detect::CheckNumbers& numbers) noexcept {
  const packet::AnomalySet own = packet.anomalies.without(packet.inherited);
  const std::size_t index = numbers[0];
  if (index >= table.size()) return own.has(static_cast<Anomaly>(index - table.size()));
  const PacketEvent& event = table[index];
  return own.has_any_of(event.any_of) && (event.also == nullptr || event.also(packet));
}

}  // namespace bansoko::keyword
