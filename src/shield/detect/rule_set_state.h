// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "shield/detect/always_rules.h"
#include "shield/detect/compiled_rule.h"
#include "shield/detect/hit_policy.h"
#include "shield/detect/port_groups.h"
#include "shield/detect/rule_set.h"

namespace bansoko::detect {

/// The prefilter of one protocol's buffer, as it is or after a chain of transforms.
struct BufferGroup {
  std::size_t row = 0;
  std::int32_t chain = Part::kNoChain;
  std::uint8_t ready_at = 1;
  LiteralGroup literals;
  LiteralGroup head;  // of a buffer that grows: what reaches no further than kHeadSize
};

/// The prefilter of packets' payload after a chain of transforms.
struct PayloadGroup {
  std::int32_t chain = Part::kNoChain;
  LiteralGroup literals;
};

struct RuleSet::State {
  template <class T>
  using BySide = std::array<T, 2>;

  std::uint64_t generation = 0;
  TextPool texts;  // what infos point to
  std::vector<RuleInfo> infos;
  std::vector<CompiledRule> rules;
  std::vector<std::vector<Transform>> chains;  // each once; Part::chain
  RuleSetCounts counts;
  std::shared_ptr<const HitPolicy> hits;

  BySide<PortGroups> streams;                           // TCP: rules about the stream and about its packets
  BySide<PortGroups> stream_heads;                      // the same, of either's first kHeadSize bytes
  std::array<BySide<PortGroups>, kTransports> packets;  // TCP: what its stream does not bring
  std::array<BySide<std::vector<PayloadGroup>>, kTransports> changed_packets;
  std::array<AlwaysRules, kTransports> always;       // asked for every packet
  std::array<AlwaysRules, kTransports> always_once;  // asked once per flow and side
  BySide<std::vector<std::uint32_t>> always_streams;
  std::vector<std::uint32_t> fragments;  // asked of each fragment
  std::vector<std::uint32_t> anomalies;  // asked for packets with something wrong

  struct ProtocolRules {
    BySide<std::vector<BufferGroup>> buffers;  // in the order in which they become ready
    BySide<std::vector<std::uint32_t>> always;
    std::vector<std::vector<std::uint32_t>> anomalies;  // by Protocol::anomalies; empty: no rule is about any
    // A bit for each of the protocol's buffers that some rule looks into, whatever the server's port.
    std::uint64_t wanted = 0;
    /// And those that only rules for some ports look into.
    struct WantedAt {
      rule::PortSet ports;
      std::uint64_t buffers = 0;
    };
    std::vector<WantedAt> wanted_at;

    std::uint64_t wanted_on(std::uint16_t server_port) const noexcept {
      std::uint64_t all = wanted;
      for (const WantedAt& some : wanted_at)
        if (some.ports.contains(server_port)) all |= some.buffers;
      return all;
    }
  };
  std::vector<ProtocolRules> protocols;

  /// All databases, for workers to fit their scratch space to.
  std::vector<const pattern::LiteralDatabase*> databases() const;
};

}  // namespace bansoko::detect
