// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "shield/detect/rule_builder.h"
#include "shield/packet/packet.h"

/// What rules about anomalies of packets (`decode-event`, `stream-event`) have in common.
namespace bansoko::keyword {

/// An event of Suricata's, and when we notice the same: the packet has any of the anomalies, and what else
/// must be so of it.
struct PacketEvent {
  std::string_view name;
  packet::AnomalySet any_of;
  bool (*also)(const packet::Packet& packet) noexcept = nullptr;
};

/// Adds a check for the event called `name`, of the table or an anomaly of our own: `prefix` and the name.
Result<> add_event(std::string_view name, std::string_view prefix, std::span<const PacketEvent> table,
                   bool (*holds)(const detect::EvalContext&, const detect::CheckNumbers&) noexcept,
                   detect::RuleBuilder& rule);

/// What such a check asks: its first number is an index into the table, or behind it an anomaly.
bool was_raised(const packet::Packet& packet, std::span<const PacketEvent> table,
                const detect::CheckNumbers& numbers) noexcept;

}  // namespace bansoko::keyword
