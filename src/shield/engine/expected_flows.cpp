// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/expected_flows.h"

#include <algorithm>

namespace bansoko::engine {

bool ExpectedFlows::is_for(const Entry& entry, const Entry& other) noexcept {
  return entry.is_used && entry.port == other.port && entry.listener == other.listener &&
         entry.caller == other.caller && entry.network == other.network && entry.vlan == other.vlan;
}

/// The same announced before, or else a free place, or else that of the oldest.
ExpectedFlows::Entry& ExpectedFlows::place_for(const Entry& key) noexcept {
  const auto same = std::ranges::find_if(entries_, [&key](const Entry& entry) { return is_for(entry, key); });
  if (same != entries_.end()) return *same;
  const auto stale = std::ranges::find_if(
      entries_, [&key](const Entry& entry) { return !entry.is_used || key.since - entry.since > kLifetime; });
  const auto place = stale != entries_.end() ? stale : std::ranges::min_element(entries_, {}, &Entry::since);
  if (stale == entries_.end()) forgotten_.add();
  if (!place->is_used) ++used_;
  return *place;
}

void ExpectedFlows::add(const flow::Flow& announcing, const proto::ExpectedFlow& expected,
                        std::size_t protocol) noexcept {
  const bool by_server = expected.listener == flow::Side::server;
  const flow::FlowKey& of = announcing.key;
  Entry key;
  key.listener = by_server ? of.server : of.client;
  key.caller = by_server ? of.client : of.server;
  key.network = of.network;
  key.vlan = of.vlan;
  key.port = expected.port;
  key.since = announcing.last_seen;
  Entry& entry = place_for(key);
  entry = key;
  entry.is_used = true;
  entry.protocol = protocol;
  entry.announced = expected;
  const std::size_t size = std::min(expected.label.size(), entry.label.size());
  std::copy_n(expected.label.begin(), size, entry.label.begin());
  entry.announced.label = {entry.label.data(), size};
}

std::optional<ExpectedFlows::Found> ExpectedFlows::take(const flow::Flow& flow) noexcept {
  if (used_ == 0) return {};
  Entry key;
  key.listener = flow.key.server;
  key.caller = flow.key.client;
  key.network = flow.key.network;
  key.vlan = flow.key.vlan;
  key.port = flow.key.server_port;
  const auto at = std::ranges::find_if(entries_, [&key](const Entry& entry) { return is_for(entry, key); });
  if (at == entries_.end()) return {};
  at->is_used = false;
  --used_;
  if (flow.last_seen - at->since > kLifetime) return {};
  return Found{at->protocol, at->announced};
}

}  // namespace bansoko::engine
