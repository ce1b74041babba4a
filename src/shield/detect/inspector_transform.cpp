// SPDX-License-Identifier: Apache-2.0
// Rules about what transforms make of a buffer.
#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

std::optional<Bytes> Inspector::State::changed(std::int32_t chain, Bytes bytes) noexcept {
  const auto number = static_cast<std::uint32_t>(chain);
  const auto made = transformed.get(number, rules->chains[number], bytes);
  if (!made) counters.transform_limit.add();
  return made;
}

void Inspector::State::scan_changed(Bytes bytes, const BufferGroup& group) noexcept {
  if (const auto made = changed(group.chain, bytes))
    scan(group.literals, *made, first_buffer[subject.protocol] + group.row);
}

void Inspector::State::scan_changed_payload() noexcept {
  if (subject.packet->payload.empty() || is_sealed) return;
  const std::size_t side = flow::index(subject.side);
  const auto transport = static_cast<std::size_t>(transport_of(subject.packet->protocol));
  for (const PayloadGroup& group : rules->changed_packets[transport][side])
    if (const auto made = changed(group.chain, subject.packet->payload))
      scan(group.literals, *made, kPacket + side);
}

}  // namespace bansoko::detect
