// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/vocabulary.h"

#include <cassert>

#include "shield/packet/packet.h"

namespace bansoko::detect {

Vocabulary::Vocabulary(std::span<const proto::Protocol* const> protocols) {
  assert(protocols.size() <= 64);
  for (std::size_t p = 0; p < protocols.size(); ++p) {
    const Protocols bit = Protocols{1} << p;
    const proto::Protocol& protocol = *protocols[p];
    all_ |= bit;
    if ((protocol.transports & proto::kOverTcp) != 0) over_tcp_ |= bit;
    if ((protocol.transports & proto::kOverUdp) != 0) over_udp_ |= bit;
    for (const proto::Buffer& buffer : protocol.buffers) {
      BufferWord& word = buffers_[buffer.name];
      word.with |= bit;
      word.name = buffer.name;
      word.several |= buffer.several && !buffer.readings;
    }
    for (const proto::Field& field : protocol.fields) {
      FieldWord& word = fields_[field.name];
      word.with |= bit;
      if (word.field == nullptr) word.field = &field;
    }
  }
}

const Vocabulary::BufferWord* Vocabulary::buffer(std::string_view name) const noexcept {
  const auto known = buffers_.find(name);
  return known == buffers_.end() ? nullptr : &known->second;
}

const Vocabulary::FieldWord* Vocabulary::field(std::string_view name) const noexcept {
  const auto known = fields_.find(name);
  return known == fields_.end() ? nullptr : &known->second;
}

Vocabulary::Protocols Vocabulary::carried_by(std::span<const std::uint8_t> transports) const noexcept {
  if (transports.empty()) return over_tcp_ | over_udp_;
  Protocols carried = 0;
  for (const std::uint8_t transport : transports) {
    if (transport == packet::Protocol::tcp) carried |= over_tcp_;
    if (transport == packet::Protocol::udp) carried |= over_udp_;
  }
  return carried;
}

}  // namespace bansoko::detect
