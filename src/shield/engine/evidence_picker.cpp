// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/evidence_picker.h"

namespace bansoko::engine {

using flow::Flow;
using packet::Packet;

EvidencePicker::EvidencePicker(PacketRing* ring, std::uint32_t max_flows, std::uint32_t max_packets)
    : ring_(ring), max_packets_(max_packets), begun_(ring == nullptr ? 0 : max_flows) {}

void EvidencePicker::see(const Packet& packet, std::size_t cut, const Flow* flow, const Decision& decision,
                         std::optional<std::uint64_t> alert) noexcept {
  if (ring_ == nullptr) return;
  flowless_ = {};
  Begun* const begun = flow == nullptr ? nullptr : &begun_[flow->slot];
  if (begun != nullptr && begun->key.any) {
    if (begun->left == 0) return;
    --begun->left;
    keep(begun->key, packet, cut, decision);
    return;
  }
  if (!alert) return;
  const EvidenceKey key{
      .flow_id = flow == nullptr ? 0 : flow->id, .record = *alert, .time = packet.arrived, .any = true};
  // Without the packet that matched the rest would say little: the flow's next match may have more luck.
  if (!keep(key, packet, cut, decision)) return;
  if (begun == nullptr)
    flowless_ = key;
  else
    *begun = {.key = key, .left = max_packets_ - 1};
}

bool EvidencePicker::keep(const EvidenceKey& key, const Packet& packet, std::size_t cut,
                          const Decision& decision) noexcept {
  const Bytes bytes = packet.depth == 0 || packet.rebuilt ? packet.ip : packet.outermost;
  const bool kept = ring_->put({.evidence = key,
                                .number = packet.number,
                                .arrived = packet.arrived,
                                .wire_size = static_cast<std::uint32_t>(bytes.size() + cut),
                                .action = decision.enforced,
                                .reason = decision.reason},
                               bytes);
  if (!kept) lost_.add();
  return kept;
}

EvidenceKey EvidencePicker::of(const Flow* flow) const noexcept {
  if (ring_ == nullptr) return {};
  return flow == nullptr ? flowless_ : begun_[flow->slot].key;
}

void EvidencePicker::forget(const Flow& flow) noexcept {
  if (ring_ != nullptr) begun_[flow.slot] = {};
}

}  // namespace bansoko::engine
