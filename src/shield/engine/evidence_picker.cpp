// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/evidence_picker.h"

namespace bansoko::engine {

using flow::Flow;
using packet::Packet;

namespace {

/// What is kept of it: of one in a tunnel the outermost, unless only what is inside was put together.
Bytes bytes_of(const Packet& packet) noexcept {
  return packet.depth == 0 || packet.rebuilt ? packet.ip : packet.outermost;
}

KeptPacket description(const Packet& packet, std::size_t cut, const Flow* flow,
                       const Decision& decision) noexcept {
  return {.evidence = {.flow_id = flow == nullptr ? 0 : flow->id},
          .number = packet.number,
          .arrived = packet.arrived,
          .wire_size = static_cast<std::uint32_t>(bytes_of(packet).size() + cut),
          .action = decision.enforced,
          .reason = decision.reason};
}

}  // namespace

EvidencePicker::EvidencePicker(PacketRing* ring, std::uint32_t max_flows, std::uint32_t max_packets,
                               std::size_t recent_bytes)
    : ring_(ring),
      recent_(ring == nullptr ? 0 : recent_bytes),
      max_packets_(max_packets),
      begun_(ring == nullptr ? 0 : max_flows) {}

void EvidencePicker::see(const Packet& packet, std::size_t cut, const Flow* flow, const Decision& decision,
                         std::optional<std::uint64_t> alert) noexcept {
  if (ring_ == nullptr) return;
  flowless_ = {};
  Begun* const begun = flow == nullptr ? nullptr : &begun_[flow->slot];
  const KeptPacket kept = description(packet, cut, flow, decision);
  if (begun != nullptr && begun->left != 0) {
    --begun->left;
    keep(kept, begun->key, bytes_of(packet));
    return;
  }
  const bool is_done = begun != nullptr && begun->key.any;
  if (is_done || !alert) {
    if (const EvidenceKey key = tagged_.take(packet, bytes_of(packet).size()); key.any) {
      keep(kept, key, bytes_of(packet));
      return;
    }
  }
  if (is_done) return;
  if (!alert) {
    if (flow != nullptr) recent_.put(kept, bytes_of(packet));
    return;
  }
  const EvidenceKey key{
      .flow_id = kept.evidence.flow_id, .record = *alert, .time = packet.arrived, .any = true};
  const std::uint32_t earlier = flow == nullptr ? 0 : keep_earlier(key);
  // Without the packet that matched the rest would say little: the flow's next match may have more luck.
  if (!keep(kept, key, bytes_of(packet))) return;
  if (begun == nullptr)
    flowless_ = key;
  else
    *begun = {.key = key, .left = max_packets_ - 1 - earlier};
}

/// How many were kept. Half of the packets are for what comes.
std::uint32_t EvidencePicker::keep_earlier(const EvidenceKey& key) noexcept {
  std::uint32_t earlier = 0;
  recent_.for_each(key.flow_id, max_packets_ / 2, [&](const KeptPacket& packet, Bytes bytes) {
    if (keep(packet, key, bytes)) ++earlier;
  });
  return earlier;
}

bool EvidencePicker::keep(KeptPacket packet, const EvidenceKey& key, Bytes bytes) noexcept {
  packet.evidence = key;
  const bool kept = ring_->put(packet, bytes);
  if (!kept) lost_.add();
  return kept;
}

EvidenceKey EvidencePicker::of(const Flow* flow) const noexcept {
  if (ring_ == nullptr) return {};
  return flow == nullptr ? flowless_ : begun_[flow->slot].key;
}

void EvidencePicker::renew(const Flow& flow) noexcept {
  if (ring_ != nullptr && begun_[flow.slot].left == 0) begun_[flow.slot] = {};
}

void EvidencePicker::follow(const detect::Tag& tag, const Packet& packet, const Flow* flow) noexcept {
  if (const EvidenceKey key = of(flow); key.any && tag.of != detect::Tag::Of::flow)
    tagged_.begin(tag, packet, key, max_packets_);
}

void EvidencePicker::forget(const Flow& flow) noexcept {
  if (ring_ != nullptr) begun_[flow.slot] = {};
}

}  // namespace bansoko::engine
